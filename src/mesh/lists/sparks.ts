import type { DrilldownInput } from "../drilldown/drilldownInput.ts";
import { answerOrWhy } from "../drilldown/levelStore.ts";
import { serviceNames, telemetryNames } from "../explorer/join/nameClaims.ts";
import type { TrafficReading } from "../explorer/join/traffic.ts";
import { rowKey } from "../explorer/join/trafficIndex.ts";
import type { ServiceView, WorkloadView } from "../inventory/views.ts";
import { MeshError } from "../meshError.ts";
import type { Message } from "../message.ts";
import type { ClusterKey } from "../model/refs.ts";
import type { TelemetrySource } from "../ports.ts";
import type { SparkRow } from "../telemetry/levels/levelTelemetry.ts";
import type { Provenance } from "../telemetry/summaries.ts";
import type { ListWhat } from "./listValues.ts";

/** How far the small lines reach back, and their points. */
const sparkSeconds = 1800;
const sparkPoints = 30;

/** A small line for each row. */
export interface Sparks {
  readonly length: number;
  readonly provenance: readonly Provenance[];
  readonly problems: readonly Message[];
  ofService(view: ServiceView, reading: TrafficReading): Float64Array | undefined;
  ofWorkload(view: WorkloadView, reading: TrafficReading): Float64Array | undefined;
}

type RowsByKey = ReadonlyMap<string, readonly SparkRow[]>;

interface Asked {
  readonly rows: RowsByKey;
  /** Contexts' clusters that this store is of. */
  readonly clusters: ReadonlySet<ClusterKey>;
}

/** Asks each metrics store once. A store that cannot tell, or fails, leaves its rows without a line. */
export async function readSparks(input: DrilldownInput, what: ListWhat, signal: AbortSignal): Promise<Sparks> {
  const toMillis = Math.floor(input.now() / 5000) * 5000;
  const range = { fromMillis: toMillis - sparkSeconds * 1000, toMillis, stepSeconds: sparkSeconds / (sparkPoints - 1) };
  const query = { rows: what, namespaces: undefined, windowSeconds: input.windowSeconds, range };
  const problems: Message[] = [];
  const provenance: Provenance[] = [];
  let length = 0;
  const asked = await Promise.all(
    [...distinctStores(input)].map(async ([source, clusters]): Promise<Asked> => {
      if (!source.levels) return { rows: new Map(), clusters };
      const answer = await answerOrWhy(source.levels.sparks(query, signal), signal);
      if (MeshError.is(answer)) {
        problems.push(answer.words);
        return { rows: new Map(), clusters };
      }
      provenance.push(...answer.provenance);
      length = Math.max(length, answer.times.length);
      return { rows: byKey(answer.rows), clusters };
    }),
  );
  const ids = new Map(input.meshes.flatMap(({ clusters }) => clusters.map(({ key, clusterId }) => [key, clusterId])));
  const find = (cluster: ClusterKey, names: readonly string[], feed: ClusterKey | undefined) => {
    const store = asked.find(({ clusters }) => clusters.has(feed ?? cluster));
    if (!store) return undefined;
    const isOwn = store.clusters.size === 1 && store.clusters.has(cluster);
    const own = names
      .flatMap((name) => store.rows.get(name) ?? [])
      .filter(({ clusterId }) => (clusterId === undefined ? isOwn : clusterId === ids.get(cluster)));
    // Two rows that fit are two things: neither line would be this one's.
    return own.length === 1 && own[0]?.points.length === length ? own[0].points : undefined;
  };
  const keysOf = (namespace: string, names: readonly string[]) => names.map((name) => rowKey(namespace, name));
  return {
    length,
    provenance,
    problems,
    ofService: (view, { feed }) => find(view.ref.cluster, keysOf(view.ref.namespace, serviceNames(view)), feed),
    ofWorkload: (view, { feed }) => find(view.ref.cluster, keysOf(view.ref.namespace, telemetryNames(view)), feed),
  };
}

function distinctStores({ stores }: DrilldownInput): ReadonlyMap<TelemetrySource, ReadonlySet<ClusterKey>> {
  const byId = new Map<string, { source: TelemetrySource; clusters: Set<ClusterKey> }>();
  for (const { source, cluster } of stores) {
    if (!source || !cluster) continue;
    const known = byId.get(source.id);
    if (known) known.clusters.add(cluster.key);
    else byId.set(source.id, { source, clusters: new Set([cluster.key]) });
  }
  return new Map([...byId.values()].map(({ source, clusters }) => [source, clusters]));
}

function byKey(rows: readonly SparkRow[]): RowsByKey {
  const found = new Map<string, SparkRow[]>();
  for (const row of rows) {
    const key = rowKey(row.namespace, row.name);
    const same = found.get(key);
    if (same) same.push(row);
    else found.set(key, [row]);
  }
  return found;
}
