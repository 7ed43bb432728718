import { MeshError } from "../../meshError.ts";
import { fill, say } from "../../message.ts";
import type { Log } from "../../ports.ts";
import type { Call, ClusterPlace } from "../../telemetry/edges/calls.ts";
import type { EdgeSeries, EdgeSeriesQuery } from "../../telemetry/edges/edgeAnswer.ts";
import type { GraphProblem } from "../graph/graph.ts";
import { failureOf, missingIn } from "./askStores.ts";
import type { KnownAmounts } from "./seriesSums.ts";
import type { StoreToAsk } from "./storesToAsk.ts";
import type { TopologyReading } from "./topologyReading.ts";

export interface StoreSeries {
  readonly store: StoreToAsk;
  readonly series: EdgeSeries;
}

export interface AskedSeries {
  readonly answers: readonly StoreSeries[];
  readonly failures: readonly { readonly id: string; readonly problem: GraphProblem }[];
}

/** Asks all stores at once. Where none answers, the first failure is thrown; rejects by the signal, too. */
export async function askSeries(
  stores: readonly StoreToAsk[],
  question: EdgeSeriesQuery,
  log: Log,
  signal: AbortSignal,
): Promise<AskedSeries> {
  const asked = await Promise.allSettled(stores.map(async ({ source }) => source.graph?.series(question, signal)));
  signal.throwIfAborted();
  const answers: StoreSeries[] = [];
  const failures: { id: string; problem: GraphProblem }[] = [];
  for (const [i, store] of stores.entries()) {
    const answer = asked[i];
    if (answer?.status === "rejected") {
      if (!MeshError.is(answer.reason)) log.error("A metrics store failed in a way it should not", answer.reason);
      failures.push({ id: store.source.id, problem: failureOf(store, answer.reason) });
    } else if (answer?.value) answers.push({ store, series: answer.value });
  }
  const [first] = failures;
  if (answers.length === 0 && first) throw new MeshError("unreachable", first.problem.words);
  return { answers, failures };
}

export interface Completeness extends KnownAmounts {
  readonly latency: boolean;
  readonly problems: readonly GraphProblem[];
}

/** What of some calls is known in full: the stores that speak for one of their ends told all that is asked of them. */
export function completenessOf(
  { answers, failures }: AskedSeries,
  { reading, calls }: { readonly reading: TopologyReading; readonly calls: readonly Call[] },
): Completeness {
  const speaking = speakersOf(reading, calls);
  const answered = new Set(answers.map(({ store }) => store.source.id));
  const isWhole = [...speaking].every((id) => answered.has(id));
  const missed = answers
    .filter(({ store }) => speaking.has(store.source.id))
    .flatMap(({ series }) => series.missing.flatMap(({ about, isAbsent }) => (isAbsent ? [] : [about])));
  // Flows of ambient workloads are drawn as bytes where no requests tell of them: these would be too high.
  const hasZtunnel = answers.some(({ series }) => series.edges.ztunnel.includes(1));
  const requests = isWhole && !missed.includes("requests");
  const bytes = isWhole && !missed.includes("tcp") && (requests || !hasZtunnel);
  const problems = [
    ...failures.map(({ id, problem }) => (speaking.has(id) ? leavingGaps(problem) : problem)),
    ...answers.flatMap(({ store, series }) => {
      const told = missingIn(store, series);
      return speaking.has(store.source.id) && !(requests && bytes) ? told.map(leavingGaps) : told;
    }),
  ];
  return { requests, bytes, latency: isWhole && !missed.includes("latency"), problems };
}

function leavingGaps(problem: GraphProblem): GraphProblem {
  return {
    ...problem,
    words: say("The chart leaves out what would be a false number. {0}", fill(problem.words)),
  };
}

/** The stores whose reports of the calls' ends were taken. */
function speakersOf({ speakers = [] }: TopologyReading, calls: readonly Call[]): ReadonlySet<string> {
  const ends = calls.flatMap(({ source, service, destination }) => [source, service, destination]);
  const places = new Set(ends.flatMap((end) => (end ? [keyOf(end.place)] : [])));
  return new Set(speakers.filter(({ place }) => places.has(keyOf(place))).map(({ sourceId }) => sourceId));
}

function keyOf({ label, key }: ClusterPlace): string {
  return JSON.stringify([label, key]);
}
