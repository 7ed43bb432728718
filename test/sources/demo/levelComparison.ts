import type {
  ChartAnswer,
  ClusterRows,
  Direction,
  Grouping,
  LevelTelemetry,
  TrafficChart,
  TrafficOf,
} from "../../../src/mesh/telemetry/levels/levelTelemetry.ts";
import { groupings, trafficCharts } from "../../../src/mesh/telemetry/levels/levelTelemetry.ts";
import type { World } from "../../../src/sources/demo/world/blueprint.ts";
import { never } from "./demoShop.ts";

/** What is asked for a comparison of a store's charts with the truth. */
export interface Subject {
  readonly of: TrafficOf;
  readonly direction: Direction;
  readonly cluster: ClusterRows;
  readonly charts: readonly { readonly chart: TrafficChart; readonly by: Grouping }[];
}

export interface ComparedAt {
  readonly windowSeconds: number;
  readonly atMillis: number;
}

const plain = trafficCharts.map((chart) => ({ chart, by: "none" as const }));
const requestsSplit = groupings.map((by) => ({ chart: "requests" as const, by }));
const allSplit = trafficCharts.flatMap((chart) => groupings.map((by) => ({ chart, by })));

/** Everything of a world that a drill-down shows traffic of; few of them split in every way. */
export function subjectsOf(world: World): readonly Subject[] {
  const subjects: Subject[] = [];
  for (const { id } of world.clusters) {
    const cluster = { id, withUnplaced: world.clusters.length === 1 };
    const add = (of: TrafficOf, charts: Subject["charts"], ...directions: readonly Direction[]) => {
      for (const direction of directions) subjects.push({ of, direction, cluster, charts });
    };
    add({ what: "mesh" }, allSplit, "inbound");
    add({ what: "mesh" }, requestsSplit, "outbound");
    for (const namespace of new Set(world.services.filter((one) => one.cluster === id).map((one) => one.namespace))) {
      add({ what: "namespace", namespace }, namespace === "shop" ? allSplit : requestsSplit, "inbound", "outbound");
    }
    for (const { cluster: home, namespace, name } of world.services) {
      if (home === id) add({ what: "service", namespace, name }, [...plain, ...requestsSplit.slice(1, 3)], "inbound");
    }
    for (const { cluster: home, namespace, name } of world.workloads) {
      if (home !== id) continue;
      const of = { what: "workload", namespace, names: [name] } as const;
      add(of, [...plain, ...requestsSplit.slice(2, 5)], "outbound");
      // What ztunnel brings to a waypoint is in no flow of its own.
      const isWaypoint = name === "waypoint";
      add(of, isWaypoint ? requestsSplit : [...plain, ...requestsSplit.slice(2, 5)], "inbound");
    }
  }
  return subjects;
}

/** By name the last value of each series that has one. */
export function lastValues({ series }: ChartAnswer): ReadonlyMap<string, number> {
  const values = series.map(({ name, points }): [string, number] => [name, points.at(-1) ?? NaN]);
  return new Map(values.filter(([, value]) => !Number.isNaN(value)));
}

/** What is known of these. */
export function valuesOf(values: Readonly<Record<string, number | null | undefined>>): ReadonlyMap<string, number> {
  return new Map(Object.entries(values).flatMap(([name, value]) => (value == null ? [] : [[name, value] as const])));
}

export interface Compared {
  readonly wrong: readonly string[];
  /** Values that were compared. */
  readonly count: number;
  /** A query of each chart that showed one value, with it. */
  readonly shown: readonly { readonly query: string; readonly value: number; readonly what: string }[];
}

/** The last values of a store's charts against the true ones. */
export async function compareCharts(
  pair: { readonly measured: LevelTelemetry; readonly truth: LevelTelemetry },
  subjects: readonly Subject[],
  { windowSeconds, atMillis }: ComparedAt,
  tolerance: number,
): Promise<Compared> {
  const wrong: string[] = [];
  const shown: { query: string; value: number; what: string }[] = [];
  let count = 0;
  for (const subject of subjects.flatMap(inParts)) {
    const range = { fromMillis: atMillis, toMillis: atMillis, stepSeconds: 60 };
    const query = { ...subject, windowSeconds, range };
    const measured = await pair.measured.trafficCharts(query, never);
    const truth = await pair.truth.trafficCharts(query, never);
    for (const [i, { chart, by }] of subject.charts.entries()) {
      const [is, should] = [measured.charts[i], truth.charts[i]];
      if (!is || !should) throw new Error(`no answer for ${chart}`);
      const what = `${chart} by ${by} of ${wordsOf(subject)}`;
      const [values, expected] = [new Map(lastValues(is)), lastValues(should)];
      // Times of pods that nobody names are those of some proxies only.
      if (chart === "latency" && by === "pod") values.delete("unknown");
      count += expected.size;
      wrong.push(...differences(what, values, expected, tolerance));
      const [value] = values.values();
      if (is.provenance && value !== undefined && values.size === 1) {
        shown.push({ query: is.provenance.query, value, what });
      }
    }
  }
  return { wrong, count, shown };
}

/** No more charts at once than a level opens with: a busy store gives up on too many. */
const chartsAtOnce = 8;

function inParts(subject: Subject): readonly Subject[] {
  const { charts } = subject;
  const count = Math.ceil(charts.length / chartsAtOnce);
  return Array.from({ length: count }, (_, i) => {
    return { ...subject, charts: charts.slice(i * chartsAtOnce, (i + 1) * chartsAtOnce) };
  });
}

/** In words, what differs by more than the tolerance, what is missing and what should not be there. */
export function differences(
  what: string,
  values: ReadonlyMap<string, number>,
  expected: ReadonlyMap<string, number>,
  tolerance: number,
): readonly string[] {
  return [...new Set([...values.keys(), ...expected.keys()])].flatMap((name) => {
    const [is, should] = [values.get(name), expected.get(name)];
    if (is === undefined) return [`${what}: "${name}" is missing (${should})`];
    if (should === undefined) return [`${what}: "${name}" is ${is}, but does not exist`];
    return isClose(is, should, tolerance) ? [] : [`${what}: "${name}" is ${is}, not ${should}`];
  });
}

export function isClose(is: number, should: number, tolerance: number): boolean {
  return Math.abs(is - should) <= Math.abs(should) * tolerance + 1e-9;
}

function wordsOf({ of, direction, cluster }: Subject): string {
  const name =
    of.what === "mesh"
      ? ""
      : of.what === "workload"
        ? `${of.namespace}/${of.names.join()}`
        : "name" in of
          ? `${of.namespace}/${of.name}`
          : of.namespace;
  return `${direction} ${of.what} ${name} in ${cluster.id}`;
}
