import { EventEmitter, l10n, window, type Event } from "vscode";
import type { Disposable } from "../mesh/disposer.ts";
import type { LiveChange, LiveMesh } from "../mesh/live/liveMesh.ts";
import type { ClusterKey } from "../mesh/model/refs.ts";
import type { Log } from "../mesh/ports.ts";
import type { ContextList, Engine, LoadEngine } from "./engine.ts";
import { needsNewConnection, readSettings, type Settings } from "./settings.ts";
import { connectionOf, metricsOf, nothingYet, type Situation } from "./situation.ts";
import type { StoredState } from "./storedState.ts";
import type { Choice, WindowState } from "./windowState.ts";

/** "opened" when there is another mesh than before, or none any more. */
export type ConnectionChange = LiveChange | "opened";

interface Opened {
  readonly mesh: LiveMesh;
  readonly listening: Disposable;
  /** What each open context was made from; empty for the demo. */
  readonly definitions: ReadonlyMap<string, string>;
}

/**
 * The one mesh this window looks at. It is pinned: it changes only when the user chooses. Nothing is loaded, read or
 * reached before a view is visible or a command asks, and no numbers are asked for while no view is visible.
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
  #live: Opened | undefined;
  #lease: Disposable | undefined;
  #following: Disposable | undefined;
  #reading: Promise<ContextList> | undefined;
  /** Whoever disconnects from the demo mesh does not want it back by the setting that opens it. */
  #isDemoDeclined = false;
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
    const opensDemo = this.#settings.connectDemoOnOpen && !this.#isDemoDeclined;
    return this.#state.value.choice ?? (opensDemo ? { kind: "demo" } : undefined);
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
    const reading = engine.readContexts(this.#settings.kubeconfigFiles);
    this.#reading = reading;
    const list = await reading;
    this.#log.info("read kubeconfig", { files: list.files, contexts: list.contexts.length, problems: list.problems });
    // A newer reading may be of other files.
    if (this.#reading !== reading || this.#isDisposed) return list;
    this.#following?.dispose();
    this.#following = engine.watchContexts(list, () => void this.#reread());
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
    if (this.#live || this.#isDisposed) return Promise.resolve();
    if (this.#opening) return this.#opening.done;
    const opening = { done: Promise.resolve() };
    opening.done = this.#open(opening).finally(() => {
      if (this.#opening === opening) this.#opening = undefined;
    });
    this.#opening = opening;
    return opening.done;
  }

  /**
   * Pins this window to something else and opens it. A context that was shown to lead to another cluster than before and
   * is chosen again means that cluster.
   */
  async pin(choice: Choice | undefined): Promise<void> {
    const chosen = choice?.kind === "contexts" ? choice.contexts : [];
    const found = (this.live?.clusters ?? []).flatMap(({ context, foundKey }) =>
      foundKey !== undefined && chosen.includes(context) ? [[context, foundKey] as const] : [],
    );
    this.#isDemoDeclined = choice === undefined;
    this.close();
    await this.#state.update({ choice, clusterKeys: this.#keysWith(found) });
    await this.open();
  }

  /** The user means the cluster that a context leads to now; does nothing where that is yet another one meanwhile. */
  async accept(context: string, foundKey: ClusterKey): Promise<void> {
    if (!this.live?.clusters.some((cluster) => cluster.context === context && cluster.foundKey === foundKey)) return;
    await this.#state.update({ clusterKeys: this.#keysWith([[context, foundKey]]) });
    await this.reopen();
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
    if (before.connectDemoOnOpen !== this.#settings.connectDemoOnOpen) this.#isDemoDeclined = false;
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
      if (this.#opening === opening) this.#adopt(engine.connectDemo(this.#request()), new Map(), []);
      return;
    }
    const list = await this.contexts();
    const { contexts } = list;
    // Something newer may have been chosen while the files were read.
    if (!this.#isWanted(opening)) return;
    const pinned = choice?.contexts ?? [];
    const present = pinned.filter((name) => contexts.some((entry) => entry.name === name));
    const gone = pinned.filter((name) => !present.includes(name));
    if (present.length > 0) {
      const expectedKeys = new Map(Object.entries(this.#state.value.clusterKeys));
      await this.#tellPrograms(list, present);
      if (!this.#isWanted(opening)) return;
      const mesh = engine.connect({ list, contexts: present, expectedKeys, ...this.#request() });
      this.#adopt(mesh, definitionsOf(list, present), gone);
    } else this.#know({ state: contexts.length === 0 ? "noKubeconfig" : "noContext", gone });
  }

  #isWanted(opening: object): boolean {
    return this.#opening === opening && !this.#isDisposed;
  }

  /** A kubeconfig that starts programs is worth a word, once for each file; nothing waits for an answer. */
  async #tellPrograms({ contexts }: ContextList, present: readonly string[]): Promise<void> {
    const { toldPrograms } = this.#state.value;
    const files = contexts.flatMap(({ name, runsProgramOf }) => (present.includes(name) ? (runsProgramOf ?? []) : []));
    const fresh = [...new Set(files)].filter((file) => !toldPrograms.includes(file));
    if (fresh.length === 0) return;
    await this.#state.update({ toldPrograms: [...toldPrograms, ...fresh] });
    for (const file of fresh) {
      void window.showInformationMessage(
        l10n.t("{0} has a program of this machine started to sign in to the cluster, as kubectl does.", file),
      );
    }
  }

  /** What was refused while the workspace was not trusted is tried again; nothing is opened that was not looked at. */
  async trustGranted(): Promise<void> {
    await this.applySettings();
    const { choice } = this;
    if (choice?.kind === "demo" || (!this.#live && this.#viewers === 0)) return;
    const answers = (this.live?.clusters ?? []).map(({ state }) => state === "ready" || state === "noIstio");
    if (answers.length === 0 || answers.includes(false)) await this.reopen();
  }

  #request() {
    const { namespaces } = this.#state.value;
    const wanted = namespaces ?? this.#settings.namespaces;
    return { settings: this.#settings, namespaces: wanted.length > 0 ? wanted : undefined };
  }

  #adopt(mesh: LiveMesh, definitions: Opened["definitions"], gone: readonly string[]): void {
    const { namespaces } = this.#request();
    const { inMeshOnly, sort } = this.#state.value;
    mesh.setFilter({ namespaces, inMeshOnly, text: "" });
    mesh.setSort(sort ?? this.#settings.sort);
    this.#live = { mesh, definitions, listening: mesh.onChange((change) => this.#tell(change)) };
    if (this.#viewers > 0) this.#lease = mesh.watch();
    // Somebody asked for it all the same, and the status bar must not say "connecting" for ever.
    else mesh.refresh(new AbortController().signal).catch((error: unknown) => this.#log.error("no first look", error));
    this.#log.info("opened", {
      contexts: mesh.clusters.map(({ context }) => context),
      namespaces: namespaces ?? "all",
    });
    this.#know({ state: "connecting", gone });
  }

  #tell(change: LiveChange): void {
    if (change.status) {
      this.#logStates();
      this.#rememberClusters();
    }
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

  #rememberClusters(): void {
    if (this.choice?.kind !== "contexts") return;
    const known = new Map(Object.entries(this.#state.value.clusterKeys));
    const news = (this.live?.clusters ?? []).flatMap(({ context, key }) =>
      key !== undefined && known.get(context) !== key ? [[context, key] as const] : [],
    );
    if (news.length === 0) return;
    this.#state
      .update({ clusterKeys: this.#keysWith(news) })
      .catch((error: unknown) => this.#log.error("the clusters of the contexts could not be remembered", error));
  }

  #keysWith(news: readonly (readonly [string, ClusterKey])[]): WindowState["clusterKeys"] {
    return Object.fromEntries([...Object.entries(this.#state.value.clusterKeys), ...news]);
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
      if (!this.#live) {
        if (this.#viewers > 0) await this.open();
      } else if (this.#isOutdated(list)) {
        // The same name, but another server or other credentials: what is shown is asked for anew, and verified.
        await this.reopen();
      } else {
        const gone = this.situation.contexts.filter((name) => !list.contexts.some((entry) => entry.name === name));
        this.#know({ ...this.#known, gone: this.situation.demo ? [] : gone });
      }
      this.#contextsChanged.fire(list);
    } catch (error) {
      this.#log.error("the changed kubeconfig could not be read", error);
    }
  }

  /** True if a pinned context connects otherwise than it did when it was opened, or was not there then. */
  #isOutdated(list: ContextList): boolean {
    const { choice } = this;
    if (!this.#live || choice?.kind !== "contexts") return false;
    const { definitions } = this.#live;
    return [...definitionsOf(list, choice.contexts)].some(([name, now]) => definitions.get(name) !== now);
  }
}

function definitionsOf({ contexts }: ContextList, names: readonly string[]): ReadonlyMap<string, string> {
  return new Map(contexts.filter(({ name }) => names.includes(name)).map(({ name, definition }) => [name, definition]));
}
