import { EventEmitter, type Event } from "vscode";
import type { Disposable } from "../mesh/disposer.ts";
import type { LiveChange, LiveMesh } from "../mesh/live/liveMesh.ts";
import type { Log } from "../mesh/ports.ts";
import type { ContextList, Engine, LoadEngine } from "./engine.ts";
import { needsNewConnection, readSettings, type Settings } from "./settings.ts";
import { connectionOf, metricsOf, nothingYet, type Situation } from "./situation.ts";
import type { StoredState } from "./storedState.ts";
import type { Choice, WindowState } from "./windowState.ts";

/** "opened" when there is another mesh than before, or none any more. */
export type ConnectionChange = LiveChange | "opened";

/**
 * The one mesh this window looks at. It is pinned: it changes only when the user chooses. Nothing is loaded, read or
 * reached before a view is visible or a command asks, and nothing is asked of the cluster while no view is visible.
 */
export class MeshConnection implements Disposable {
  readonly #changed = new EventEmitter<ConnectionChange>();
  readonly onChange: Event<ConnectionChange> = this.#changed.event;
  readonly #contextsChanged = new EventEmitter<ContextList>();
  /** The kubeconfig was changed by somebody, after it had been read here. */
  readonly onContextsChange: Event<ContextList> = this.#contextsChanged.event;

  readonly #loadEngine: LoadEngine;
  readonly #state: StoredState<WindowState>;
  readonly #log: Log;
  #settings: Settings = readSettings();
  #engine: Promise<Engine> | undefined;
  #opening: { readonly done: Promise<void> } | undefined;
  #live: { readonly mesh: LiveMesh; readonly listening: Disposable } | undefined;
  #lease: Disposable | undefined;
  #following: Disposable | undefined;
  readonly #logged = new Map<string, string>();
  #viewers = 0;
  #known: Pick<Situation, "state" | "gone"> = { state: undefined, gone: [] };
  #isDisposed = false;

  constructor(loadEngine: LoadEngine, state: StoredState<WindowState>, log: Log) {
    this.#loadEngine = loadEngine;
    this.#state = state;
    this.#log = log;
  }

  get live(): LiveMesh | undefined {
    return this.#live?.mesh;
  }

  get settings(): Settings {
    return this.#settings;
  }

  /** What this window is pinned to. */
  get choice(): Choice | undefined {
    return this.#state.value.choice ?? (this.#settings.connectDemoOnOpen ? { kind: "demo" } : undefined);
  }

