import type { ClusterView, ServiceView, WorkloadView } from "../inventory/views.ts";
import { fill, say, type Message } from "../message.ts";
import type { ClusterKey } from "../model/refs.ts";
import type { Latency, RequestRates, Throughput, TrafficRow } from "../telemetry/summaries.ts";
import type { ClusterFeed } from "./explorerInput.ts";
import { clusterOwners, indexFeed, rowKey, together, type IndexedFeed } from "./trafficIndex.ts";

/** What the metrics say of one service or workload in one cluster. */
export interface TrafficReading {
  /** flowing: something moved in the window; idle: known, and nothing did; none: no data. */
  readonly kind: "flowing" | "idle" | "none";
  readonly requests?: RequestRates;
  readonly latency?: Latency;
  readonly tcp?: Throughput;
  /** The feed it comes from; it may be that of another cluster of the mesh. */
  readonly feed?: ClusterKey;
  /** The source no longer answers: measured then (milliseconds since 1970). */
  readonly staleSince?: number;
  /** Why there is no data, or what limits what there is. */
  readonly why?: Message;
}

/** Joins what the metrics stores say to services and workloads, cluster by cluster. Never sums over two stores. */
export class TrafficJoin {
  #feeds: readonly IndexedFeed[] = [];
  #owners: ReadonlyMap<string, readonly ClusterKey[]> = new Map();
  readonly #claims = new Map<string, Set<string>>();

