import { createFormat, type Format } from "../../src/mesh/format/format.ts";
import { say } from "../../src/mesh/message.ts";
import { isAbort } from "../../src/mesh/meshError.ts";
import type { Placement } from "../../src/mesh/topology/layout/layout.ts";
import type { HostConnection } from "../../src/protocol/connect.ts";
import { none, type GraphSnapshot } from "../../src/protocol/topology/graphSnapshot.ts";
import type { MenuAct, PageFacts, Target, TopologyContract } from "../../src/protocol/topology/topologyContract.ts";
import { setTranslations, words } from "../shared/words.ts";
import { readTheme } from "../shared/theme.ts";
import type { StateStore } from "../shared/vscodeApi.ts";
import type { Camera } from "./canvas/graphCanvas.ts";
import { hiding } from "./hideText.ts";
import type { LayoutClient } from "./layoutClient.ts";
import type { PageState } from "./pageState.ts";
import { pictureOf, type Picture } from "./picture.ts";
import { Placing, type Placed } from "./placing.ts";
import { RefreshClock } from "../shared/refreshClock.ts";
import { failureOf, type Failure } from "../shared/failure.ts";
import { SelectionLoader, type Selected } from "./selectionLoader.ts";
import { areSameMarks, loadParams, marksOf, needsReading, needsScene } from "./stateChanges.ts";
import { firstState, stateOfMesh } from "./savedState.ts";
import { collapsedAtFirst, sceneOf } from "./scene/sceneOf.ts";

export interface ModelParts {
  readonly host: HostConnection<TopologyContract>;
  readonly kept: StateStore<PageState>;
  readonly layout: LayoutClient;
}

/** All that the page knows and may do; elements draw it and call it, and know nothing of each other. */
export class PageModel extends EventTarget {
  readonly #parts: ModelParts;
  readonly clock: RefreshClock;
  #state: PageState;
  #facts: PageFacts | undefined;
  #format: Format = createFormat("en");
  #picture: Picture | undefined;
  #placement: Placement | undefined;
  readonly #placing: Placing;
  #failure: Failure | undefined;
  #openFailure: Failure | undefined;
  readonly #selection: SelectionLoader;
  #marking: AbortController | undefined;
  #isReading = false;
  #readAt = 0;
  /** Grows with each question for the facts: an answer that another has overtaken does not count. */
  #asking = 0;
  /** Somebody has chosen something: the defaults are no longer taken over. */
  #isChosen: boolean;

  constructor(parts: ModelParts) {
    super();
    this.#parts = parts;
    this.#placing = new Placing(parts.layout);
    this.#selection = new SelectionLoader(parts.host, () => this.#changed());
    const kept = parts.kept.read();
    this.#isChosen = kept !== undefined;
    this.#state = kept ?? firstState({ windowSeconds: 300, refreshSeconds: 15 });
    if (!kept && readTheme().usesScreenReader) this.#state = { ...this.#state, table: "nodes" };
    this.clock = new RefreshClock({
      read: (signal) => this.#read(signal),
      now: () => performance.now(),
      after(milliseconds, callback) {
        const timer = setTimeout(callback, milliseconds);
        return { dispose: () => clearTimeout(timer) };
      },
    });
  }