  get situation(): Situation {
    const { choice } = this;
    if (!choice && this.#known.state === undefined) return nothingYet;
    const clusters = this.live?.clusters ?? [];
    return {
      state: this.live ? connectionOf(clusters) : this.#known.state,
      metrics: metricsOf(clusters),
      demo: choice?.kind === "demo",
      contexts: choice?.kind === "contexts" ? choice.contexts : clusters.map((cluster) => cluster.context),
      gone: this.#known.gone,
    };
  }

  /** Loads what is heavy, once; a failed load may be tried again. */
  engine(): Promise<Engine> {
    this.#engine ??= this.#loadEngine().catch((error: unknown) => {
      this.#engine = undefined;
      throw error;
    });
    return this.#engine;
  }

  /** The kubeconfig as it is now; from then on its changes are heard. */
  async contexts(): Promise<ContextList> {
    const engine = await this.engine();
    const list = await engine.readContexts(this.#settings.kubeconfigFiles);
    this.#log.info("read kubeconfig", { files: list.files, contexts: list.contexts.length, problems: list.problems });
    this.#following?.dispose();
    this.#following = engine.watchContexts(() => void this.#reread());
    if (this.#isDisposed) this.#following.dispose();
    return list;
  }

  /** A view became visible: opens what is pinned, and holds the mesh's clock running until disposed. */
  view(): Disposable {
    this.#viewers++;
    if (this.#viewers === 1) {
      this.#lease ??= this.live?.watch();
      void this.open().catch((error: unknown) => this.#log.error("the pinned contexts could not be opened", error));
    }
    let isOpen = true;
    return {
      dispose: () => {
        if (!isOpen) return;
        isOpen = false;
        this.#viewers--;
        if (this.#viewers === 0) this.#release();
      },
    };
  }

  /** Opens what is pinned if it is not open; tells by {@link situation} where that ended. */
  open(): Promise<void> {
    if (this.#live) return Promise.resolve();
    if (this.#opening) return this.#opening.done;
    const opening = { done: Promise.resolve() };
    opening.done = this.#open(opening).finally(() => {
      if (this.#opening === opening) this.#opening = undefined;
    });
    this.#opening = opening;
    return opening.done;
  }

  /** Pins this window to something else and opens it. */
  async pin(choice: Choice | undefined): Promise<void> {
    this.close();
    await this.#state.update({ choice });
    await this.open();
  }

  /** Opens anew with what holds now. */
  async reopen(): Promise<void> {
    this.close();
    await this.open();
  }

  close(): void {
    this.#opening = undefined;
    this.#release();
    this.#logged.clear();
    const live = this.#live;
    this.#live = undefined;
    if (live) this.#log.info("closed", { contexts: live.mesh.clusters.map(({ context }) => context) });
    live?.listening.dispose();
    live?.mesh.dispose();
    this.#know({ state: undefined, gone: [] });
  }

  /** The settings changed: shows it at once, and opens the mesh anew only where that is needed. */
  async applySettings(): Promise<void> {
    const before = this.#settings;
    this.#settings = readSettings();
    if (before.sort !== this.#settings.sort) {
      await this.#state.update({ sort: undefined });
      this.live?.setSort(this.#settings.sort);
    }
    const startsDemo = before.connectDemoOnOpen !== this.#settings.connectDemoOnOpen && !this.#state.value.choice;
    if (!startsDemo && !needsNewConnection(before, this.#settings)) return;
    const wasLookedAt = this.#live !== undefined || this.#viewers > 0;
    this.close();
    if (wasLookedAt) await this.open();
  }

  dispose(): void {
    this.#isDisposed = true;
    this.close();
    this.#following?.dispose();
    this.#changed.dispose();
    this.#contextsChanged.dispose();
  }

  async #open(opening: object): Promise<void> {
    const engine = await this.engine();
    const { choice } = this;
    if (choice?.kind === "demo") {
      if (this.#opening === opening) this.#adopt(engine.connectDemo(this.#request()), []);
      return;
    }
    const { contexts } = await this.contexts();
    // Something newer may have been chosen while the files were read.
    if (this.#opening !== opening || this.#isDisposed) return;
    const pinned = choice?.contexts ?? [];
    const present = pinned.filter((name) => contexts.some((entry) => entry.name === name));
    const gone = pinned.filter((name) => !present.includes(name));
    if (present.length > 0) this.#adopt(engine.connect({ contexts: present, ...this.#request() }), gone);
    else this.#know({ state: contexts.length === 0 ? "noKubeconfig" : "noContext", gone });
  }

  #request() {
    const { namespaces } = this.#state.value;
    const wanted = namespaces ?? this.#settings.namespaces;
    return { settings: this.#settings, namespaces: wanted.length > 0 ? wanted : undefined };
  }

  #adopt(mesh: LiveMesh, gone: readonly string[]): void {
    const { namespaces } = this.#request();
    const { inMeshOnly, sort } = this.#state.value;
    mesh.setFilter({ namespaces, inMeshOnly, text: "" });
    mesh.setSort(sort ?? this.#settings.sort);
    this.#live = { mesh, listening: mesh.onChange((change) => this.#tell(change)) };
    if (this.#viewers > 0) this.#lease = mesh.watch();
    this.#log.info("opened", {
      contexts: mesh.clusters.map(({ context }) => context),
      namespaces: namespaces ?? "all",
    });
    this.#know({ state: "connecting", gone });
  }

  #tell(change: LiveChange): void {
    if (change.status) this.#logStates();
    this.#changed.fire(change);
  }

  #logStates(): void {
    for (const { context, state, error, telemetry } of this.live?.clusters ?? []) {
      const now = `${state}/${telemetry.state}`;
      if (this.#logged.get(context) === now) continue;
      this.#logged.set(context, now);
      const why = error ?? telemetry.error;
      this.#log.info("cluster", { context, state, metrics: telemetry.state, ...(why ? { why } : {}) });
    }
  }

  #release(): void {
    this.#lease?.dispose();
    this.#lease = undefined;
  }

  #know(known: Pick<Situation, "state" | "gone">): void {
    this.#known = known;
    if (!this.#isDisposed) this.#changed.fire("opened");
  }

  async #reread(): Promise<void> {
    try {
      const list = await this.contexts();
      if (this.#isDisposed) return;
      const gone = this.situation.contexts.filter((name) => !list.contexts.some((entry) => entry.name === name));
      if (this.#live) this.#know({ ...this.#known, gone: this.situation.demo ? [] : gone });
      else if (this.#viewers > 0) await this.open();
      this.#contextsChanged.fire(list);
    } catch (error) {
      this.#log.error("the changed kubeconfig could not be read", error);
    }
  }
}
