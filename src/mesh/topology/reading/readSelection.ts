import type { Call } from "../../telemetry/edges/calls.ts";
import { countOnce } from "../../telemetry/edges/countOnce.ts";
import type { EdgeAnswer } from "../../telemetry/edges/edgeAnswer.ts";
import type { EdgeTable } from "../../telemetry/edges/edgeTable.ts";
import { isDetailed, type DetailedCall } from "../../telemetry/edges/foldCalls.ts";
import type { StoreAnswer } from "../../telemetry/edges/storeAnswer.ts";
import type { Provenance } from "../../telemetry/summaries.ts";
import type { GraphProblem } from "../graph/graph.ts";
import { askStores } from "./askStores.ts";
import type { ReadingTools } from "./readTopology.ts";
import { SelectedCalls, selectionFilter } from "./selectionFilter.ts";
import { storesToAsk, type StoreToAsk } from "./storesToAsk.ts";
import type { TopologyInput, TopologyReading } from "./topologyReading.ts";

/** Some calls of a reading: those of an edge, or of all edges at a node. */
export interface Selection {
  readonly reading: TopologyReading;
  readonly calls: readonly Call[];
}

export interface SelectionReading {
  /** With hosts and principals: more rows than the selection has calls. */
  readonly calls: readonly DetailedCall[];
  readonly problems: readonly GraphProblem[];
  readonly provenance: readonly Provenance[];
}

/** The selection's calls of the same time and window, with hosts and principals. Rejects only by the signal. */
export async function readSelection(
  input: TopologyInput,
  { reading, calls }: Selection,
  tools: Pick<ReadingTools, "clock" | "log">,
  signal: AbortSignal,
): Promise<SelectionReading> {
  if (calls.length === 0) return { calls: [], problems: [], provenance: [] };
  const { atMillis, windowSeconds, query } = reading;
  const question = {
    ...{ atMillis, windowSeconds, namespaces: query.namespaces, latencyBy: [] },
    withIdle: false,
    where: selectionFilter(calls),
    withDetails: true,
  };
  const asked = await askStores(storesToAsk(input.stores), question, tools.log, signal);
  const answers = asked.flatMap(({ store, answer }) => (answer ? [answerOf(store, answer.edges, answer)] : []));
  const options = { ambient: query.ambient, withDetails: true, speakers: reading.speakers ?? [] };
  const counted = await countOnce(answers, options, { clock: tools.clock, signal });
  const selected = new SelectedCalls(calls);
  return {
    calls: counted.calls.filter((call) => selected.has(call)).filter(isDetailed),
    problems: asked.flatMap(({ problems }) => problems),
    provenance: asked.flatMap(({ answer }) => answer?.provenance ?? []),
  };
}

export function answerOf(
  { source, homes }: StoreToAsk,
  edges: EdgeTable,
  names: Pick<EdgeAnswer, "workloads" | "waypoints"> | undefined,
): StoreAnswer {
  const { workloads = [], waypoints = [] } = names ?? {};
  return { sourceId: source.id, label: source.label, homes, edges, workloads, waypoints };
}
