import { Disposer, type Disposable } from "../disposer.ts";
import type { Assessment } from "../explorer/join/assessment.ts";
import { clusterHealth } from "../explorer/clusterFacts.ts";
import { Explorer } from "../explorer/explorer.ts";
import type { ClusterFeed } from "../explorer/explorerInput.ts";
import type { TreeModel } from "../explorer/node.ts";
import { createFormat, type Format } from "../format/format.ts";
import { nodeVerdict } from "../health/nodeHealth.ts";
import type { NotesOf } from "../health/notes.ts";
import type { Tolerances } from "../health/tolerances.ts";
import type { Verdict } from "../health/verdict.ts";
import { meshesOf } from "../inventory/meshes/meshes.ts";
import type { TrafficConfig } from "../inventory/trafficConfig.ts";
import type { MeshView, ServiceView, WorkloadView } from "../inventory/views.ts";
import { MeshError } from "../meshError.ts";
import type { KindOnServer, KubeObject } from "../model/kubeObject.ts";
import type { ClusterKey, ObjectRef } from "../model/refs.ts";
import type { Clock, Log, ReadProxyStatus } from "../ports.ts";
import type { DrilldownInput, LevelReads } from "../drilldown/drilldownInput.ts";
import type { FeedOfCluster } from "../validation/live/liveFeed.ts";
import type { TopologyInput } from "../topology/reading/topologyReading.ts";
import { ClusterSession, type LiveCluster } from "./clusterSession.ts";
import { Coalescer } from "./coalescer.ts";
import { gatherContextFacts, type ContextFacts } from "./doctorFacts.ts";
import { documentOf } from "./documentOf.ts";
import { drilldownInputOf } from "./drilldownInput.ts";
import { followObject, type OnObject } from "./followObject.ts";
import { InventoryFeed } from "./inventoryFeed.ts";
import { createLevelReads } from "./levelReads.ts";
import type {
  ClusterScope,
  ClusterStatus,
  LiveChange,
  LiveMesh,
  ObjectFeeding,
  SortOrder,
  TreeName,
  ViewFilter,
} from "./liveMesh.ts";
import { RefreshClock } from "./refreshClock.ts";
import { LiveSessions } from "./sessions.ts";
import { SummaryPool } from "./summaryPool.ts";
import { topologyInputOf } from "./topologyInput.ts";
import { untilAborted } from "./untilAborted.ts";

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
  /** What health is judged by; the usual ones if not given. */
  readonly tolerances?: Tolerances;
}

export interface LiveOptions {
  readonly clusters: readonly LiveCluster[];
  readonly clock: Clock;
  readonly log: Log;
  readonly settings: LiveSettings;
  /** Without it no proxy's state is known. */
  readonly readProxyStatus?: ReadProxyStatus | undefined;
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
  readonly #settings: LiveSettings;
  readonly #reach: LiveSessions;
  readonly #reads: LevelReads;
  readonly #format: Format;
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
  #notes: NotesOf | undefined;
  #wantsConfig = false;
  #configs: readonly TrafficConfig[] = [];
  readonly #waitingForConfig = new Set<() => void>();
  #isDisposed = false;

  constructor({ clusters, clock, log, settings, readProxyStatus }: LiveOptions) {
    this.#clock = clock;
    this.#log = log;
    this.#filter = { namespaces: settings.namespaces, inMeshOnly: false, text: "" };
    this.#settings = settings;
    this.#format = createFormat(settings.locale);
    this.#explorer = new Explorer(this.#format, settings.maxNodesPerGroup);
    if (settings.tolerances) this.#explorer.update({ tolerances: settings.tolerances });
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
    const sessions = clusters.map((cluster) => {
      this.#owned.own(cluster.source);
      return this.#owned.own(new ClusterSession(cluster, settings.namespaces, part));
    });
    this.#reach = new LiveSessions(sessions);
    this.#reads = createLevelReads({
      sessions: this.#reach,
      meshes: () => this.#meshes,
      clock,
      readProxyStatus,
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

  feedObjects(feedOf: FeedOfCluster): ObjectFeeding {
    const sessions = this.#sessions;
    const feeding = sessions.map((session) => session.feedObjects(feedOf));
    return {
      get isIn() {
        return sessions.every((session) => session.areObjectsIn(feedOf));
      },
      dispose: () => {
        for (const one of feeding) one.dispose();
      },
    };
  }

  setNotes(notes: NotesOf): void {
    this.#notes = notes;
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
    return drilldownInputOf(this.topology(), this.#shown.inventories, {
      assessment: (id) => this.assessment(id),
      nodeVerdict: (node) => nodeVerdict(node, this.#explorer.world),
      clusterHealth: (key) => this.clusterHealth(key),
      reads: this.#reads,
      format: this.#format,
      windowSeconds: this.#settings.windowSeconds,
      now: () => this.#clock.now(),
    });
  }

  topology(): TopologyInput {
    this.#wantConfig();
    return topologyInputOf(this.#reach.speaking, this.#shown.inventories, this.#meshes, this.#explorer.world);
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
    return documentOf(await this.#reach.object(ref, signal));
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
    return this.#reach.of(ref.cluster)?.kindOf(ref.group, ref.kind);
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

  get #sessions(): readonly ClusterSession[] {
    return this.#reach.all;
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

  #open(ref: ObjectRef, onObject: OnObject): Disposable {
    try {
      const { session, kind } = this.#reach.reachObject(ref);
      return followObject({ source: session.reads, kind, ref, log: this.#log }, onObject);
    } catch (e) {
      if (!MeshError.is(e)) throw e;
      return this.#clock.after(0, () => onObject(e));
    }
  }

  #beat(): void {
    const now = this.#clock.now();
    for (const session of this.#sessions) session.beat(now);
    this.#pulse.poke();
  }

  /** One redraw: what the inventories and metrics stores said since the last goes to the explorer, and its answer out. */
  #deliver(): void {
    for (const session of this.#sessions) session.settle();
    const { services, workloads, nodes, areClustersTouched } = this.#shown.take(this.#reach.inventories);
    if (areClustersTouched) this.#meshes = meshesOf(this.#shown.inventories);
    const { feeds, isNew } = this.#nextFeeds();
    const areScopesNew = this.#takeScopes();
    const touched = this.#explorer.update({
      nowMillis: this.#clock.now(),
      ...(services.size > 0 && { services }),
      ...(workloads.size > 0 && { workloads }),
      ...(nodes && { nodes }),
      ...(this.#notes && { notes: this.#notes }),
      ...(areClustersTouched && { meshes: this.#meshes }),
      ...(isNew && { feeds }),
      ...(this.#isFilterNew && { filter: this.#filter, sort: this.#sort }),
    });
    this.#isFilterNew = false;
    this.#notes = undefined;
    this.#tell({
      trees: touched,
      status: isNew || areScopesNew,
      ...(this.#takeConfig() && { config: true }),
      ...(nodes && { nodes: true }),
    });
  }

  #tell(change: LiveChange): void {
    const { trees, status, config, nodes } = change;
    if (Object.keys(trees).length === 0 && !status && config === undefined && nodes === undefined) return;
    for (const listener of [...this.#listeners]) {
      try {
        listener(change);
      } catch (e) {
        this.#log.error("a listener of the live mesh failed", e);
      }
    }
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
