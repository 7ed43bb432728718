import { endingOf, withEnding } from "../../telemetry/requestRates.ts";
import { failingShare, isSpotless, trafficHealth, type TrafficJudging } from "../../health/trafficHealth.ts";
import { defaultSet } from "../../health/tolerances.ts";
import { healthy, worstOf, type Verdict } from "../../health/verdict.ts";
import type { Format } from "../../format/format.ts";
import { say } from "../../message.ts";
import type { Call } from "../../telemetry/edges/calls.ts";
import type { Endings, RequestRates } from "../../telemetry/summaries.ts";

/** What is judged: requests by their outcome, TCP by its response flags. */
export interface JudgedFlow extends RequestRates {
  readonly countsRequests: boolean;
  readonly countsBytes: boolean;
  readonly sentBytesPerSecond: number;
  readonly receivedBytesPerSecond: number;
  /** Bytes per second of connections that Envoy or ztunnel put a flag on. */
  readonly flaggedBytes: number;
}

/** The same while it is added up. */
export type FlowSums = { -readonly [K in keyof JudgedFlow]: JudgedFlow[K] };

/**
 * The verdict on what flows along an edge or towards a node: that of lists (`trafficHealth`) for requests. TCP has no
 * codes; connections with a response flag count as failed ones, by the same share of the bytes. `callsOf` tells how the
 * requests ended and is asked only where some did not go well.
 */
export function flowHealth(flow: JudgedFlow, judging: TrafficJudging, callsOf: () => readonly Call[]): Verdict {
  const tolerated = judging.tolerated ?? defaultSet;
  // Most are: what says so first saves the verdicts on everything that could be wrong.
  if (flow.flaggedBytes === 0 && isSpotless(flow, tolerated)) return healthy;
  const tcp = flow.countsBytes ? flow : undefined;
  const requests = flow.countsRequests ? withEndings(flow, callsOf()) : undefined;
  const byRequests = trafficHealth(requests, tcp, judging);
  return flow.flaggedBytes > 0 ? worstOf([byRequests, flagHealth(flow, judging.format)]) : byRequests;
}

function withEndings(flow: JudgedFlow, calls: readonly Call[]): RequestRates {
  let endings: Endings | undefined;
  for (const { protocol, code, grpcStatus, rps } of calls) {
    endings = withEnding(endings, endingOf(protocol, code, grpcStatus), rps);
  }
  return endings ? { ...flow, endings } : flow;
}

function flagHealth(flow: JudgedFlow, format: Format): Verdict {
  const all = flow.sentBytesPerSecond + flow.receivedBytesPerSecond;
  if (all <= 0) return healthy;
  const share = flow.flaggedBytes / all;
  const reasons = [say("{0} of the TCP bytes are of connections with a failure flag", format.share(share))];
  return { state: share >= failingShare ? "failing" : "degraded", reasons };
}
