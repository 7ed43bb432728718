import type { Disposable } from "../disposer.ts";
import { ClusterInventory } from "../inventory/clusterInventory.ts";
import { isAbort, MeshError } from "../meshError.ts";
import { say } from "../message.ts";
import type { KindOnServer } from "../model/kubeObject.ts";
import type { ClusterKey } from "../model/refs.ts";
import type { ClusterIdentity, ClusterSource, Clock, FindTelemetry, Log } from "../ports.ts";
import type { WorkloadName } from "../telemetry/summaries.ts";
import type { FeedOfCluster } from "../validation/live/liveFeed.ts";
import { ClusterWatches, type WatchedSource } from "./clusterWatches.ts";
import { ConfigWatches } from "./configWatches.ts";
import { ObjectWatches } from "./objectWatches.ts";
import type { ClusterScope, ClusterStatus, ConnectionState } from "./liveMesh.ts";
import { isAddress, leadsElsewhere, otherCluster, steadyWatch } from "./sameCluster.ts";
import type { SummaryPool } from "./summaryPool.ts";
import { TelemetrySession } from "./telemetrySession.ts";

/** A cluster as the caller hands it over: from then on the live mesh owns the source and closes it. */
export interface LiveCluster {
  readonly source: ClusterSource;
  readonly findTelemetry: FindTelemetry;
  /** The context's namespace. */
  readonly defaultNamespace: string | undefined;
  /** The key of the cluster that the context has to lead to; any will do where it was never seen. */
  readonly expectedKey?: ClusterKey | undefined;
}

export interface SessionPart {
  readonly clock: Clock;
  readonly log: Log;
  readonly pool: SummaryPool;
  readonly windowSeconds: number;
  readonly refreshSeconds: number;
  /** Those of all sessions. */
  readonly gateways: () => readonly WorkloadName[];
  readonly isWatched: () => boolean;
  readonly appLabels: readonly string[];
  readonly versionLabels: readonly string[];
  readonly changed: () => void;
}

const firstRetryMillis = 5_000;
const lastRetryMillis = 60_000;

/** One context from the first call to the last: connected, watched, measured, and its failures kept to itself. */
export class ClusterSession implements Disposable {
  readonly source: ClusterSource;
  /** Reads of the source that end when another cluster answers in the place of this one. */
  readonly reads: WatchedSource;
  readonly #cluster: LiveCluster;
  readonly #part: SessionPart;
  readonly #abort = new AbortController();
  #chosen: readonly string[] | undefined;
  #inventory: ClusterInventory | undefined;
  #watches: ClusterWatches | undefined;
  #wantsConfig = false;
  #config: ConfigWatches | undefined;
  readonly #objects = new Map<FeedOfCluster, ObjectWatches>();
  readonly #wantedFeeds = new Set<FeedOfCluster>();
  #kinds: readonly KindOnServer[] = [];
  #telemetry: TelemetrySession;
  #expected: ClusterKey | undefined;
  #key: ClusterKey | undefined;
  #other: { readonly key: ClusterKey; readonly error: MeshError } | undefined;
  #verifying: Promise<void> | undefined;
  #failure: MeshError | undefined;
  #connecting: Promise<void> | undefined;
  #retryMillis = firstRetryMillis;
  #retryAt = 0;
  #lastStatus: ClusterStatus | undefined;
  #lastScope: ClusterScope | undefined;

  constructor(cluster: LiveCluster, chosen: readonly string[] | undefined, part: SessionPart) {
    this.source = cluster.source;
    this.#cluster = cluster;
    this.#chosen = chosen;
    this.#part = part;
    this.#expected = cluster.expectedKey;
    this.#telemetry = new TelemetrySession(cluster.findTelemetry, cluster.source, part);
    const { source } = cluster;
    const ask = () => this.#whyNotSame();
    this.reads = {
      context: source.context,
      list: (query, signal) => source.list(query, signal),
      get: (kind, namespace, name, signal) => source.get(kind, namespace, name, signal),
      watch: (query, signal) => steadyWatch(source.watch(query, signal), { clock: part.clock, signal, ask }),
    };
  }

