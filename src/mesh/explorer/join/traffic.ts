import type { ClusterView, ServiceView, WorkloadView } from "../../inventory/views.ts";
import { say, type Message } from "../../message.ts";
import type { ClusterKey } from "../../model/refs.ts";
import type { Latency, RequestRates, Throughput, TrafficRow } from "../../telemetry/summaries.ts";
import type { ClusterFeed } from "../explorerInput.ts";
import { homelessKeys, NameClaims, rowClaim, serviceNames, telemetryNames } from "./nameClaims.ts";
import { familiesOf, gapIn, sameSilence, staleSince, whyNoRow, type Wanted } from "./silence.ts";
import {
  clusterOwners,
  indexFeed,
  rowChanges,
  rowKey,
  rowKinds,
  sharersOf,
  storeOf,
  together,
  type IndexedFeed,
  type RowKind,
} from "./trafficIndex.ts";

/** What the metrics say of one service or workload in one cluster. */
export interface TrafficReading {
  /** flowing: something moved in the window; idle: known, and nothing did; none: no data. */
  readonly kind: "flowing" | "idle" | "none";
  readonly requests?: RequestRates;
  readonly latency?: Latency;
  readonly tcp?: Throughput;
  /** The numbers are of what a gateway passes on, not of what is sent to it. */
  readonly isForwarded?: true;
  /** The question about requests failed: what is here is not all. */
  readonly lacksRequests?: true;
  /** The feed it comes from; it may be that of another cluster of the mesh. */
  readonly feed?: ClusterKey;
  /** The source no longer answers: measured then (milliseconds since 1970). */
  readonly staleSince?: number;
  /** Why there is no data, or what limits what there is. */
  readonly why?: Message;
}

/** Which readings may be other than before: all of some clusters, and those of some services and workloads by id. */
export interface JoinChange {
  readonly clusters: ReadonlySet<ClusterKey> | "all";
  readonly ids: ReadonlySet<string>;
}

/** Joins what the metrics stores say to services and workloads, cluster by cluster. Never sums over two stores. */
export class TrafficJoin {
  /** Two things that go by one name cannot both have its row. */
  readonly claims = new NameClaims();
  #feeds: readonly IndexedFeed[] = [];
  #owners: ReadonlyMap<string, readonly ClusterKey[]> = new Map();
  #sharers: ReadonlyMap<string, readonly ClusterKey[]> = new Map();

