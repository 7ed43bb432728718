import { MeshError } from "../../meshError.ts";
import type { Call } from "../../telemetry/edges/calls.ts";
import { countOnce } from "../../telemetry/edges/countOnce.ts";
import type { EdgeAnswer, EdgeSeries, LabelFilter } from "../../telemetry/edges/edgeAnswer.ts";
import type { EdgeRange, EdgeTable } from "../../telemetry/edges/edgeTable.ts";
import { isDetailed, type DetailedCall } from "../../telemetry/edges/foldCalls.ts";
import type { StoreAnswer } from "../../telemetry/edges/storeAnswer.ts";
import { isError, outcomeOf } from "../../telemetry/errorRules.ts";
import type { Provenance } from "../../telemetry/summaries.ts";
import type { GraphProblem } from "../graph/graph.ts";
import { askStores, failureOf } from "./askStores.ts";
import type { ReadingTools } from "./readTopology.ts";
import { isExact, SelectedCalls, selectionFilter } from "./selectionFilter.ts";
import { storesToAsk, type StoreToAsk } from "./storesToAsk.ts";
import type { SelectionSeries, TopologyInput, TopologyReading } from "./topologyReading.ts";

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

export interface SeriesTime {
  readonly fromMillis: number;
  readonly toMillis: number;
  readonly stepSeconds: number;
}

/** The selection over time. A store that fails is left out; where all fail, the first failure is thrown. */
export async function readSelectionSeries(
  input: TopologyInput,
  { reading, calls, time }: Selection & { readonly time: SeriesTime },
  tools: Pick<ReadingTools, "clock" | "log">,
  signal: AbortSignal,
): Promise<SelectionSeries> {
  const where = selectionFilter(calls);
  const answers = calls.length === 0 ? [] : await seriesOf(input, { reading, where, time }, tools, signal);
  const selected = new SelectedCalls(calls);
  const [first] = answers;
  const times = first?.series.edges.times ?? new Float64Array(0);
  const sums = new SeriesSums(times);
  for (let step = 0; step < times.length; step++) {
    const now = times[step] ?? NaN;
    const stores = answers.flatMap(({ store, series }) => {
      const at = series.edges.times.indexOf(now);
      return at < 0 ? [] : [answerOf(store, tableAt(series.edges, at), reading.kept?.get(store.source.id)?.answer)];
    });
    const options = { ambient: reading.query.ambient, speakers: reading.speakers ?? [] };
    const counted = await countOnce(stores, options, { clock: tools.clock, signal });
    const mine = counted.calls.filter((call) => selected.has(call));
    if (answers.some(({ series }) => hasData(series.edges, series.edges.times.indexOf(now)))) sums.add(step, mine);
  }
  const withLatency = answers.filter(({ series }) => series.latency !== undefined);
  const isTheirs = withLatency.length === 1 && isExact(where, selected, reading.calls);
  return {
    ...sums.result,
    latency: isTheirs ? withLatency[0]?.series.latency : undefined,
    provenance: answers.flatMap(({ series }) => series.provenance),
  };
}

interface Asking {
  readonly reading: TopologyReading;
  readonly where: readonly LabelFilter[];
  readonly time: SeriesTime;
}

interface StoreSeries {
  readonly store: StoreToAsk;
  readonly series: EdgeSeries;
}

async function seriesOf(
  input: TopologyInput,
  { reading, where, time }: Asking,
  { log }: Pick<ReadingTools, "log">,
  signal: AbortSignal,
): Promise<readonly StoreSeries[]> {
  const question = { ...time, windowSeconds: reading.windowSeconds, namespaces: reading.query.namespaces, where };
  const stores = storesToAsk(input.stores);
  const asked = await Promise.allSettled(stores.map(async ({ source }) => source.graph?.series(question, signal)));
  signal.throwIfAborted();
  const failures: GraphProblem[] = [];
  const answers = asked.flatMap((answer, i): readonly StoreSeries[] => {
    const store = stores[i];
    if (!store) return [];
    if (answer.status === "fulfilled") return answer.value ? [{ store, series: answer.value }] : [];
    if (!MeshError.is(answer.reason)) log.error("A metrics store failed in a way it should not", answer.reason);
    failures.push(failureOf(store, answer.reason));
    return [];
  });
  const [failure] = failures;
  if (answers.length === 0 && failure) throw new MeshError("unreachable", failure.words);
  return answers;
}

function answerOf(
  { source, homes }: StoreToAsk,
  edges: EdgeTable,
  names: Pick<EdgeAnswer, "workloads" | "waypoints"> | undefined,
): StoreAnswer {
  const { workloads = [], waypoints = [] } = names ?? {};
  return { sourceId: source.id, label: source.label, homes, edges, workloads, waypoints };
}

/** One moment of a range: rows without a value then stand for nothing. */
function tableAt({ times, points, ...table }: EdgeRange, step: number): EdgeTable {
  const values = new Float64Array(table.length);
  for (let row = 0; row < table.length; row++) {
    const value = points[row * times.length + step] ?? NaN;
    values[row] = Number.isFinite(value) && value > 0 ? value : 0;
  }
  return { ...table, values };
}

function hasData({ times, points, length }: EdgeRange, step: number): boolean {
  for (let row = 0; row < length; row++) if (!Number.isNaN(points[row * times.length + step] ?? NaN)) return true;
  return false;
}

class SeriesSums {
  readonly result: Omit<SelectionSeries, "latency" | "provenance">;

  constructor(times: Float64Array) {
    const gaps = () => new Float64Array(times.length).fill(NaN);
    this.result = {
      times,
      rps: gaps(),
      errorsPerSecond: gaps(),
      sentBytesPerSecond: gaps(),
      receivedBytesPerSecond: gaps(),
    };
  }

  add(step: number, calls: readonly Call[]): void {
    const { rps, errorsPerSecond, sentBytesPerSecond, receivedBytesPerSecond } = this.result;
    const sum = (amount: (call: Call) => number) => calls.reduce((total, call) => total + amount(call), 0);
    rps[step] = sum((call) => call.rps);
    errorsPerSecond[step] = sum((call) => (isFailed(call) ? call.rps : 0));
    sentBytesPerSecond[step] = sum((call) => call.sentBytesPerSecond);
    receivedBytesPerSecond[step] = sum((call) => call.receivedBytesPerSecond);
  }
}

function isFailed({ protocol, code, grpcStatus }: Call): boolean {
  return isError(outcomeOf(protocol, code, grpcStatus));
}