  get telemetry(): TelemetrySession {
    return this.#telemetry;
  }

  get inventory(): ClusterInventory | undefined {
    return this.#inventory;
  }

  get key(): ClusterKey | undefined {
    return this.#key;
  }

  /** The same object until something in it changes. */
  get status(): ClusterStatus {
    const { state, error } = this.#connection();
    const found = this.#other && { foundKey: this.#other.key };
    const { status: telemetry } = this.#telemetry;
    const next = { context: this.source.context, key: this.#key, ...found, state, error, telemetry };
    const last = this.#lastStatus;
    const isSame =
      last?.key === next.key &&
      last?.foundKey === next.foundKey &&
      last?.state === state &&
      last.error === error &&
      last.telemetry === telemetry;
    if (!isSame) this.#lastStatus = next;
    return this.#lastStatus ?? next;
  }

  /** The same object until something in it changes. */
  get scope(): ClusterScope {
    const { namespaces, selected } = this.#watches ?? {};
    const isComplete = this.#watches?.isComplete === true && !this.#owesNumbers;
    const last = this.#lastScope;
    if (last?.namespaces === namespaces && last?.selected === selected && last?.isComplete === isComplete) return last;
    this.#lastScope = { context: this.source.context, namespaces, selected, isComplete };
    return this.#lastScope;
  }

  kindOf(group: string, kind: string): KindOnServer | undefined {
    return this.#kinds.find((known) => known.group === group && known.kind === kind);
  }

  choose(chosen: readonly string[] | undefined): void {
    this.#chosen = chosen;
    this.#watches?.choose(chosen);
    this.#config?.choose(this.#kinds, this.#fallbacks);
  }

  /** Connects, or mends what ended since. Never throws: how it went is the status. Callers share one attempt. */
  connect(): Promise<void> {
    this.#connecting ??= this.#connectNow().finally(() => (this.#connecting = undefined));
    return this.#connecting;
  }

  /** Connects or mends, looks for the store again where there is none or it failed, and asks for numbers now. */
  async refresh(): Promise<void> {
    await this.connect();
    if (!this.#key || this.#failure) return;
    await this.#telemetry.look();
    await this.#telemetry.ask(this.#part.clock.now());
  }

  /** Every refresh interval while somebody watches. */
  beat(atMillis: number): void {
    // A person has to mend a refused sign-in; asking again would start credential plugins behind their back.
    if (this.#connection().state === "unauthorized") return;
    if (this.#key && !this.#failure) void this.#telemetry.ask(atMillis);
    else if (!this.#failure || atMillis >= this.#retryAt) void this.connect();
  }

  /** Every few minutes while somebody watches: lists again, finds new kinds, and tries again what was forbidden. */
  slowBeat(): void {
    const { state } = this.#connection();
    if (state !== "ready" && state !== "noIstio") return;
    if (this.#watches?.isComplete) void this.connect();
    if (this.#telemetry.status.state === "none") void this.#telemetry.look();
  }

  /** Asks the cluster who it is; callers share one question. Throws where that is not the one that is shown. */
  verify(): Promise<void> {
    this.#verifying ??= this.#verifyNow().finally(() => (this.#verifying = undefined));
    return this.#verifying;
  }

  /** From now on configuration that acts on traffic is read, too, once the lists are in. */
  wantConfig(): void {
    this.#wantsConfig = true;
    this.#readConfig();
  }

  /** Feeds every object that validation reads, from now on until disposed; after another cluster answered, a new feed. */
  feedObjects(feedOf: FeedOfCluster): Disposable {
    this.#wantedFeeds.add(feedOf);
    this.#feedWanted();
    return {
      dispose: () => {
        this.#wantedFeeds.delete(feedOf);
        this.#objects.get(feedOf)?.dispose();
        this.#objects.delete(feedOf);
      },
    };
  }

  /** All that is fed has been listed, or is known not to come. */
  areObjectsIn(feedOf: FeedOfCluster): boolean {
    const { state } = this.#connection();
    if (state !== "ready" && state !== "noIstio") return state !== "connecting";
    return this.#objects.get(feedOf)?.hasAnswered === true;
  }

  #feedWanted(): void {
    const key = this.#key;
    if (key === undefined || this.#kinds.length === 0) return;
    for (const feedOf of this.#wantedFeeds) {
      if (this.#objects.has(feedOf)) continue;
      const feed = feedOf({ key, context: this.source.context });
      const watches = new ObjectWatches({ source: this.reads, feed, log: this.#part.log });
      this.#objects.set(feedOf, watches);
      watches.start(this.#kinds, this.#fallbacks);
    }
  }

  /** That configuration has been listed, or is known not to come. */
  get isConfigIn(): boolean {
    if (this.#config) return this.#config.hasAnswered;
    return this.#connection().state !== "connecting" && this.#watches?.hasAnswered !== true;
  }

  #readConfig(): void {
    if (!this.#wantsConfig || this.#config || !this.#inventory || this.#watches?.hasAnswered !== true) return;
    const { log, changed } = this.#part;
    this.#config = new ConfigWatches({ source: this.reads, inventory: this.#inventory, log }, changed);
    this.#config.start(this.#kinds, this.#fallbacks);
  }

  get #fallbacks(): readonly string[] {
    return this.#chosen ?? [this.#cluster.defaultNamespace ?? "default"];
  }

  /** After changes: what follows from them. */
  settle(): void {
    this.#watches?.settle();
    this.#readConfig();
    if (this.#owesNumbers) void this.#telemetry.ask(this.#part.clock.now());
  }

  /** What its gateways are called in the metrics. A waypoint reports requests as its callers' and its services'. */
  get gateways(): readonly WorkloadName[] {
    const gateways = this.#inventory?.view().gateways ?? [];
    return gateways
      .filter(({ role }) => role !== "waypoint")
      .flatMap(({ ref, telemetryNames }) => telemetryNames.map((name) => ({ namespace: ref.namespace, name })));
  }

  /** Gateways were listed after the question about the numbers: theirs are not in the answer. */
  get #owesNumbers(): boolean {
    return this.#watches?.hasAnswered === true && this.#part.isWatched() && !this.#telemetry.hasAskedFor(this.gateways);
  }

  dispose(): void {
    this.#abort.abort();
    this.#watches?.dispose();
    this.#config?.dispose();
    this.#endFeeds();
    this.#telemetry.dispose();
  }

  #endFeeds(): void {
    for (const watches of this.#objects.values()) watches.dispose();
    this.#objects.clear();
  }

  #connection(): { state: ConnectionState; error: MeshError | undefined } {
    if (this.#other) return { state: "otherCluster", error: this.#other.error };
    const refused = signInError(this.#failure) ?? this.#watches?.signedOut;
    if (refused) return { state: "unauthorized", error: refused };
    const silence = this.#failure ?? this.#watches?.silence;
    if (silence) return { state: "unreachable", error: silence };
    if (!this.#inventory || !this.#watches?.hasAnswered) return { state: "connecting", error: undefined };
    if (this.#hasIstio(this.#inventory)) return { state: "ready", error: undefined };
    // Proxies may be the only sign of a mesh.
    return { state: this.#watches.arePodsIn ? "noIstio" : "connecting", error: undefined };
  }

  /** Istio's kinds on the server, a control plane, or proxies: each alone says that there is a mesh. */
  #hasIstio(inventory: ClusterInventory): boolean {
    const { controlPlanes, role, counts } = inventory.view();
    const hasKinds = this.#kinds.some(({ group }) => group.endsWith(".istio.io"));
    return (
      hasKinds ||
      controlPlanes.length > 0 ||
      (counts.workloads.inMesh ?? 0) > 0 ||
      role === "remote" ||
      role === "primary"
    );
  }

  async #connectNow(): Promise<void> {
    const { signal } = this.#abort;
    try {
      this.#failure = undefined;
      const { key, version } = await this.#identify();
      const kinds = await this.source.kinds(signal);
      if (signal.aborted) return;
      this.#retryMillis = firstRetryMillis;
      this.#kinds = kinds;
      if (key !== this.#key) this.#begin(key, version);
      else {
        this.#watches?.revive(kinds);
        this.#config?.start(kinds, this.#fallbacks);
        for (const watches of this.#objects.values()) watches.start(kinds, this.#fallbacks);
      }
      this.#feedWanted();
      this.#part.changed();
      await this.#telemetry.look();
      if (!this.#telemetry.measured) await this.#telemetry.ask(this.#part.clock.now());
    } catch (e) {
      if (signal.aborted || isAbort(e)) return;
      this.#fail(e);
    }
  }

  /** Who answers. Throws, and keeps nothing of what is shown, where that is another cluster than before. */
  async #identify(): Promise<ClusterIdentity> {
    const found = await this.source.identity(this.#abort.signal);
    const isOther =
      this.#key === undefined
        ? this.#expected !== undefined && this.#expected !== found.key
        : leadsElsewhere(this.#key, found.key);
    if (!isOther) {
      this.#other = undefined;
      // A UID that may no longer be read is still the cluster's.
      return this.#key !== undefined && isAddress(found.key) ? { ...found, key: this.#key } : found;
    }
    this.#forget();
    const error = this.#other?.key === found.key ? this.#other.error : otherCluster(this.source.context);
    this.#other = { key: found.key, error };
    throw error;
  }

  async #verifyNow(): Promise<void> {
    try {
      await this.#identify();
    } catch (e) {
      if (e === this.#other?.error) this.#fail(e);
      throw e;
    }
  }

  /** undefined where the cluster is the one that is shown; the failure where it could not be asked. */
  async #whyNotSame(): Promise<MeshError | undefined> {
    try {
      await this.verify();
      return undefined;
    } catch (e) {
      if (!MeshError.is(e) || signInError(e) || this.#other) throw e;
      return e;
    }
  }

  /** Nothing of one cluster may be taken for another's: not its objects, not its numbers. */
  #forget(): void {
    this.#watches?.dispose();
    this.#watches = undefined;
    this.#config?.dispose();
    this.#config = undefined;
    this.#endFeeds();
    this.#inventory = undefined;
    this.#expected = this.#key ?? this.#expected;
    this.#key = undefined;
    this.#telemetry.dispose();
    this.#telemetry = new TelemetrySession(this.#cluster.findTelemetry, this.source, this.#part);
  }

  #begin(key: ClusterKey, kubernetesVersion: string): void {
    const { appLabels, versionLabels, log, clock, changed } = this.#part;
    const { defaultNamespace } = this.#cluster;
    if (this.#key !== undefined) this.#forget();
    this.#key = key;
    const inventory = new ClusterInventory(
      { key, context: this.source.context, kubernetesVersion },
      { appLabels, versionLabels },
    );
    this.#inventory = inventory;
    this.#watches = new ClusterWatches(
      { source: this.reads, inventory, log, clock, defaultNamespace },
      this.#kinds,
      this.#chosen,
      changed,
    );
  }

  #fail(e: unknown): void {
    const { clock, log, changed } = this.#part;
    const isKnown = MeshError.is(e);
    if (!isKnown) log.error("connecting ended by a bug", e, { context: this.source.context });
    this.#failure = isKnown
      ? e
      : new MeshError("bad-data", say("Connecting to {0} failed.", this.source.context), {
          cause: e,
          hint: say("See the Foreyard log, then refresh."),
        });
    this.#retryAt = clock.now() + this.#retryMillis;
    this.#retryMillis = Math.min(this.#retryMillis * 2, lastRetryMillis);
    changed();
  }
}

function signInError(error: MeshError | undefined): MeshError | undefined {
  return error?.kind === "unauthorized" || error?.kind === "expired" ? error : undefined;
}
