import { MeshError } from "../meshError.ts";
import { say } from "../message.ts";
import { serviceNames, telemetryNames } from "../explorer/join/nameClaims.ts";
import type { ClusterKey } from "../model/refs.ts";
import {
  resourceCharts,
  type ChartAnswer,
  type ChartRange,
  type ChartsAnswer,
  type ChartSeries,
  type Direction,
  type Grouping,
  type ResourceChart,
  type ResourceChartsQuery,
  type TrafficChart,
  type TrafficOf,
} from "../telemetry/levels/levelTelemetry.ts";
import type { DrilldownInput } from "./drilldownInput.ts";
import type { LevelPath } from "./level.ts";
import { levelQuestion, type LevelQuestion } from "./levelQuestion.ts";
import { answerOrWhy, isStore, levelStoreOf, type LevelStore } from "./levelStore.ts";

/** One chart of a level; `direction` is that of its offer, undefined for CPU, memory and nodes. */
export interface AskedChart {
  readonly chart: TrafficChart | ResourceChart;
  readonly direction: Direction | undefined;
  readonly by: Grouping;
}

export interface ChartsTime {
  /** Of the rates. */
  readonly windowSeconds: number;
  readonly range: ChartRange;
  readonly signal: AbortSignal;
}

/** A chart as it was asked for, with where it is from. */
export interface LevelChart extends ChartAnswer<TrafficChart | ResourceChart> {
  readonly direction: Direction | undefined;
  /** The stores' labels. */
  readonly source: string;
}

export interface LevelCharts {
  /** Seconds since 1970. */
  readonly times: Float64Array;
  /** One for each that was asked for, in that order. */
  readonly charts: readonly LevelChart[];
}

/**
 * Charts of the last level of a path. What spans clusters asks each store once for each cluster of its own, and series of
 * one name are added up time by time, where rates and counts add up; what does not (shares, seconds) keeps the cluster's
 * name. Failures are in `missing`; rejects only by the signal.
 */
export async function readCharts(
  input: DrilldownInput,
  path: LevelPath,
  asked: readonly AskedChart[],
  time: ChartsTime,
): Promise<LevelCharts> {
  const { windowSeconds, range, signal } = time;
  const question = levelQuestion(input, path, { windowSeconds, atMillis: range.toMillis, signal });
  const places = placesOf(question);
  const parts = await Promise.all(places.map((place) => askPlace(question, place, { asked, range })));
  const times = coarsest(parts.map((part) => part.times));
  const charts = asked.map((one, i) =>
    merged(
      one,
      parts.map((part) => ({ part, chart: part.charts[i] })),
      times,
    ),
  );
  return { times, charts };
}

interface Place {
  readonly cluster: ClusterKey;
  readonly of: TrafficOf | undefined;
  readonly resources: ResourceChartsQuery["of"] | undefined;
}

/** Whose series: one thing in one cluster, or its members in several; each cluster once, however many contexts lead there. */
function placesOf({ index, input, at, path }: LevelQuestion): readonly Place[] {
  const { level, ref } = at;
  const { cluster, namespace, name } = ref;
  const connected = [...new Set(input.stores.flatMap((store) => store.cluster?.key ?? []))];
  switch (level) {
    case "mesh":
    case "namespace": {
      // A namespace of that name in another mesh is another one; as the overview has it, the first mesh is meant else.
      const wanted = path.find((one) => one.level === "mesh")?.ref.name ?? input.meshes[0]?.id;
      const mesh = input.meshes.find(({ id }) => id === wanted);
      const keys = connected.filter((key) => mesh?.clusters.some((view) => view.key === key));
      const of = level === "mesh" ? ({ what: "mesh" } as const) : ({ what: "namespace", namespace: name } as const);
      return keys.map((key) => ({ cluster: key, of, resources: undefined }));
    }
    case "meshService":
    case "service": {
      const views = level === "service" ? [index.service(ref)] : index.members(ref, path);
      return views.flatMap((view) => {
        if (!view) return [];
        const own = serviceNames(view)[0] ?? view.ref.name;
        return [{ cluster: view.ref.cluster, of: { what: "service", namespace, name: own }, resources: undefined }];
      });
    }
    case "workload": {
      const view = index.workload(ref);
      const pods = view?.pods.map((pod) => pod.ref.name) ?? [];
      const names = view ? telemetryNames(view) : [name];
      const of = { what: "workload", namespace, names } as const;
      return [{ cluster, of, resources: { what: "pods", namespace, pods } }];
    }
    case "pod":
      return [{ cluster, of: { what: "pod", namespace, name }, resources: { what: "pods", namespace, pods: [name] } }];
    case "node": {
      const addresses = index.node(ref)?.addresses ?? [];
      return [{ cluster, of: undefined, resources: { what: "node", node: { name, addresses } } }];
    }
  }
}

