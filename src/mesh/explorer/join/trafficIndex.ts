import type { ClusterView } from "../../inventory/views.ts";
import type { ClusterKey } from "../../model/refs.ts";
import { addedRequests, sameRequests } from "../../telemetry/requestRates.ts";
import type { TrafficRow } from "../../telemetry/summaries.ts";
import type { ClusterFeed } from "../explorerInput.ts";

/** Rows of one feed that belong to one cluster, by {@link rowKey}. */
export type RowsByName = ReadonlyMap<string, TrafficRow>;

/** The kinds of rows, as Summaries names them. */
export const rowKinds = ["services", "workloads", "forwarded"] as const;
export type RowKind = (typeof rowKinds)[number];

/** What one feed says, sorted out by the cluster it speaks of. */
export interface IndexedFeed {
  readonly feed: ClusterFeed;
  /** Its cluster's rows cannot be told from those of others: silence in it says nothing. */
  readonly inDoubt: boolean;
  /** Which families of metrics its rows show to be there. */
  readonly seen: { readonly http: boolean; readonly tcp: boolean };
  readonly services: ReadonlyMap<ClusterKey, RowsByName>;
  readonly workloads: ReadonlyMap<ClusterKey, RowsByName>;
  readonly forwarded: ReadonlyMap<ClusterKey, RowsByName>;
  /** Keys of rows that may be of any of several clusters: they do not say, and the store holds numbers of all of them. */
  readonly unplaced: Readonly<Record<RowKind, ReadonlySet<string>>>;
}

/** Namespaces hold no "/". */
export function rowKey(namespace: string, name: string): string {
  return `${namespace}/${name}`;
}

/** Which connected clusters have which of Istio's cluster IDs; clusters that cannot tell theirs are left out. */
export function clusterOwners(clusters: Iterable<ClusterView>): ReadonlyMap<string, readonly ClusterKey[]> {
  const owners = new Map<string, ClusterKey[]>();
  for (const { clusterId, key } of clusters) {
    if (clusterId === undefined) continue;
    const sharing = owners.get(clusterId);
    if (!sharing) owners.set(clusterId, [key]);
    else if (!sharing.includes(key)) sharing.push(key);
  }
  return owners;
}

/**
 * Sorts the rows of a feed by cluster. A row without Istio's cluster ID belongs to the cluster the source was found in;
 * so does one whose ID several clusters share (all left at the default "Kubernetes") if the source's own is among them.
 * Where the source's own cluster cannot tell its ID, the one ID that nobody else claims is taken for it; without such an
 * ID nothing labelled is taken for anybody's (`inDoubt`). Rows of clusters that are not connected are dropped. Where one
 * store answers for several clusters (`sharers`), rows that would fit more than one of them are nobody's (`unplaced`):
 * each would show the sum of all, and the mesh would count it twice.
 */
export function indexFeed(
  feed: ClusterFeed,
  owners: ReadonlyMap<string, readonly ClusterKey[]>,
  sharers: readonly ClusterKey[],
): IndexedFeed {
  const own = feed.status.key;
  const { summaries } = feed;
  if (own === undefined || !summaries) {
    const none = { services: new Map(), workloads: new Map(), forwarded: new Map(), unplaced: nothingUnplaced };
    return { feed, inDoubt: false, seen: { http: false, tcp: false }, ...none };
  }

  const claimed = new Set([...owners.values()].flat());
  const isClaimed = claimed.has(own);
  const nameless = sharers.filter((key) => !claimed.has(key));
  const labels = isClaimed ? new Set<string>() : labelsOf(rowKinds.flatMap((kind) => summaries[kind]));
  const strangers = [...labels].filter((label) => !owners.has(label));
  const inDoubt = labels.size > 0 && strangers.length !== 1;
  const isUnplaced = ({ clusterId }: TrafficRow): boolean => {
    const candidates = clusterId === undefined ? sharers : (owners.get(clusterId) ?? nameless);
    return candidates.filter((key) => sharers.includes(key)).length > 1;
  };
  const clusterOf = (row: TrafficRow): ClusterKey | undefined => {
    const { clusterId } = row;
    if (isUnplaced(row)) return undefined;
    if (clusterId === undefined) return own;
    if (inDoubt) return undefined;
    const sharing = owners.get(clusterId);
    if (!sharing) return strangers[0] === clusterId ? own : undefined;
    if (sharing.includes(own)) return own;
    return sharing.length === 1 ? sharing[0] : undefined;
  };
  return {
    feed,
    inDoubt,
    seen: {
      http: summaries.services.some(({ requests }) => requests !== undefined),
      tcp: summaries.services.some(({ tcp }) => tcp !== undefined),
    },
    services: byCluster(summaries.services, clusterOf),
    workloads: byCluster(summaries.workloads, clusterOf),
    forwarded: byCluster(summaries.forwarded, clusterOf),
    unplaced: {
      services: keysOf(summaries.services.filter(isUnplaced)),
      workloads: keysOf(summaries.workloads.filter(isUnplaced)),
      forwarded: keysOf(summaries.forwarded.filter(isUnplaced)),
    },
  };
}

