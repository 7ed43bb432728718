import { Disposer, type Disposable } from "../disposer.ts";
import type { Assessment } from "../explorer/join/assessment.ts";
import { clusterHealth } from "../explorer/clusterFacts.ts";
import { Explorer } from "../explorer/explorer.ts";
import type { ClusterFeed } from "../explorer/explorerInput.ts";
import type { TreeModel } from "../explorer/node.ts";
import { createFormat } from "../format/format.ts";
import type { ClusterInventory } from "../inventory/clusterInventory.ts";
import type { Verdict } from "../health/verdict.ts";
import { meshesOf } from "../inventory/meshes/meshes.ts";
import type { TrafficConfig } from "../inventory/trafficConfig.ts";
import type { MeshView, ServiceView, WorkloadView } from "../inventory/views.ts";
import { MeshError } from "../meshError.ts";
import { say } from "../message.ts";
import type { KindOnServer, KubeObject } from "../model/kubeObject.ts";
import type { ClusterKey, ObjectRef } from "../model/refs.ts";
import type { Clock, Log } from "../ports.ts";
import type { DrilldownInput } from "../drilldown/drilldownInput.ts";
import type { TopologyInput } from "../topology/reading/topologyReading.ts";
import { ClusterSession, type LiveCluster } from "./clusterSession.ts";
import { Coalescer } from "./coalescer.ts";
import { gatherContextFacts, type ContextFacts } from "./doctorFacts.ts";
import { documentOf } from "./documentOf.ts";
import { followObject, type OnObject } from "./followObject.ts";
import { InventoryFeed } from "./inventoryFeed.ts";
import type { ClusterScope, ClusterStatus, LiveChange, LiveMesh, SortOrder, TreeName, ViewFilter } from "./liveMesh.ts";
import { RefreshClock } from "./refreshClock.ts";
import { SummaryPool } from "./summaryPool.ts";
import { topologyInputOf } from "./topologyInput.ts";

export interface LiveSettings {
  /** The window of the rates. */
  readonly windowSeconds: number;
  readonly refreshSeconds: number;
  /** Label names that tell a workload's app and version, in order of preference. */
  readonly appLabels: readonly string[];
  readonly versionLabels: readonly string[];
  /** What a person chose before; becomes the filter's namespaces. */
  readonly namespaces: readonly string[] | undefined;
  /** Rows below one node before "Show more"; 200 if not given. */
  readonly maxNodesPerGroup?: number;
  /** A BCP 47 tag, for numbers. */
  readonly locale: string;
}

export interface LiveOptions {
  readonly clusters: readonly LiveCluster[];
  readonly clock: Clock;
  readonly log: Log;
  readonly settings: LiveSettings;
}

const redrawMillis = 250;
const slowSeconds = 300;

/** Connects nothing yet: see {@link LiveMesh}. Disposing it closes the clusters' sources, too. */
export function createLiveMesh(options: LiveOptions): LiveMesh {
  return new WatchedMesh(options);
}

class WatchedMesh implements LiveMesh {
  readonly #owned = new Disposer();
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #sessions: readonly ClusterSession[];
  readonly #explorer: Explorer;
  readonly #pulse: Coalescer;
  readonly #refreshClock: RefreshClock;
  readonly #slowClock: RefreshClock;
  readonly #listeners = new Set<(change: LiveChange) => void>();
  readonly #followed = new Set<Disposable>();
  readonly #shown = new InventoryFeed();
  #feeds: readonly ClusterFeed[] = [];
  #scopes: readonly ClusterScope[] = [];
  #meshes: readonly MeshView[] = [];
  #filter: ViewFilter;
  #sort: SortOrder = "name";
  #isFilterNew = true;
  #wantsConfig = false;
  #configs: readonly TrafficConfig[] = [];
  readonly #waitingForConfig = new Set<() => void>();
  #isDisposed = false;