interface Answered {
  readonly context: string;
  readonly source: string;
  readonly times: Float64Array;
  readonly charts: readonly ChartAnswer<TrafficChart | ResourceChart>[];
}

async function askPlace(
  question: LevelQuestion,
  place: Place,
  { asked, range }: { readonly asked: readonly AskedChart[]; readonly range: ChartRange },
): Promise<Answered> {
  const { input, index, signal } = question;
  const context = index.contextOf(place.cluster);
  const store = levelStoreOf(input, place.cluster);
  const failed = (words: MeshError["words"]) => (one: AskedChart) => empty(one, words);
  if (!isStore(store)) return { context, source: "", times: new Float64Array(0), charts: asked.map(failed(store)) };
  const groups = [...new Set(asked.map(groupOf))];
  const answers = await Promise.all(
    groups.map(async (group) => {
      const some = asked.filter((one) => groupOf(one) === group);
      const answer = await answerOrWhy(askGroup(question, place, { store, asked: some, range }), signal);
      return { some, answer };
    }),
  );
  const charts = asked.map((one) => {
    const group = answers.find(({ some }) => some.includes(one));
    if (!group) return empty(one, say("Nothing was asked"));
    if (MeshError.is(group.answer)) return empty(one, group.answer.words);
    return group.answer.charts[group.some.indexOf(one)] ?? empty(one, say("{0} did not answer this", store.label));
  });
  const times = answers.flatMap(({ answer }) => (MeshError.is(answer) ? [] : [answer.times])).find((t) => t.length > 0);
  return { context, source: store.label, times: times ?? new Float64Array(0), charts };
}

function groupOf({ chart, direction }: AskedChart): "inbound" | "outbound" | "pods" | "node" {
  if (!isResource(chart)) return direction ?? "inbound";
  return chart.startsWith("node") ? "node" : "pods";
}

function isResource(chart: TrafficChart | ResourceChart): chart is ResourceChart {
  return (resourceCharts as readonly string[]).includes(chart);
}

async function askGroup(
  { windowSeconds, signal, at }: LevelQuestion,
  { of, resources }: Place,
  {
    store,
    asked,
    range,
  }: { readonly store: LevelStore; readonly asked: readonly AskedChart[]; readonly range: ChartRange },
): Promise<ChartsAnswer<TrafficChart | ResourceChart>> {
  const group = asked[0] && groupOf(asked[0]);
  if (group === "inbound" || group === "outbound") {
    if (!of) throw new MeshError("unsupported", say("A node has no requests of its own"));
    const charts = asked.flatMap(({ chart, by }) => (isResource(chart) ? [] : [{ chart, by }]));
    const query = { of, direction: group, cluster: store.rows, charts, windowSeconds, range };
    return store.telemetry.trafficCharts(query, signal);
  }
  const charts = asked.flatMap(({ chart }) => (isResource(chart) ? [chart] : []));
  const whose =
    group === "pods" && at.level === "node" ? ({ what: "podsOfNode", node: at.ref.name } as const) : resources;
  if (!whose) throw new MeshError("unsupported", say("It has no CPU and memory of its own"));
  return store.telemetry.resourceCharts(
    { of: whose, cluster: store.exporterRows, charts, windowSeconds, range },
    signal,
  );
}

const adding = new Set(["rps", "bytesPerSecond", "cores", "perSecond", "bytes"]);