  /**
   * Takes the feeds; those that are the same object as before, between clusters that kept their IDs, are not read again.
   * Returns the clusters whose readings may have changed, or "all".
   */
  setFeeds(feeds: readonly ClusterFeed[], clusters: readonly ClusterView[]): ReadonlySet<ClusterKey> | "all" {
    const owners = clusterOwners(clusters);
    const kept = sameOwners(owners, this.#owners) ? new Map(this.#feeds.map((old) => [old.feed, old])) : undefined;
    const before = this.#feeds;
    this.#owners = owners;
    this.#feeds = feeds.map((feed) => kept?.get(feed) ?? indexFeed(feed, owners));
    if (!kept) return "all";
    const changed = new Set<ClusterKey>();
    for (const one of before) if (!this.#feeds.includes(one)) addClusters(changed, one);
    for (const one of this.#feeds) if (!before.includes(one)) addClusters(changed, one);
    return changed;
  }

  feedOf(cluster: ClusterKey): ClusterFeed | undefined {
    return this.#ownFeeds(cluster)[0]?.feed;
  }

  /** Names that rows may go by. Two things that claim one name cannot both have its row. */
  claim(view: ServiceView | WorkloadView): void {
    for (const name of claimedNames(view)) {
      const claimants = this.#claims.get(name);
      if (claimants) claimants.add(view.id);
      else this.#claims.set(name, new Set([view.id]));
    }
  }

  release(view: ServiceView | WorkloadView): void {
    for (const name of claimedNames(view)) {
      const claimants = this.#claims.get(name);
      claimants?.delete(view.id);
      if (claimants?.size === 0) this.#claims.delete(name);
    }
  }

  /** Ids of the things that go by a name of this one, itself included. */
  rivals(view: ServiceView | WorkloadView): ReadonlySet<string> {
    return new Set(claimedNames(view).flatMap((name) => [...(this.#claims.get(name) ?? [])]));
  }

  service(view: ServiceView): TrafficReading {
    const { cluster, namespace, name } = view.ref;
    const names = view.type === "ServiceEntry" ? view.hosts : [name];
    const found = this.#lookUp(cluster, (feed) => this.#serviceRow(feed.services.get(cluster), view, names));
    return found ?? this.#withoutRow(cluster, namespace, familiesOf(view));
  }

  /** `rivals`: others that have pods and go by the same name (`destination_workload` holds no kind). */
  workload(view: WorkloadView, rivals: readonly WorkloadView[]): TrafficReading {
    const { cluster, namespace } = view.ref;
    const [rival] = rivals;
    const names = telemetryNames(view);
    const found = this.#lookUp(cluster, (feed) => {
      const rows = feed.workloads.get(cluster);
      return sumOf(names.map((name) => rows?.get(rowKey(namespace, name))));
    });
    if (!found || !rival) return found ?? this.#withoutRow(cluster, namespace, ["http", "tcp"]);
    if (!hasPods(view)) return this.#withoutRow(cluster, namespace, ["http", "tcp"]);
    return {
      kind: "none",
      why: say(
        "The metrics cannot tell {0} {1} from {2} {3}",
        view.ref.kind,
        view.ref.name,
        rival.ref.kind,
        rival.ref.name,
      ),
    };
  }

  // The cluster's own store comes first: it holds what every proxy there reports. Another cluster's store knows at least
  // its own callers, which beats silence.
  #lookUp(cluster: ClusterKey, rowIn: (feed: IndexedFeed) => TrafficRow | undefined): TrafficReading | undefined {
    const own = this.#ownFeeds(cluster);
    for (const feed of own) {
      const row = rowIn(feed);
      if (row) return reading(row, feed.feed);
    }
    for (const feed of this.#feeds) {
      const row = own.includes(feed) ? undefined : rowIn(feed);
      if (!row) continue;
      const context = feed.feed.status.context;
      return { ...reading(row, feed.feed), why: say("Seen from {0}: what other clusters send is not in it", context) };
    }
    return undefined;
  }

  #serviceRow(
    rows: ReadonlyMap<string, TrafficRow> | undefined,
    view: ServiceView,
    names: readonly string[],
  ): TrafficRow | undefined {
    if (!rows) return undefined;
    return sumOf(
      names.map((name) => rows.get(rowKey(view.ref.namespace, name)) ?? this.#homelessRow(rows, view, name)),
    );
  }

  // Older proxies name no namespace with an external host. The row is its own only where nobody else declares the host.
  #homelessRow(rows: ReadonlyMap<string, TrafficRow>, view: ServiceView, host: string): TrafficRow | undefined {
    if (view.type !== "ServiceEntry") return undefined;
    if (this.#claims.get(hostClaim(view.ref.cluster, host))?.size !== 1) return undefined;
    return rows.get(rowKey("unknown", host)) ?? rows.get(rowKey("", host));
  }

  /** No row: idle where the store would have one, else no data, with the reason. */
  #withoutRow(cluster: ClusterKey, namespace: string, families: readonly Family[]): TrafficReading {
    const own = this.#ownFeeds(cluster)[0];
    if (!own) return { kind: "none", why: say("No metrics source was looked for") };
    const why = own.inDoubt ? inDoubt(own.feed) : whyNoRow(own.feed, namespace, families);
    return why ? { kind: "none", why } : { kind: "idle", feed: cluster, ...stale(own.feed) };
  }

  #ownFeeds(cluster: ClusterKey): readonly IndexedFeed[] {
    const own = this.#feeds.filter(({ feed }) => feed.status.key === cluster);
    // Two contexts may lead to one cluster; the one with numbers speaks.
    return own.length < 2 ? own : own.toSorted((a, b) => Number(!a.feed.summaries) - Number(!b.feed.summaries));
  }
}

type Family = "http" | "tcp";

function reading(row: TrafficRow, feed: ClusterFeed): TrafficReading {
  const { requests, latency, tcp } = row;
  const moved = (requests?.rps ?? 0) + (tcp?.receivedBytesPerSecond ?? 0) + (tcp?.sentBytesPerSecond ?? 0) > 0;
  return {
    kind: moved ? "flowing" : "idle",
    ...(requests && { requests }),
    ...(latency && { latency }),
    ...(tcp && { tcp }),
    ...(feed.status.key !== undefined && { feed: feed.status.key }),
    ...stale(feed),
  };
}

function stale({ status }: ClusterFeed): { readonly staleSince?: number } {
  // Anything but "ready" means that the numbers kept are not the newest: the store fails, or is looked for anew.
  const { state, measuredAt } = status.telemetry;
  return state !== "ready" && measuredAt !== undefined ? { staleSince: measuredAt } : {};
}

function inDoubt({ status }: ClusterFeed): Message {
  return say("Istio's cluster ID of {0} is not known, so its rows cannot be told from other clusters'", status.context);
}

function whyNoRow(feed: ClusterFeed, namespace: string, families: readonly Family[]): Message | undefined {
  const { summaries, namespaces, status } = feed;
  const { state, error, sourceLabel } = status.telemetry;
  if (!summaries) {
    if (state === "none") return say("No metrics source was found for {0}", status.context);
    return error?.words ?? say("No numbers have arrived yet from {0}", sourceLabel ?? status.context);
  }
  if (namespaces && !namespaces.includes(namespace))
    return say("Not asked for: namespace {0} is not chosen", namespace);
  const [missing] = summaries.missing;
  if (missing) return say("{0}: {1}", fill(missing.what), fill(missing.why));
  if (families.some((family) => holds(feed, family))) return undefined;
  const lookedFor = families.flatMap((family) => status.telemetry.capabilities?.[family].lookedFor ?? []);
  return say("{0} holds no such metrics. Looked for: {1}", sourceLabel ?? status.context, lookedFor.join(", "));
}

function holds({ status, summaries }: ClusterFeed, family: Family): boolean {
  const capability = status.telemetry.capabilities?.[family];
  if (capability) return capability.present;
  const part = family === "http" ? "requests" : "tcp";
  return summaries?.services.some((row) => row[part] !== undefined) ?? false;
}

// What `ServicePort.protocol` may say for what Istio's HTTP metrics never cover.
const tcpProtocols: ReadonlySet<string> = new Set(["tcp", "tls", "https", "mongo", "mysql", "redis", "udp"]);

/** True if no port speaks HTTP or gRPC by its declaration. A port that Istio would sniff reads "tcp" and may still. */
export function isTcpOnly(view: ServiceView): boolean {
  return view.ports.length > 0 && view.ports.every(({ protocol }) => tcpProtocols.has(protocol.toLowerCase()));
}

// Proxies report requests towards HTTP ports; ztunnel reports whatever it carries as TCP.
function familiesOf(view: ServiceView): readonly Family[] {
  if (isTcpOnly(view)) return ["tcp"];
  return view.dataPlanes.includes("ambient") ? ["http", "tcp"] : ["http"];
}

function sumOf(rows: readonly (TrafficRow | undefined)[]): TrafficRow | undefined {
  return rows.reduce((sum, row) => (sum && row ? together(sum, row) : (sum ?? row)), undefined);
}

function telemetryNames({ telemetryName, otherTelemetryNames = [] }: WorkloadView): readonly string[] {
  return [telemetryName, ...otherTelemetryNames];
}

/** Whether anything runs in it; `pods` is empty where pods are not watched. */
export function hasPods(view: WorkloadView): boolean {
  return view.pods.length > 0 || view.replicas.ready > 0;
}

function claimedNames(view: ServiceView | WorkloadView): readonly string[] {
  const { cluster, namespace } = view.ref;
  if ("telemetryName" in view) return telemetryNames(view).map((name) => `workload/${cluster}/${namespace}/${name}`);
  return view.type === "ServiceEntry" ? view.hosts.map((host) => hostClaim(cluster, host)) : [];
}

function hostClaim(cluster: ClusterKey, host: string): string {
  return `host/${cluster}/${host}`;
}

function sameOwners(
  a: ReadonlyMap<string, readonly ClusterKey[]>,
  b: ReadonlyMap<string, readonly ClusterKey[]>,
): boolean {
  return a.size === b.size && [...a].every(([id, keys]) => String(b.get(id)) === String(keys));
}

function addClusters(into: Set<ClusterKey>, { feed, services, workloads }: IndexedFeed): void {
  if (feed.status.key !== undefined) into.add(feed.status.key);
  for (const key of services.keys()) into.add(key);
  for (const key of workloads.keys()) into.add(key);
}