  constructor({ clusters, clock, log, settings }: LiveOptions) {
    this.#clock = clock;
    this.#log = log;
    this.#filter = { namespaces: settings.namespaces, inMeshOnly: false, text: "" };
    this.#explorer = new Explorer(createFormat(settings.locale), settings.maxNodesPerGroup);
    this.#pulse = this.#owned.own(new Coalescer(clock, redrawMillis, () => this.#deliver()));
    const pool = this.#owned.own(new SummaryPool());
    const part = {
      ...settings,
      clock,
      log,
      pool,
      gateways: () => this.#sessions.flatMap((session) => session.gateways),
      isWatched: () => this.#refreshClock.isHeld,
      changed: () => this.#pulse.poke(),
    };
    this.#sessions = clusters.map((cluster) => {
      this.#owned.own(cluster.source);
      return this.#owned.own(new ClusterSession(cluster, settings.namespaces, part));
    });
    this.#refreshClock = this.#owned.own(new RefreshClock(clock, settings.refreshSeconds, () => this.#beat()));
    this.#slowClock = this.#owned.own(
      new RefreshClock(clock, slowSeconds, () => this.#sessions.forEach((session) => session.slowBeat())),
    );
  }

  get clusters(): readonly ClusterStatus[] {
    return this.#sessions.map(({ status }) => status);
  }

  get scopes(): readonly ClusterScope[] {
    return this.#sessions.map(({ scope }) => scope);
  }

  get meshes(): readonly MeshView[] {
    return this.#meshes;
  }

  get services(): readonly ServiceView[] {
    return this.#shown.inventories.flatMap((inventory) => inventory.services());
  }

  get workloads(): readonly WorkloadView[] {
    return this.#shown.inventories.flatMap((inventory) => inventory.workloads());
  }

  get filter(): ViewFilter {
    return this.#filter;
  }

  get sort(): SortOrder {
    return this.#sort;
  }

  get trouble(): { readonly failing: number; readonly degraded: number } {
    return this.#explorer.trouble;
  }

  assessment(id: string): Assessment {
    return this.#explorer.world.assessment(id);
  }

  clusterHealth(key: ClusterKey): Verdict {
    const { world } = this.#explorer;
    const { cluster } = world.place(key);
    return cluster ? clusterHealth(cluster, world) : { state: "unknown", reasons: [] };
  }

  showMore(tree: TreeName, id: string): void {
    this.#tell({ trees: this.#explorer.showMore(tree, id), status: false });
  }

  tree(name: TreeName): TreeModel {
    return this.#explorer.tree(name);
  }

  setFilter(filter: ViewFilter): void {
    const before = this.#filter.namespaces;
    this.#filter = filter;
    this.#isFilterNew = true;
    if (String(before) !== String(filter.namespaces) || (before === undefined) !== (filter.namespaces === undefined)) {
      for (const session of this.#sessions) session.choose(filter.namespaces);
    }
    this.#pulse.poke();
  }

  setSort(order: SortOrder): void {
    this.#sort = order;
    this.#isFilterNew = true;
    this.#pulse.poke();
  }

  watch(): Disposable {
    const holding = new Disposer();
    if (this.#isDisposed) return holding;
    holding.own(this.#refreshClock.hold());
    holding.own(this.#slowClock.hold());
    return holding;
  }

  onChange(listener: (change: LiveChange) => void): Disposable {
    if (!this.#isDisposed) this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  }

  async refresh(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const done = Promise.all(this.#sessions.map((session) => session.refresh()));
    await untilAborted(done, signal);
    this.#pulse.flush();
  }

  diagnose(signal: AbortSignal): Promise<readonly ContextFacts[]> {
    const clock = this.#clock;
    return Promise.all(
      this.#sessions.map(({ source, scope }) =>
        gatherContextFacts({ source, clock, namespaces: scope.selected ?? [] }, signal),
      ),
    );
  }

  drilldown(): DrilldownInput {
    throw new Error("drilldown input is not put together yet");
  }

  topology(): TopologyInput {
    this.#wantConfig();
    const speaking = this.#sessions.filter(
      (session) => session.key === undefined || this.#sessionOf(session.key) === session,
    );
    return topologyInputOf(speaking, this.#shown.inventories, this.#meshes);
  }

  async readConfig(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    this.#wantConfig();
    if (this.#isConfigIn) return;
    let arrived = (): void => undefined;
    const arriving = new Promise<void>((resolve) => (arrived = resolve));
    this.#waitingForConfig.add(arrived);
    await untilAborted(arriving, signal).finally(() => this.#waitingForConfig.delete(arrived));
  }

  async object(ref: ObjectRef, signal: AbortSignal): Promise<KubeObject> {
    const { session, kind } = this.#reach(ref);
    const reading = session.source.get(kind, ref.namespace, ref.name, signal);
    const [object] = await Promise.all([reading, untilAborted(session.verify(), signal)]);
    return documentOf(object);
  }

  follow(ref: ObjectRef, onObject: OnObject): Disposable {
    const following = this.#open(ref, onObject);
    this.#followed.add(following);
    if (this.#isDisposed) following.dispose();
    return {
      dispose: () => {
        this.#followed.delete(following);
        following.dispose();
      },
    };
  }

  kindOf(ref: ObjectRef): KindOnServer | undefined {
    return this.#sessionOf(ref.cluster)?.kindOf(ref.group, ref.kind);
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#listeners.clear();
    for (const following of this.#followed) following.dispose();
    this.#owned.dispose();
  }

  #wantConfig(): void {
    if (this.#wantsConfig) return;
    this.#wantsConfig = true;
    for (const session of this.#sessions) session.wantConfig();
  }

  get #isConfigIn(): boolean {
    return this.#sessions.every(({ isConfigIn }) => isConfigIn);
  }

  /** Whether configuration is another than at the last redraw. */
  #takeConfig(): boolean {
    if (!this.#wantsConfig) return false;
    if (this.#waitingForConfig.size > 0 && this.#isConfigIn) {
      for (const resolve of this.#waitingForConfig) resolve();
      this.#waitingForConfig.clear();
    }
    const before = this.#configs;
    this.#configs = this.#shown.inventories.map((inventory) => inventory.trafficConfig());
    return this.#configs.length !== before.length || this.#configs.some((config, i) => config !== before[i]);
  }

  #sessionOf(key: ClusterKey): ClusterSession | undefined {
    const own = this.#sessions.filter((session) => session.key === key);
    return own.find(({ status }) => status.state === "ready" || status.state === "noIstio") ?? own[0];
  }

  #open(ref: ObjectRef, onObject: OnObject): Disposable {
    try {
      const { session, kind } = this.#reach(ref);
      return followObject({ source: session.reads, kind, ref, log: this.#log }, onObject);
    } catch (e) {
      if (!MeshError.is(e)) throw e;
      return this.#clock.after(0, () => onObject(e));
    }
  }

  #reach(ref: ObjectRef): { session: ClusterSession; kind: KindOnServer } {
    const session = this.#sessionOf(ref.cluster);
    if (!session) {
      throw new MeshError("unreachable", say("The cluster of {0} {1} is not connected.", ref.kind, ref.name), {
        hint: say("Connect to it, then try again."),
      });
    }
    const kind = session.kindOf(ref.group, ref.kind);
    if (kind) return { session, kind };
    const { context } = session.source;
    throw new MeshError(
      "not-found",
      say("The API server of {0} has no kind {1} in {2}.", context, ref.kind, ref.group),
    );
  }

  #beat(): void {
    const now = this.#clock.now();
    for (const session of this.#sessions) session.beat(now);
    this.#pulse.poke();
  }

  /** One redraw: what the inventories and metrics stores said since the last goes to the explorer, and its answer out. */
  #deliver(): void {
    for (const session of this.#sessions) session.settle();
    const { services, workloads, areClustersTouched } = this.#shown.take(this.#speakers());
    if (areClustersTouched) this.#meshes = meshesOf(this.#shown.inventories);
    const { feeds, isNew } = this.#nextFeeds();
    const areScopesNew = this.#takeScopes();
    const touched = this.#explorer.update({
      nowMillis: this.#clock.now(),
      ...(services.size > 0 && { services }),
      ...(workloads.size > 0 && { workloads }),
      ...(areClustersTouched && { meshes: this.#meshes }),
      ...(isNew && { feeds }),
      ...(this.#isFilterNew && { filter: this.#filter, sort: this.#sort }),
    });
    this.#isFilterNew = false;
    this.#tell({ trees: touched, status: isNew || areScopesNew, ...(this.#takeConfig() && { config: true }) });
  }

  #tell(change: LiveChange): void {
    if (Object.keys(change.trees).length === 0 && !change.status && change.config === undefined) return;
    for (const listener of [...this.#listeners]) {
      try {
        listener(change);
      } catch (e) {
        this.#log.error("a listener of the live mesh failed", e);
      }
    }
  }

  /** One inventory for each cluster, however many contexts lead to it: nothing is counted twice. */
  #speakers(): ReadonlyMap<ClusterKey, ClusterInventory> {
    const speakers = new Map<ClusterKey, ClusterInventory>();
    for (const { key } of this.#sessions) {
      const inventory = key === undefined ? undefined : this.#sessionOf(key)?.inventory;
      if (key !== undefined && inventory) speakers.set(key, inventory);
    }
    return speakers;
  }

  #nextFeeds(): { feeds: readonly ClusterFeed[]; isNew: boolean } {
    const before = this.#feeds;
    const feeds = this.#sessions.map((session, i): ClusterFeed => {
      const old = before[i];
      const { status } = session;
      const summaries = session.telemetry.measured?.summaries;
      if (old?.status === status && old.summaries === summaries) return old;
      return { status, summaries, namespaces: undefined };
    });
    this.#feeds = feeds;
    return { feeds, isNew: feeds.some((feed, i) => feed !== before[i]) };
  }

  #takeScopes(): boolean {
    const before = this.#scopes;
    this.#scopes = this.scopes;
    return this.#scopes.some((scope, i) => scope !== before[i]);
  }
}

/** The promise, or the signal's reason when it comes first. The work itself goes on. */
function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- aborts cross untouched
    const leave = () => reject(signal.reason);
    signal.addEventListener("abort", leave, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", leave));
  });
}