function merged(
  one: AskedChart,
  parts: readonly { readonly part: Answered; readonly chart: ChartAnswer<TrafficChart | ResourceChart> | undefined }[],
  times: Float64Array,
): LevelChart {
  const told = parts.flatMap(({ part, chart }) => (chart ? [{ part, chart }] : []));
  const [first] = told;
  const answered = told.find(({ chart }) => chart.series.length > 0) ?? first;
  const base = answered?.chart ?? empty(one, say("It is in no cluster that is connected"));
  const source = [...new Set(told.map(({ part }) => part.source).filter((label) => label !== ""))].join(", ");
  const missing = told.flatMap(({ chart }) => chart.missing);
  if (told.length < 2) return { ...base, direction: one.direction, source, missing };
  const timed = told.map(({ part, chart }) => ({ part, chart, places: placesIn(part.times, times) }));
  const odd = timed.flatMap(({ part, chart, places }) =>
    places || chart.series.length === 0
      ? []
      : [{ what: say("Chart"), why: say("{0} tells of other times than the others do", part.source) }],
  );
  missing.push(...odd);
  // A sum without a part that is there and did not answer is too low: a gap is all that can be said.
  const hasGap = odd.length > 0 || told.some(({ part, chart }) => part.source !== "" && hasFailed(chart));
  if (adding.has(base.unit) && hasGap) return { ...base, series: [], missing, direction: one.direction, source };
  const silent = adding.has(base.unit) ? silentTimes(timed, times.length) : [];
  const byName = new Map<string, ChartSeries>();
  for (const { part, chart, places } of timed) {
    if (!places) continue;
    for (const { name, points: own } of chart.series) {
      const points = Float64Array.from(places, (place) => own[place] ?? NaN);
      const called = adding.has(base.unit) ? name : [part.context, name].filter((text) => text !== "").join(" · ");
      const there = byName.get(called);
      byName.set(called, { name: called, points: there ? added(there.points, points) : points });
    }
  }
  for (const at of silent) for (const { points } of byName.values()) points[at] = NaN;
  const last = ({ points }: ChartSeries) => points.at(-1) ?? NaN;
  const series = [...byName.values()].sort((a, b) => (last(b) || 0) - (last(a) || 0));
  return { ...base, series, missing, direction: one.direction, source };
}

interface Timed {
  readonly chart: ChartAnswer<TrafficChart | ResourceChart>;
  readonly places: readonly (number | undefined)[] | undefined;
}

/**
 * Times of which one of the stores knows nothing though it told of such things before: a sum of the others would be too
 * low. Before its first value there may have been nothing to tell.
 */
function silentTimes(parts: readonly Timed[], length: number): readonly number[] {
  const times = Array.from({ length }, (_, at) => at);
  const silent = parts.flatMap(({ chart, places }) => {
    const tells = (at: number) => chart.series.some(({ points }) => !Number.isNaN(points[places?.[at] ?? -1] ?? NaN));
    const first = places ? times.find(tells) : undefined;
    return first === undefined ? [] : times.filter((at) => at > first && !tells(at));
  });
  return [...new Set(silent)];
}

function hasFailed({ series, missing }: ChartAnswer): boolean {
  return series.length === 0 && missing.some(({ isAbsent }) => !isAbsent);
}

/** Where only one has such a series, that is all there is of it. */
function added(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, i) => {
    const other = b[i] ?? NaN;
    return Number.isNaN(value) ? other : Number.isNaN(other) ? value : value + other;
  });
}

/** Stores widen steps to how often they scrape: the widest are those that all of them may have. */
function coarsest(all: readonly Float64Array[]): Float64Array {
  const [first = new Float64Array(0), ...others] = all.filter((times) => times.length > 0);
  return others.reduce((fewest, times) => (times.length < fewest.length ? times : fewest), first);
}

/** Where the wanted times stand among these; undefined where one of them does not. */
function placesIn(times: Float64Array, wanted: Float64Array): readonly number[] | undefined {
  const places = new Map(Array.from(times, (time, place) => [Math.round(time * 1000), place]));
  const found = Array.from(wanted, (time) => places.get(Math.round(time * 1000)));
  return found.every((place) => place !== undefined) ? found : undefined;
}

function empty({ chart, by }: AskedChart, why: MeshError["words"]): ChartAnswer<TrafficChart | ResourceChart> {
  return { chart, by, unit: "count", series: [], provenance: undefined, missing: [{ what: say("Chart"), why }] };
}