  /** Takes the feeds; one that is the same object as before, between clusters that kept their IDs, is not read again. */
  setFeeds(feeds: readonly ClusterFeed[], clusters: readonly ClusterView[]): JoinChange {
    const owners = clusterOwners(clusters);
    const before = this.#feeds;
    const sharers = sharersOf(feeds);
    const isSame = sameOwners(owners, this.#owners) && sameOwners(sharers, this.#sharers);
    const kept = isSame ? new Map(before.map((old) => [old.feed, old])) : undefined;
    this.#owners = owners;
    this.#sharers = sharers;
    this.#feeds = feeds.map((feed) => kept?.get(feed) ?? indexFeed(feed, owners, sharersIn(sharers, feed)));
    if (!kept) return { clusters: "all", ids: new Set() };
    const changed = { clusters: new Set<ClusterKey>(), ids: new Set<string>() };
    // Feeds are told apart by their place: it is the contexts' order.
    for (let i = 0; i < Math.max(before.length, feeds.length); i++) this.#compare(before[i], this.#feeds[i], changed);
    return changed;
  }

  feedOf(cluster: ClusterKey): ClusterFeed | undefined {
    return this.#ownFeeds(cluster)[0]?.feed;
  }

  service(view: ServiceView): TrafficReading {
    const { cluster, namespace } = view.ref;
    const wanted = { rows: "services", families: familiesOf(view) } as const;
    const found = this.#lookUp({ cluster, ...wanted }, (feed) => this.#serviceRow(feed.services.get(cluster), view));
    const isGateway = view.dataPlanes.length > 0 && view.dataPlanes.every((plane) => plane === "gateway");
    const why = isGateway ? gatewayServiceWhy : undefined;
    const keys = serviceNames(view).map((name) => rowKey(namespace, name));
    return (
      found ??
      this.#unplaced(cluster, "services", keys) ??
      this.#contested(view) ??
      this.#withoutRow({ cluster, namespace, why }, wanted)
    );
  }

  /** `rivals`: others that have pods and go by the same name. */
  workload(view: WorkloadView, rivals: readonly WorkloadView[]): TrafficReading {
    const { cluster, namespace } = view.ref;
    const [rival] = rivals;
    const names = telemetryNames(view);
    const wanted = { rows: "workloads", families: ["http", "tcp"] } as const;
    const rowsOf = (kind: "workloads" | "forwarded") =>
      this.#lookUp({ cluster, ...wanted }, (feed) => {
        const rows = feed[kind].get(cluster);
        return rows && sumOf(names.map((name) => rows.get(rowKey(namespace, name))));
      });
    const isGateway = view.dataPlane === "gateway";
    // What it passes on is all that passes it. Where something is sent to it by name, that is in there, too.
    const forwarded = isGateway ? rowsOf("forwarded") : undefined;
    const found = forwarded ? ({ ...forwarded, isForwarded: true } as const) : rowsOf("workloads");
    const unplaced = this.#unplaced(
      cluster,
      isGateway ? "forwarded" : "workloads",
      names.map((name) => rowKey(namespace, name)),
    );
    if (!found && unplaced) return unplaced;
    const why = isGateway
      ? say("No series of its own tells what it passes on; the services behind count it")
      : undefined;
    if (!found || (rival && !hasPods(view))) return this.#withoutRow({ cluster, namespace, why }, wanted);
    if (!rival) return found;
    const { ref } = rival;
    const unclear = say(
      "The metrics cannot tell {0} {1} from {2} {3}",
      view.ref.kind,
      view.ref.name,
      ref.kind,
      ref.name,
    );
    return { kind: "none", why: unclear };
  }

  #compare(
    old: IndexedFeed | undefined,
    now: IndexedFeed | undefined,
    changed: { readonly clusters: Set<ClusterKey>; readonly ids: Set<string> },
  ): void {
    if (old === now) return;
    if (!old || !now || !sameSilence(old, now)) {
      for (const feed of [old, now]) if (feed) addClusters(changed.clusters, feed);
      return;
    }
    for (const kind of rowKinds) {
      for (const { cluster, key } of rowChanges(old[kind], now[kind])) {
        for (const id of this.claims.of(rowClaim(kind, cluster, key))) changed.ids.add(id);
      }
    }
  }

  // The cluster's own store comes first: it holds what every proxy there reports. Another cluster's store knows at least
  // its own callers, which beats silence.
  #lookUp(
    { cluster, ...wanted }: Wanted & { readonly cluster: ClusterKey },
    rowIn: (feed: IndexedFeed) => TrafficRow | undefined,
  ): TrafficReading | undefined {
    const own = this.#ownFeeds(cluster);
    for (const feed of own) {
      const row = rowIn(feed);
      if (row) return reading(row, feed, wanted);
    }
    for (const feed of this.#feeds) {
      const row = own.includes(feed) ? undefined : rowIn(feed);
      if (!row) continue;
      const context = feed.feed.status.context;
      return {
        why: say("Seen from {0}: what other clusters send is not in it", context),
        ...reading(row, feed, wanted),
      };
    }
    return undefined;
  }

  #serviceRow(rows: ReadonlyMap<string, TrafficRow> | undefined, view: ServiceView): TrafficRow | undefined {
    if (!rows) return undefined;
    const { namespace } = view.ref;
    return sumOf(
      serviceNames(view).map((name) => rows.get(rowKey(namespace, name)) ?? this.#homelessRow(rows, view, name)),
    );
  }

  // Older proxies name no namespace with an external host. The row is its own only where nobody else declares the host.
  #homelessRow(rows: ReadonlyMap<string, TrafficRow>, view: ServiceView, host: string): TrafficRow | undefined {
    return view.type === "ServiceEntry" && !this.#isShared(view, host) ? homeless(rows, host) : undefined;
  }

  #unplaced(cluster: ClusterKey, kind: RowKind, keys: readonly string[]): TrafficReading | undefined {
    const feed = this.#ownFeeds(cluster).find(({ unplaced }) => keys.some((key) => unplaced[kind].has(key)));
    if (!feed) return undefined;
    const store = feed.feed.status.telemetry.sourceLabel ?? feed.feed.status.context;
    return {
      kind: "none",
      why: say("{0} holds numbers of several clusters and does not say which these are of", store),
    };
  }

  #contested(view: ServiceView): TrafficReading | undefined {
    if (view.type !== "ServiceEntry") return undefined;
    const { cluster } = view.ref;
    const rows = this.#ownFeeds(cluster).flatMap((feed) => feed.services.get(cluster) ?? []);
    const host = view.hosts.find(
      (name) => this.#isShared(view, name) && rows.some((named) => homeless(named, name) !== undefined),
    );
    if (host === undefined) return undefined;
    const why = say("Several ServiceEntries declare {0}, and the metrics do not say which is meant", host);
    return { kind: "none", why };
  }

  #isShared({ ref }: ServiceView, host: string): boolean {
    return homelessKeys(host).some((key) => this.claims.of(rowClaim("services", ref.cluster, key)).size > 1);
  }

  /** No row: idle where the store would have one, else no data, with the reason; `why` tells why it would have none. */
  #withoutRow({ cluster, namespace, why: otherwise }: Rowless, wanted: Wanted): TrafficReading {
    const own = this.#ownFeeds(cluster)[0];
    if (!own) return { kind: "none", why: say("No metrics source was looked for") };
    const why = whyNoRow(own, namespace, wanted) ?? otherwise;
    return why ? { kind: "none", why } : { kind: "idle", feed: cluster, ...staleness(own) };
  }

  #ownFeeds(cluster: ClusterKey): readonly IndexedFeed[] {
    const own = this.#feeds.filter(({ feed }) => feed.status.key === cluster);
    // Two contexts may lead to one cluster; the one with numbers speaks.
    return own.length < 2 ? own : own.toSorted((a, b) => Number(!a.feed.summaries) - Number(!b.feed.summaries));
  }
}

