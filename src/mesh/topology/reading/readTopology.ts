import { say } from "../../message.ts";
import type { Clock, Log } from "../../ports.ts";
import type { Call } from "../../telemetry/edges/calls.ts";
import { countOnce, type Counted } from "../../telemetry/edges/countOnce.ts";
import type { EdgeAnswer, EdgeQuery } from "../../telemetry/edges/edgeAnswer.ts";
import { Slices } from "../../telemetry/edges/slices.ts";
import type { StoreAnswer } from "../../telemetry/edges/storeAnswer.ts";
import type { GraphProblem } from "../graph/graph.ts";
import { askStores, type Asked } from "./askStores.ts";
import { contextProblems } from "./contextProblems.ts";
import { explainEmpty } from "./explainEmpty.ts";
import { groupingLabels, latencyGroupings, type LatencyScope, type PlacedLatency } from "./latencyGroupings.ts";
import { placeLatency } from "./placedLatency.ts";
import { readingTime, type ReadingTime } from "./readingTime.ts";
import { storeLines, type StoreUse } from "./storeLines.ts";
import { scrapeSecondsOf, storesToAsk } from "./storesToAsk.ts";
import type { KeptAnswer, TopologyInput, TopologyQuery, TopologyReading } from "./topologyReading.ts";

export interface ReadingTools {
  readonly clock: Clock;
  readonly log: Log;
  /** A store that fails keeps its last answer, marked stale; without one its clusters are missing. */
  readonly previous?: TopologyReading | undefined;
}

/**
 * Reads everything for one picture: asks all stores at once, each once, and counts every request and byte once. What
 * fails is a problem, and the rest is read. Rejects only by the signal.
 */
export async function readTopology(
  input: TopologyInput,
  query: TopologyQuery,
  tools: ReadingTools,
  signal: AbortSignal,
): Promise<TopologyReading> {
  const stores = storesToAsk(input.stores);
  const readAtMillis = tools.clock.now();
  const time = readingTime(query, scrapeSecondsOf(stores), readAtMillis);
  const asked = await askStores(stores, edgeQuery(query, time), tools.log, signal);
  const used = asked.map((one) => useOf(one, { query, time, previous: tools.previous }));
  const answers = used.flatMap((use) => (use.kept ? [answerOf(use, use.kept.answer)] : []));
  const slicing = { clock: tools.clock, signal };
  const counted = await countOnce(answers, { ambient: query.ambient }, slicing);
  const slices = new Slices(slicing);
  const latency = await latencyOf(query, used, { counted, slices });
  const direct = await directLatency(used, counted, { query, time, tools, slices, signal });
  const problems = [
    ...contextProblems(input),
    ...asked.flatMap((one) => one.problems),
    ...windowProblems(query, time),
    ...counted.problems.map((told): GraphProblem => ({ ...told, canRetry: false, severity: "warning" })),
  ];
  const { calls } = counted;
  return {
    query,
    atMillis: time.atMillis,
    windowSeconds: time.windowSeconds,
    readAtMillis,
    calls,
    latency: direct ? [...latency, direct] : latency,
    stores: storeLines(input.stores, used, counted.speakers),
    problems: uniqueProblems(problems),
    empty: calls.length > 0 ? undefined : await emptyOf(input, { query, time, used, readAtMillis }, signal),
    provenance: used.flatMap(({ kept }) => kept?.answer.provenance ?? []),
    costs: used.flatMap(({ kept, state }) => (kept && state === "ready" ? [kept.answer.cost] : [])),
    speakers: counted.speakers,
    staleSince: new Map(used.flatMap(({ store, state, kept }) => staleSince(store.source.id, state, kept))),
    kept: new Map(used.flatMap(({ store, kept }) => (kept ? [[store.source.id, kept] as const] : []))),
  };
}

function edgeQuery(query: TopologyQuery, { windowSeconds, atMillis }: ReadingTime): EdgeQuery {
  return {
    windowSeconds,
    atMillis,
    namespaces: query.namespaces,
    withIdle: query.withIdleEdges,
    latencyBy: query.withLatency ? latencyGroupings(query.view).map(groupingLabels) : [],
  };
}

interface Used extends StoreUse {
  /** What is counted of the store, now or from before. */
  readonly kept: KeptAnswer | undefined;
}

interface Asking {
  readonly query: TopologyQuery;
  readonly time: ReadingTime;
  readonly previous: TopologyReading | undefined;
}

/** Numbers of a store that fails are shown for as long as their window, at least for 15 minutes (seconds). */
const leastKept = 900;

function useOf({ store, answer }: Asked, asking: Asking): Used {
  const { query, time, previous } = asking;
  const { atMillis, windowSeconds } = time;
  if (answer) {
    const kept = { answer, atMillis, windowSeconds, namespaces: query.namespaces, withIdle: query.withIdleEdges };
    return { store, state: "ready", measuredAt: atMillis, kept };
  }
  const last = previous?.kept?.get(store.source.id);
  if (!last || !isAnswer(last, asking)) return { store, state: "error", measuredAt: undefined, kept: undefined };
  return { store, state: "stale", measuredAt: last.atMillis, kept: last };
}