  get state(): PageState {
    return this.#state;
  }
  get facts(): PageFacts | undefined {
    return this.#facts;
  }
  get format(): Format {
    return this.#format;
  }
  get picture(): Picture | undefined {
    return this.#picture;
  }
  /** Why the last reading failed; the picture before it is still drawn. */
  get failure(): Failure | undefined {
    return this.#failure ?? this.#openFailure;
  }
  get selected(): Selected | undefined {
    return this.#selection.selected;
  }
  get isReading(): boolean {
    return this.#isReading;
  }
  /** Lines of the banner. */
  get problemCount(): number {
    return (this.failure ? 1 : 0) + (this.#picture?.snapshot.problems.length ?? 0);
  }
  /** Something of the mesh is ambient: there are flows that ztunnel or a waypoint sees. */
  get hasAmbient(): boolean {
    return this.#state.ambient !== "total" || (this.#picture?.hasAmbient ?? false);
  }
  /** When the drawn picture arrived (milliseconds since 1970). */
  get readAt(): number {
    return this.#readAt;
  }

  /** The first words to the host; until they are answered nothing else is asked. */
  async open(): Promise<void> {
    const { host } = this.#parts;
    host.on("focus.show", (target) => this.show(target));
    host.on("mesh.changed", ({ meshId }) => {
      if (meshId === this.#facts?.meshId) this.clock.readNow();
      else {
        this.#enter(meshId);
        void this.#ask();
      }
    });
    host.on("menu.act", ({ act, target }) => this.#act(act, target));
    await this.#ask();
  }

  /** Asks what the page is of, and then for the first picture. */
  async #ask(): Promise<void> {
    const asking = ++this.#asking;
    try {
      const facts = await this.#parts.host.ask("page.open", {});
      if (asking !== this.#asking) return;
      this.#openFailure = undefined;
      this.#takeFacts(facts);
    } catch (error) {
      if (asking !== this.#asking) return;
      if (!isAbort(error)) this.#openFailure = failureOf(error);
      this.#changed();
      return;
    }
    this.clock.every(this.#state.refreshSeconds);
    if (document.visibilityState === "visible" && this.#picture) this.clock.readNow();
    else this.clock.setVisible(document.visibilityState === "visible");
    if (this.#state.selection) void this.#selection.load(this.#state.selection);
    this.#changed();
  }

  retry(): void {
    if (this.#facts) this.clock.readNow();
    else void this.#ask();
  }

  setVisible(isVisible: boolean): void {
    if (this.#facts) this.clock.setVisible(isVisible);
  }

  dispose(): void {
    this.clock.dispose();
    this.#selection.clear();
    this.#marking?.abort();
    this.#placing.dispose();
    this.#parts.host.dispose();
  }

  /** Changes what is kept, and reads, marks or draws again as the change asks. */
  change(patch: Partial<PageState>): void {
    const before = this.#state;
    this.#state = { ...before, ...patch };
    this.#isChosen = true;
    this.#parts.kept.write(this.#state);
    if (before.refreshSeconds !== this.#state.refreshSeconds) this.clock.every(this.#state.refreshSeconds);
    if (before.view !== this.#state.view) this.#placing.tidy();
    if (needsReading(before, this.#state)) this.clock.readNow();
    else if (!areSameMarks(marksOf(before), marksOf(this.#state))) void this.#mark();
    if (needsScene(before, this.#state)) this.#redraw();
    this.#changed();
  }

  /** Where the view came to rest: kept, but nothing is drawn anew. null: wherever all of it is seen. */
  keepCamera(camera: Camera | null): void {
    this.#state = { ...this.#state, camera };
    this.#parts.kept.write(this.#state);
  }

  select(target: Target | null): void {
    const current = this.#state.selection;
    if (current?.id === target?.id && current?.what === target?.what) return;
    this.#selection.clear();
    this.change({ selection: target });
    if (target) void this.#selection.load(target);
  }

  /** Selects it and asks the picture to bring it into view. */
  show(target: Target): void {
    const covering = this.#picture ? coveringBoxes(this.#picture, target) : [];
    const { collapsed } = this.#state;
    if (collapsed?.some((id) => covering.includes(id))) {
      this.change({ collapsed: collapsed.filter((id) => !covering.includes(id)) });
    }
    this.select(target);
    this.dispatchEvent(new CustomEvent("reveal", { detail: target }));
  }

  /** Leaves the page for the drill-down of what this leads to. */
  async drillDown(target: Target): Promise<void> {
    await this.quietly(() => this.host.ask("link.follow", { target, id: "drillDown" }));
  }

  reloadSelection(): void {
    if (this.#state.selection) void this.#selection.load(this.#state.selection);
  }

  toggleCollapsed(boxId: string): void {
    const collapsed = new Set(this.#state.collapsed ?? []);
    if (!collapsed.delete(boxId)) collapsed.add(boxId);
    this.change({ collapsed: [...collapsed] });
  }

  /** Opens a collapsed box, or folds the namespace (else the cluster) around something. */
  toggleAround(target: Target): void {
    const end = this.#picture?.endOf(target);
    if (end === undefined || !this.#picture) return;
    const box = end < 0 ? ~end : this.#picture.namespaceOf(end);
    const id = this.#picture.ids.boxes[box];
    if (id !== undefined) this.toggleCollapsed(id);
  }

  drag(positions: Readonly<Record<string, readonly [number, number]>>): void {
    this.#placing.pins = { ...this.#placing.pins, ...positions };
    this.#savePositions();
    void this.#placeAgain();
  }

  tidy(): void {
    this.#placing.pins = {};
    this.#placing.tidy();
    this.#savePositions();
    void this.#placeAgain().then(() => this.dispatchEvent(new CustomEvent("fit")));
  }

  /** Asks the host and shows a failure in the banner. */
  async quietly(asking: () => Promise<unknown>): Promise<void> {
    try {
      await asking();
    } catch (error) {
      if (isAbort(error)) return;
      this.#failure = failureOf(error);
      this.#changed();
    }
  }

  copy(text: string): Promise<void> {
    return this.quietly(() => this.host.ask("text.copy", { text }));
  }

  /** Something outside of the page that helps; afterwards the picture is read again. */
  async takeWay(way: string, problem: string | null): Promise<void> {
    await this.quietly(async () => {
      await this.host.ask("way.take", { way, problem });
      this.clock.readNow();
    });
  }

  showEverything(): void {
    const { show } = this.#state;
    const all = { ...show, services: true, idleNodes: true };
    this.change({ show: all, hiddenBoxes: [], hiddenProtocols: [], hide: "", focus: null });
  }

  get host(): HostConnection<TopologyContract> {
    return this.#parts.host;
  }

  /** The banner's line of the last failed request is taken away by its person. */
  forgetFailure(): void {
    this.#failure = undefined;
    this.#changed();
  }

  #act(act: MenuAct, target: Target): void {
    const { hiddenBoxes, hide } = this.#state;
    if (act === "focus" && target.what === "node") this.change({ focus: { id: target.id, hops: 1 } });
    else if (act === "collapse") this.toggleAround(target);
    else if (act === "hide" && target.what === "box") this.change({ hiddenBoxes: [...hiddenBoxes, target.id] });
    else if (act === "hide" && target.what === "node") {
      const node = this.#picture?.nodeIndex(target.id);
      if (node === undefined || !this.#picture) return;
      this.change({ hide: hiding(this.#picture, node, hide) });
    }
  }

  #takeFacts(facts: PageFacts): void {
    setTranslations(facts.translations);
    document.documentElement.lang = facts.locale;
    document.title = words(say("Topology of {0}", facts.meshName));
    this.#format = createFormat(facts.locale);
    if (!this.#isChosen) {
      const { windowSeconds, refreshSeconds } = facts.defaults;
      this.#state = { ...this.#state, windowSeconds, refreshSeconds };
      this.#isChosen = true;
    }
    this.#enter(facts.meshId);
    this.#facts = facts;
    this.#placing.pins = facts.positions.nodes;
    if (facts.focus) this.#state = { ...this.#state, selection: facts.focus };
  }

  /** Nothing that was read of another mesh, or chosen in it, may be seen in this one, nor asked for. */
  #enter(meshId: string): void {
    const before = this.#state.meshId;
    if (meshId === before) return;
    this.#state = stateOfMesh(this.#state, meshId);
    this.#parts.kept.write(this.#state);
    if (before === null) return;
    // What is being read of the other mesh is given up; reading goes on once the facts of this one are known.
    this.clock.setVisible(false);
    this.#marking?.abort();
    this.#isReading = false;
    this.#selection.clear();
    this.#placing.forget();
    this.#facts = undefined;
    this.#picture = undefined;
    this.#placement = undefined;
    this.#failure = undefined;
    this.dispatchEvent(new Event("otherMesh"));
    this.#changed();
  }

  async #read(signal: AbortSignal): Promise<void> {
    this.#isReading = true;
    this.#changed();
    const params = loadParams(this.#state);
    this.#marking?.abort();
    try {
      const snapshot = await this.#parts.host.ask("graph.load", params, signal);
      signal.throwIfAborted();
      this.#failure = undefined;
      await this.#take(snapshot);
      if (!areSameMarks(params, marksOf(this.#state)) && !signal.aborted) void this.#mark();
      if (this.#state.selection) void this.#selection.load(this.#state.selection);
    } catch (error) {
      if (signal.aborted || isAbort(error)) return;
      this.#failure = failureOf(error);
    } finally {
      if (!signal.aborted) {
        this.#isReading = false;
        this.#changed();
      }
    }
  }

  /** Other marks on the picture that is there. */
  async #mark(): Promise<void> {
    this.#marking?.abort();
    // While a reading is under way its answer is marked anew.
    if (!this.#picture || this.#isReading) return;
    const mine = new AbortController();
    this.#marking = mine;
    try {
      const snapshot = await this.#parts.host.ask("graph.mark", marksOf(this.#state), mine.signal);
      mine.signal.throwIfAborted();
      await this.#take(snapshot);
    } catch (error) {
      if (mine.signal.aborted || isAbort(error)) return;
      this.#failure = failureOf(error);
    }
    this.#changed();
  }

  async #take(snapshot: GraphSnapshot): Promise<void> {
    const { newest } = this.#placing;
    if (newest && snapshot.serial < newest.snapshot.serial) return;
    this.#readAt = Date.now();
    const picture = pictureOf(snapshot);
    if (this.#state.collapsed === null && snapshot.nodes.count > 0) this.#openFirst(picture);
    this.#show(await this.#placing.take(picture));
  }

  #show(placed: Placed | undefined): void {
    if (!placed) return;
    this.#placement = placed.placement;
    this.#picture = this.#compose(placed.picture, placed.placement);
  }

  /** Decides once whether a mesh is too large to be shown node by node; what somebody asked to see is not covered. */
  #openFirst(picture: Picture): void {
    const covering = this.#state.selection ? coveringBoxes(picture, this.#state.selection) : [];
    const collapsed = collapsedAtFirst(picture.snapshot, this.#state).filter((id) => !covering.includes(id));
    this.#state = { ...this.#state, collapsed };
    this.#parts.kept.write(this.#state);
  }

  #compose(picture: Picture, placement: Placement): Picture {
    const { show, hiddenProtocols, hiddenBoxes, focus, collapsed } = this.#state;
    const options = { show, hiddenProtocols, hiddenBoxes, focus, collapsed: new Set(collapsed ?? []) };
    return pictureOf(picture.snapshot, sceneOf(picture.snapshot, placement, options), picture);
  }

  async #placeAgain(): Promise<void> {
    await this.quietly(async () => this.#show(await this.#placing.again()));
    this.#changed();
  }

  #savePositions(): void {
    const meshId = this.#facts?.meshId;
    if (meshId === undefined) return;
    const saved = { meshId, nodes: this.#placing.pins };
    void this.quietly(() => this.#parts.host.ask("positions.save", saved));
  }

  #redraw(): void {
    if (this.#picture && this.#placement) this.#picture = this.#compose(this.#picture, this.#placement);
  }

  #changed(): void {
    this.dispatchEvent(new Event("change"));
  }
}

/** Ids of the boxes that must be open for a target to be seen. */
function coveringBoxes(picture: Picture, target: Target): readonly string[] {
  const ids: string[] = [];
  const { nodes } = picture.snapshot;
  const node = target.what === "node" ? picture.nodeIndex(target.id) : undefined;
  let box = node === undefined ? (picture.boxIndex(target.id) ?? none) : (nodes.box[node] ?? none);
  for (; box !== none; box = picture.parentOf(box)) ids.push(picture.ids.boxes[box] ?? "");
  return ids;
}