interface Rowless {
  readonly cluster: ClusterKey;
  readonly namespace: string;
  readonly why: Message | undefined;
}

/** Whether anything runs in it; `pods` is empty where pods are not watched. */
export function hasPods(view: WorkloadView): boolean {
  return view.pods.length > 0 || view.replicas.ready > 0;
}

// No series names a gateway's own Service; its pods may be reached in other ways, too.
const gatewayServiceWhy = say(
  "The metrics do not name the Service of a gateway. What passes is shown at its workload and counted at the services behind",
);

function reading({ requests, latency, tcp }: TrafficRow, feed: IndexedFeed, { rows }: Wanted): TrafficReading {
  const moved = (requests?.rps ?? 0) + (tcp?.receivedBytesPerSecond ?? 0) + (tcp?.sentBytesPerSecond ?? 0) > 0;
  const gap = gapIn(feed, { rows, families: ["http", "tcp"] });
  // What has a row of zeros is idle only where nothing else may have been missed.
  if (!moved && gap) return { kind: "none", why: gap };
  const { key } = feed.feed.status;
  return {
    kind: moved ? "flowing" : "idle",
    ...(requests && { requests }),
    ...(latency && { latency }),
    ...(tcp && { tcp }),
    ...(key !== undefined && { feed: key }),
    ...(gap && { why: gap }),
    ...(gap && !requests && { lacksRequests: true }),
    ...staleness(feed),
  };
}

function staleness(feed: IndexedFeed): Pick<TrafficReading, "staleSince"> {
  const since = staleSince(feed);
  return since === undefined ? {} : { staleSince: since };
}

function sumOf(rows: readonly (TrafficRow | undefined)[]): TrafficRow | undefined {
  return rows.reduce((sum, row) => (sum && row ? together(sum, row) : (sum ?? row)), undefined);
}

function homeless(rows: ReadonlyMap<string, TrafficRow>, host: string): TrafficRow | undefined {
  return sumOf(homelessKeys(host).map((key) => rows.get(key)));
}

/** The clusters that a feed's store answers for. Without numbers there is nothing to share. */
function sharersIn(sharers: ReadonlyMap<string, readonly ClusterKey[]>, feed: ClusterFeed): readonly ClusterKey[] {
  const store = storeOf(feed);
  return store === "" ? [] : (sharers.get(store) ?? []);
}

function sameOwners(
  a: ReadonlyMap<string, readonly ClusterKey[]>,
  b: ReadonlyMap<string, readonly ClusterKey[]>,
): boolean {
  return a.size === b.size && [...a].every(([id, keys]) => String(b.get(id)) === String(keys));
}

function addClusters(into: Set<ClusterKey>, { feed, services, workloads, forwarded }: IndexedFeed): void {
  if (feed.status.key !== undefined) into.add(feed.status.key);
  for (const rows of [services, workloads, forwarded]) for (const key of rows.keys()) into.add(key);
}
