import type { DrilldownInput } from "../drilldown/drilldownInput.ts";
import type { Origin } from "../drilldown/level.ts";
import { answerOrWhy, isStore, levelStoreOf, type LevelStore } from "../drilldown/levelStore.ts";
import type { ControlPlane, MeshView, WorkloadView } from "../inventory/views.ts";
import { MeshError } from "../meshError.ts";
import { say, type Message } from "../message.ts";
import { refId } from "../model/refs.ts";
import type { ChartAnswer, ChartsAnswer, TrafficChart, TrafficOf } from "../telemetry/levels/levelTelemetry.ts";

/** What an overview asks the metrics stores for, besides the lists' numbers. NaN: no data, and `why` says why. */
export interface MeshNumbers {
  /** Seconds, of all requests together. NaN where several stores each know a part: quantiles do not add up. */
  readonly p95: number;
  readonly p95Origin: Origin | undefined;
  readonly p95Why: Message | undefined;
  readonly p95ByNamespace: ReadonlyMap<string, number>;
  /** By namespace; of another time or window than the lists' only. */
  readonly trafficThen: ReadonlyMap<string, NamespaceTraffic> | undefined;
  /** The queries of `trafficThen`. */
  readonly thenOrigin: Origin | undefined;
  readonly controlPlane: {
    readonly cores: number;
    readonly memoryBytes: number;
    readonly origin: Origin | undefined;
    readonly why: Message | undefined;
  };
  readonly problems: readonly Message[];
}

/** Requests per second, and of these the failed ones. */
export interface NamespaceTraffic {
  readonly rps: number;
  readonly errorsPerSecond: number;
}

export interface MeshQuestion {
  readonly input: DrilldownInput;
  readonly mesh: MeshView;
  /** undefined: of the whole mesh. */
  readonly namespace: string | undefined;
  readonly windowSeconds: number;
  /** Milliseconds since 1970. */
  readonly atMillis: number;
  /** The lists have the numbers of this time and window. */
  readonly isAsListed: boolean;
  readonly signal: AbortSignal;
}

/** Two queries (four where the lists do not have the numbers) for each metrics store of the mesh, and three for the pods of each cluster's istiod. */
export async function meshNumbers(question: MeshQuestion): Promise<MeshNumbers> {
  const [latency, controlPlane] = await Promise.all([readLatency(question), readControlPlane(question)]);
  return { ...latency, ...controlPlane };
}

interface AskedStore {
  readonly store: LevelStore;
  /** Each cluster by itself, or all clusters of a store that they share. */
  readonly contexts: readonly string[];
}

/** A store that all clusters of the mesh share, and that holds no other, is asked once; else each cluster by itself. */
function storesOf({ input, mesh }: MeshQuestion): {
  readonly asked: readonly AskedStore[];
  readonly problems: readonly Message[];
} {
  const found = mesh.clusters.map(({ key, context, clusterId }) => ({
    store: levelStoreOf(input, key),
    context,
    clusterId,
  }));
  const problems = found.flatMap(({ store }) => (isStore(store) ? [] : [store]));
  const stores = found.flatMap(({ store, context }) => (isStore(store) ? [{ store, contexts: [context] }] : []));
  const [first] = stores;
  const own = new Set(mesh.clusters.map(({ clusterId }) => clusterId));
  const isShared =
    stores.length > 1 &&
    stores.length === mesh.clusters.length &&
    stores.every(({ store }) => store.id === first?.store.id) &&
    (first?.store.capabilities?.clusterIds.every((id) => own.has(id)) ?? false);
  if (!first || !isShared) return { asked: stores, problems };
  const all = { ...first.store, rows: { id: undefined, withUnplaced: true } };
  return { asked: [{ store: all, contexts: stores.flatMap(({ contexts }) => contexts) }], problems };
}

type Latency = Pick<
  MeshNumbers,
  "p95" | "p95Origin" | "p95Why" | "p95ByNamespace" | "trafficThen" | "thenOrigin" | "problems"
>;

