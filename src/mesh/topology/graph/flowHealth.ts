import type { Format } from "../../format/format.ts";
import { failingShare, trafficHealth } from "../../health/trafficHealth.ts";
import { healthy, worstOf, type Verdict } from "../../health/verdict.ts";
import { say } from "../../message.ts";
import type { RequestRates } from "../../telemetry/summaries.ts";

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
 * codes; connections with a response flag count as failed ones, by the same share of the bytes.
 */
export function flowHealth(flow: JudgedFlow, format: Format): Verdict {
  if (isSpotless(flow)) return healthy;
  const tcp = flow.countsBytes ? flow : undefined;
  const byRequests = trafficHealth(flow.countsRequests ? flow : undefined, tcp, format);
  return flow.flaggedBytes > 0 ? worstOf([byRequests, flagHealth(flow, format)]) : byRequests;
}

/** Most are: what says so first saves the verdicts on everything that could be wrong. */
function isSpotless({ rps, errorsPerSecond, clientErrorsPerSecond, flaggedBytes }: JudgedFlow): boolean {
  return rps > 0 && errorsPerSecond === 0 && clientErrorsPerSecond === 0 && flaggedBytes === 0;
}

function flagHealth(flow: JudgedFlow, format: Format): Verdict {
  const all = flow.sentBytesPerSecond + flow.receivedBytesPerSecond;
  if (all <= 0) return healthy;
  const share = flow.flaggedBytes / all;
  const reasons = [say("{0} of the TCP bytes are of connections with a failure flag", format.share(share))];
  return { state: share >= failingShare ? "failing" : "degraded", reasons };
}