const nothingUnplaced = { services: new Set<string>(), workloads: new Set<string>(), forwarded: new Set<string>() };

function keysOf(rows: readonly TrafficRow[]): ReadonlySet<string> {
  return new Set(rows.map(({ namespace, name }) => rowKey(namespace, name)));
}

/** By store (a source's id): the clusters whose feeds it answers, each once. */
export function sharersOf(feeds: readonly ClusterFeed[]): ReadonlyMap<string, readonly ClusterKey[]> {
  const sharers = new Map<string, readonly ClusterKey[]>();
  for (const feed of feeds) {
    const { key } = feed.status;
    const store = storeOf(feed);
    const known = sharers.get(store) ?? [];
    if (key !== undefined && !known.includes(key)) sharers.set(store, [...known, key]);
  }
  return sharers;
}

/** The id of the source that gave a feed its numbers; "" where none did. */
export function storeOf({ summaries }: ClusterFeed): string {
  return summaries?.provenance[0]?.sourceId ?? "";
}

function labelsOf(rows: readonly TrafficRow[]): ReadonlySet<string> {
  const labels = new Set<string>();
  for (const { clusterId } of rows) if (clusterId !== undefined) labels.add(clusterId);
  return labels;
}

function byCluster(
  rows: readonly TrafficRow[],
  clusterOf: (row: TrafficRow) => ClusterKey | undefined,
): ReadonlyMap<ClusterKey, RowsByName> {
  const clusters = new Map<ClusterKey, Map<string, TrafficRow>>();
  for (const row of rows) {
    const cluster = row.requests || row.tcp ? clusterOf(row) : undefined;
    if (cluster === undefined) continue;
    let named = clusters.get(cluster);
    if (!named) clusters.set(cluster, (named = new Map<string, TrafficRow>()));
    const key = rowKey(row.namespace, row.name);
    const known = named.get(key);
    named.set(key, known ? together(known, row) : row);
  }
  return clusters;
}

type Rows = ReadonlyMap<ClusterKey, RowsByName>;

/** The rows that came, went, or say something else than before. */
export function rowChanges(
  before: Rows,
  after: Rows,
): readonly { readonly cluster: ClusterKey; readonly key: string }[] {
  const changes: { cluster: ClusterKey; key: string }[] = [];
  for (const cluster of new Set([...before.keys(), ...after.keys()])) {
    const [old, now] = [before.get(cluster), after.get(cluster)];
    for (const [key, row] of now ?? []) if (!sameRow(old?.get(key), row)) changes.push({ cluster, key });
    for (const key of old?.keys() ?? []) if (!now?.has(key)) changes.push({ cluster, key });
  }
  return changes;
}

function sameRow(a: TrafficRow | undefined, b: TrafficRow): boolean {
  if (a === b) return true;
  return (
    a !== undefined &&
    sameRequests(a.requests, b.requests) &&
    sameFields(a.latency, b.latency) &&
    sameFields(a.tcp, b.tcp)
  );
}

/** Whether both hold the same, or both nothing. */
export function sameFields<T extends object>(a: T | undefined, b: T | undefined): boolean {
  if (a === b) return true;
  if (!a || !b) return false;
  for (const name in a) if (a[name] !== b[name]) return false;
  return true;
}

/**
 * Two rows of one store that mean the same thing (proxies with and without a cluster label; two hosts of one
 * ServiceEntry): different requests, so their rates add up. Quantiles do not: they are kept only if one side had requests.
 */
export function together(a: TrafficRow, b: TrafficRow): TrafficRow {
  const latency = latencyOf(a, b);
  return {
    clusterId: a.clusterId ?? b.clusterId,
    namespace: a.namespace,
    name: a.name,
    ...addedParts(a, b),
    ...(latency && { latency }),
  };
}

function latencyOf(a: TrafficRow, b: TrafficRow): TrafficRow["latency"] {
  if (!b.requests || b.requests.rps === 0) return a.latency;
  if (!a.requests || a.requests.rps === 0) return b.latency;
  return undefined;
}

function addedParts(a: TrafficRow, b: TrafficRow): Pick<TrafficRow, "requests" | "tcp"> {
  const requests = a.requests && b.requests ? addedRequests(a.requests, b.requests) : (a.requests ?? b.requests);
  const tcp = a.tcp && b.tcp ? addedUp(a.tcp, b.tcp) : (a.tcp ?? b.tcp);
  return { ...(requests && { requests }), ...(tcp && { tcp }) };
}

/** Field by field; both have the same fields. */
export function addedUp<T extends object>(a: T, b: T): T {
  const sum: Record<string, number> = {};
  for (const [name, value] of Object.entries(a) as [keyof T & string, number][]) {
    sum[name] = value + (b[name] as number);
  }
  return sum as T;
}