/** What was asked for another time or window, other namespaces or rows, is no older answer to this question. */
function isAnswer(last: KeptAnswer, { query, time, previous }: Asking): boolean {
  return (
    query.atMillis === undefined &&
    previous?.query.atMillis === undefined &&
    last.windowSeconds === time.windowSeconds &&
    last.withIdle === query.withIdleEdges &&
    JSON.stringify(last.namespaces) === JSON.stringify(query.namespaces) &&
    time.atMillis - last.atMillis <= Math.max(time.windowSeconds, leastKept) * 1000
  );
}

function staleSince(id: string, state: StoreUse["state"], kept: KeptAnswer | undefined): readonly [string, number][] {
  return state === "stale" && kept ? [[id, kept.atMillis]] : [];
}

function answerOf({ store, state }: StoreUse, { edges, workloads, waypoints }: EdgeAnswer): StoreAnswer {
  const { source, homes } = store;
  const stale = state === "stale" ? { isStale: true } : {};
  return { sourceId: source.id, label: source.label, homes, edges, workloads, waypoints, ...stale };
}

interface Placing {
  readonly counted: Counted;
  readonly slices: Slices;
}

async function latencyOf(
  query: TopologyQuery,
  used: readonly Used[],
  { counted, slices }: Placing,
): Promise<readonly PlacedLatency[]> {
  if (!query.withLatency) return [];
  const counting = used.flatMap(({ store, kept }) => (kept ? [{ sourceId: store.source.id, kept }] : []));
  const tables = counting.flatMap(({ sourceId, kept }, store) => {
    return kept.answer.latency.map((table) => ({ store, sourceId, table }));
  });
  const placed: PlacedLatency[] = [];
  for (const scope of latencyGroupings(query.view)) placed.push(await placeLatency(scope, tables, counted, slices));
  return placed;
}

interface DirectAsking {
  readonly query: TopologyQuery;
  readonly time: ReadingTime;
  readonly tools: ReadingTools;
  readonly slices: Slices;
  readonly signal: AbortSignal;
}

/** Latencies of calls that name no service: few, so that a second question about just these costs little. */
async function directLatency(
  used: readonly Used[],
  counted: Counted,
  { query, time, tools, slices, signal }: DirectAsking,
): Promise<PlacedLatency | undefined> {
  const hasDirect = counted.calls.some(isDirect);
  if (!query.withLatency || !hasDirect || latencyGroupings(query.view).includes("namespaces")) return undefined;
  const scope: LatencyScope = "callerToWorkload";
  const stores = used.filter(({ state }) => state === "ready").map(({ store }) => store);
  const where = [{ label: "destination_service_name" as const, anyOf: ["", "unknown"] }];
  const question = { ...edgeQuery(query, time), where, latencyBy: [groupingLabels(scope)], withIdle: false };
  const asked = await askStores(stores, question, tools.log, signal);
  const order = used.filter(({ kept }) => kept !== undefined).map(({ store }) => store.source.id);
  const tables = asked.flatMap(({ store, answer }) => {
    const { id } = store.source;
    return (answer?.latency ?? []).map((table) => ({ store: order.indexOf(id), sourceId: id, table }));
  });
  return placeLatency(scope, tables, counted, slices);
}

function isDirect({ service, destination, rps }: Call): boolean {
  return service === undefined && destination !== undefined && rps > 0;
}

function windowProblems({ windowSeconds: asked }: TopologyQuery, time: ReadingTime): readonly GraphProblem[] {
  if (!time.isWidened) return [];
  const words = say(
    "The window is {0} seconds instead of {1}: a rate needs two and a half scrapes",
    time.windowSeconds,
    asked,
  );
  return [{ id: "window", words, canRetry: false, severity: "info" }];
}

function uniqueProblems(problems: readonly GraphProblem[]): readonly GraphProblem[] {
  const seen = new Set<string>();
  return problems.filter(({ id }) => !seen.has(id) && seen.add(id));
}

interface Outcome {
  readonly query: TopologyQuery;
  readonly time: ReadingTime;
  readonly used: readonly Used[];
  readonly readAtMillis: number;
}

function emptyOf(input: TopologyInput, { query, time, used, readAtMillis }: Outcome, signal: AbortSignal) {
  const answered = used.filter(({ state }) => state === "ready").map(({ store }) => store);
  const hasFailed =
    used.some(({ state }) => state !== "ready") ||
    input.stores.some(({ status }) => status?.error !== undefined || status?.telemetry.error !== undefined);
  const hasOtherRows = query.ambient !== "total" && used.some(({ kept }) => (kept?.answer.edges.length ?? 0) > 0);
  const told = { answered, hasStores: used.length > 0, hasFailed, hasOtherRows };
  return explainEmpty({ query, time, nowMillis: readAtMillis, ...told }, signal);
}