async function readLatency(question: MeshQuestion): Promise<Latency> {
  const { namespace, windowSeconds, atMillis, signal } = question;
  const { asked, problems } = storesOf(question);
  const of: TrafficOf = namespace === undefined ? { what: "mesh" } : { what: "namespace", namespace };
  const charts = [
    { chart: "latency", by: "none" },
    { chart: "latency", by: "namespace" },
    ...(question.isAsListed ? [] : thenCharts),
  ] as const;
  // One time only: the last point is the number.
  const range = { fromMillis: atMillis, toMillis: atMillis, stepSeconds: Math.max(1, windowSeconds) };
  const answers = await Promise.all(
    asked.map(({ store }) =>
      answerOrWhy(
        store.telemetry.trafficCharts(
          { of, direction: "inbound", cluster: store.rows, charts, windowSeconds, range },
          signal,
        ),
        signal,
      ),
    ),
  );
  const given = answers.flatMap((answer, i) => (MeshError.is(answer) ? [] : [{ answer, asked: asked[i] }]));
  const failures = answers.flatMap((answer) => (MeshError.is(answer) ? [answer.words] : []));
  const whole = given.map(({ answer, asked: from }) => ({ chart: answer.charts[0], from }));
  const flowing = whole.filter(({ chart }) => !Number.isNaN(lastOf(chart, "p95")));
  const [only] = flowing;
  const unanswered = given.flatMap(({ answer }) => answer.charts).flatMap(({ missing }) => missing);
  const wrongs = unanswered.filter(({ isAbsent }) => !isAbsent).map(({ why }) => why);
  const isComplete = failures.length === 0 && problems.length === 0 && wrongs.length === 0;
  const isWhole = flowing.length === 1 && isComplete;
  return {
    p95: isWhole ? lastOf(only?.chart, "p95") : NaN,
    p95Origin: isWhole ? originOf(only?.chart, only?.from?.store.label) : undefined,
    p95Why: isWhole ? undefined : whyNoQuantile(flowing.length, isComplete),
    p95ByNamespace: isComplete
      ? namespaceQuantiles(given.map(({ answer }) => answer))
      : quantilesBeside(question, given),
    trafficThen: question.isAsListed ? undefined : namespaceTraffic(given.map(({ answer }) => answer)),
    thenOrigin: question.isAsListed ? undefined : thenOriginOf(given),
    problems: [...problems, ...failures, ...wrongs],
  };
}

const thenCharts = [
  { chart: "requests", by: "namespace" },
  { chart: "errors", by: "namespace" },
] as const;

function thenOriginOf(
  given: readonly { readonly answer: ChartsAnswer<TrafficChart>; readonly asked: AskedStore | undefined }[],
): Origin | undefined {
  const labels = new Set(given.flatMap(({ asked }) => asked?.store.label ?? []));
  if (labels.size === 0) return undefined;
  const provenance = given.flatMap(({ answer }) => answer.charts.slice(2).flatMap((chart) => chart.provenance ?? []));
  return { source: [...labels].join(", "), provenance };
}

/** Each request is counted in the store of the cluster that answered it, so stores add up. */
function namespaceTraffic(answers: readonly ChartsAnswer<TrafficChart>[]): ReadonlyMap<string, NamespaceTraffic> {
  const found = new Map<string, NamespaceTraffic>();
  for (const { charts } of answers) {
    const [, , requests, errors] = charts;
    for (const { name, points } of requests?.series ?? []) {
      const rps = points.at(-1) ?? NaN;
      if (Number.isNaN(rps)) continue;
      const share = lastOf(errors, name);
      const before = found.get(name);
      // Of no requests there is no share; of others one that is not told is not 0.
      const failed = rps > 0 ? share * rps : 0;
      found.set(name, {
        rps: rps + (before?.rps ?? 0),
        errorsPerSecond: failed + (before?.errorsPerSecond ?? 0),
      });
    }
  }
  return found;
}

function whyNoQuantile(stores: number, isComplete: boolean): Message {
  if (stores === 0 && isComplete) return say("No requests in the window");
  if (stores > 1) return say("Several metrics stores know a part each, and quantiles do not add up");
  return say("Not every cluster's durations are known");
}

/** Of each namespace the one store's quantile that knows it; where several do, none. */
function namespaceQuantiles(answers: readonly ChartsAnswer<TrafficChart>[]): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const { charts } of answers) {
    for (const { name, points } of charts[1]?.series ?? []) {
      const value = points.at(-1) ?? NaN;
      if (!Number.isNaN(value)) found.set(name, found.has(name) ? NaN : value);
    }
  }
  return found;
}

/** Where a cluster did not tell, those of namespaces that are in no cluster but the one that told. */
function quantilesBeside(
  { input, mesh }: MeshQuestion,
  given: readonly { readonly answer: ChartsAnswer<TrafficChart>; readonly asked: AskedStore | undefined }[],
): ReadonlyMap<string, number> {
  const told = given.filter(({ answer }) => answer.charts.every(({ missing }) => missing.every((one) => one.isAbsent)));
  const contexts = new Set(told.flatMap(({ asked }) => asked?.contexts ?? []));
  const silent = new Set(mesh.clusters.flatMap(({ key, context }) => (contexts.has(context) ? [] : [key])));
  const inSilent = new Set(input.services.flatMap(({ ref }) => (silent.has(ref.cluster) ? [ref.namespace] : [])));
  const found = namespaceQuantiles(told.map(({ answer }) => answer));
  return new Map([...found].filter(([name]) => !inSilent.has(name)));
}

function lastOf(chart: ChartAnswer | undefined, name: string): number {
  return chart?.series.find((series) => series.name === name)?.points.at(-1) ?? NaN;
}

function originOf(chart: ChartAnswer | undefined, source: string | undefined): Origin | undefined {
  return chart?.provenance && source !== undefined ? { source, provenance: [chart.provenance] } : undefined;
}

type Use = Pick<MeshNumbers, "controlPlane">;

/** istiod's own pods, all clusters together. A cluster that cannot tell leaves the whole unknown: a part would be false. */
async function readControlPlane(question: MeshQuestion): Promise<Use> {
  if (question.namespace !== undefined) return unknownUse(undefined);
  const { mesh } = question;
  const planes = mesh.clusters.flatMap(({ controlPlanes }) => controlPlanes).filter(({ external }) => !external);
  if (planes.length === 0) return unknownUse(say("No control plane runs in these clusters"));
  const uses = await Promise.all(planes.map((plane) => useOf(plane, question)));
  const missing = uses.find(({ why }) => why !== undefined);
  if (missing) return unknownUse(missing.why);
  const origins = uses.flatMap(({ origin }) => origin ?? []);
  const origin: Origin = {
    source: [...new Set(origins.map(({ source }) => source))].join(", "),
    provenance: origins.flatMap(({ provenance }) => provenance),
  };
  const sum = (field: "cores" | "memoryBytes") => uses.reduce((total, use) => total + use[field], 0);
  return { controlPlane: { cores: sum("cores"), memoryBytes: sum("memoryBytes"), origin, why: undefined } };
}

interface PlaneUse {
  readonly cores: number;
  readonly memoryBytes: number;
  readonly origin: Origin | undefined;
  readonly why: Message | undefined;
}

async function useOf({ ref }: ControlPlane, question: MeshQuestion): Promise<PlaneUse> {
  const { input } = question;
  const workload = input.workloads.find(({ id }) => id === refId(ref));
  const pods = workload?.pods.filter(({ phase }) => phase === "Running").map((pod) => pod.ref.name) ?? [];
  if (!workload || pods.length === 0) return noUse(say("The pods of {0} are not read", ref.name));
  const inStore = await containersUse(workload, pods, question);
  return inStore.why === undefined ? inStore : await metricsApiUse(workload, pods, { question, why: inStore.why });
}

async function containersUse(
  { ref }: WorkloadView,
  pods: readonly string[],
  question: MeshQuestion,
): Promise<PlaneUse> {
  const { input, windowSeconds, atMillis, signal } = question;
  const store = levelStoreOf(input, ref.cluster);
  if (!isStore(store)) return noUse(store);
  const of = { what: "pods", namespace: ref.namespace, pods } as const;
  const asked = store.telemetry.containers({ of, cluster: store.exporterRows, windowSeconds, atMillis }, signal);
  const answer = await answerOrWhy(asked, signal);
  if (MeshError.is(answer)) return noUse(answer.words);
  const cores = answer.rows.reduce((sum, row) => sum + row.cores, 0);
  const memoryBytes = answer.rows.reduce((sum, row) => sum + row.memoryBytes, 0);
  const isKnown = answer.rows.length > 0 && !Number.isNaN(cores) && !Number.isNaN(memoryBytes);
  if (!isKnown) return noUse(answer.missing[0]?.why ?? say("cAdvisor's series would give CPU and memory"));
  return { cores, memoryBytes, origin: { source: store.label, provenance: answer.provenance }, why: undefined };
}

async function metricsApiUse(
  { ref }: WorkloadView,
  pods: readonly string[],
  { question, why }: { readonly question: MeshQuestion; readonly why: Message },
): Promise<PlaneUse> {
  const { input, signal, atMillis } = question;
  // metrics.k8s.io knows the present only.
  if (Math.abs(input.now() - atMillis) > 60_000) return noUse(why);
  const answer = await answerOrWhy(input.reads.podMetrics(ref.cluster, ref.namespace, signal), signal);
  if (MeshError.is(answer)) return noUse(why);
  const wanted = new Set(pods);
  const rows = answer.rows.filter(({ name }) => wanted.has(name));
  if (new Set(rows.map(({ name }) => name)).size < wanted.size) return noUse(why);
  const context = input.stores.find(({ cluster }) => cluster?.key === ref.cluster)?.cluster?.context ?? ref.cluster;
  return {
    cores: rows.reduce((sum, row) => sum + row.cores, 0),
    memoryBytes: rows.reduce((sum, row) => sum + row.memoryBytes, 0),
    origin: { source: `metrics.k8s.io of ${context}`, provenance: [] },
    why: undefined,
  };
}

function noUse(why: Message): PlaneUse {
  return { cores: NaN, memoryBytes: NaN, origin: undefined, why };
}

function unknownUse(why: Message | undefined): Use {
  return { controlPlane: { cores: NaN, memoryBytes: NaN, origin: undefined, why } };
}
