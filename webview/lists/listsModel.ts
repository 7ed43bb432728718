import type { LevelAction } from "../../src/mesh/drilldown/level.ts";
import { createFormat, type Format } from "../../src/mesh/format/format.ts";
import { say } from "../../src/mesh/message.ts";
import type { HostConnection } from "../../src/protocol/connect.ts";
import type { ListsContract, ListsFacts, ListSnapshot, ListWhat } from "../../src/protocol/lists/listsContract.ts";
import type { Failure } from "../shared/failure.ts";
import { PageOpening } from "../shared/pageOpening.ts";
import { PageReading } from "../shared/pageReading.ts";
import { QuietActs } from "../shared/quietActs.ts";
import type { StateStore } from "../shared/vscodeApi.ts";
import { setTranslations, words } from "../shared/words.ts";
import { columnsAtFirst, isText, type ColumnId } from "./columns.ts";
import { listCsv } from "./listCsv.ts";
import { filteredRows, orderedRows } from "./listRows.ts";
import { firstState, type ListLook, type ListsState } from "./listsState.ts";

export interface ModelParts {
  readonly host: HostConnection<ListsContract>;
  readonly kept: StateStore<ListsState>;
  /** Calls back once; disposing cancels. */
  readonly after: (milliseconds: number, callback: () => void) => { dispose(): void };
}

/** All that the page knows and may do; elements draw it and call it. Says "change". */
export class ListsModel extends EventTarget {
  readonly #parts: ModelParts;
  readonly #reading: PageReading;
  readonly #opening: PageOpening<ListsFacts>;
  readonly #acts = new QuietActs(() => this.#changed());
  #state: ListsState;
  #facts: ListsFacts | undefined;
  #format: Format = createFormat("en");
  #list: ListSnapshot | undefined;
  #rows: { readonly of: readonly unknown[]; readonly rows: Uint32Array } | undefined;

  constructor(parts: ModelParts) {
    super();
    this.#parts = parts;
    this.#state = parts.kept.read() ?? firstState;
    this.#reading = new PageReading({
      load: (signal) => this.#load(signal),
      mayRefresh: () => this.#facts?.refreshSeconds !== 0,
      changed: () => this.#changed(),
      now: () => performance.now(),
      after: parts.after,
    });
    this.#opening = new PageOpening({
      ask: () => parts.host.ask("page.open", {}),
      take: (facts) => this.#takeFacts(facts),
      failed: (error) => this.#reading.fail(error),
    });
  }

  get state(): ListsState {
    return this.#state;
  }
  get facts(): ListsFacts | undefined {
    return this.#facts;
  }
  get format(): Format {
    return this.#format;
  }
  get what(): ListWhat {
    return this.#state.what ?? "services";
  }
  get look(): ListLook {
    return this.#state.looks[this.what];
  }
  /** The list that was asked for; never another one's rows under its name. */
  get list(): ListSnapshot | undefined {
    return this.#list?.what === this.what ? this.#list : undefined;
  }
  get columns(): readonly ColumnId[] {
    return this.look.columns ?? columnsAtFirst(this.list);
  }
  get isReading(): boolean {
    return this.#reading.isReading;
  }
  /** It takes long enough to say so. */
  get isSlow(): boolean {
    return this.#reading.isSlow;
  }
  /** Why the last reading failed. */
  get failure(): Failure | undefined {
    return this.#reading.failure;
  }
  /** Why the last thing asked for could not be done. */
  get actFailure(): Failure | undefined {
    return this.#acts.failure;
  }

  /** Rows of the snapshot that are shown, in order. */
  get rows(): Uint32Array {
    const { list, look, state, format } = this;
    if (!list) return new Uint32Array(0);
    const of = [list, look.order, state.text, state.hiddenStates, format];
    if (!this.#rows || of.some((part, i) => part !== this.#rows?.of[i])) {
      this.#rows = { of, rows: orderedRows(list, filteredRows(list, state), look.order, format.locale) };
    }
    return this.#rows.rows;
  }

  /** The first words to the host; until they are answered nothing else is asked. */
  async open(): Promise<void> {
    const { host } = this.#parts;
    host.on("list.show", ({ what }) => this.show(what));
    host.on("mesh.changed", ({ meshId }) => {
      if (meshId === this.#facts?.meshId) this.#reading.clock.readNow();
      else {
        this.#forget();
        void this.#opening.ask();
      }
    });
    host.on("list.changed", () => this.#reading.refresh());
    await this.#opening.ask();
  }

  retry(): void {
    if (!this.#facts) void this.#opening.ask();
    else this.#reading.readAnew();
    this.#changed();
  }

  setVisible(isVisible: boolean): void {
    if (this.#facts) this.#reading.clock.setVisible(isVisible);
  }

  dispose(): void {
    this.#reading.dispose();
    this.#parts.host.dispose();
  }

  show(what: ListWhat): void {
    if (what === this.what) return;
    this.#keep({ ...this.#state, what });
    this.#acts.clear();
    this.#reading.begin();
    this.#reading.clock.readNow();
    this.#changed();
  }

  change(patch: Partial<Pick<ListsState, "text" | "hiddenStates">>): void {
    this.#keep({ ...this.#state, ...patch });
    this.#changed();
  }

  changeLook(patch: Partial<ListLook>): void {
    const look = { ...this.look, ...patch };
    this.#keep({ ...this.#state, what: this.what, looks: { ...this.#state.looks, [this.what]: look } });
    this.#changed();
  }

  /** Sorts by a column: texts from A, numbers and states from the most; again turns it round. */
  sortBy(column: ColumnId): void {
    const { order } = this.look;
    const isDescending = order.column === column ? !order.isDescending : !isText(column);
    this.changeLook({ order: { column, isDescending } });
  }

  openRow(id: string): void {
    void this.#acts.run(() => this.#parts.host.ask("row.open", { id }));
  }

  act(id: string, action: LevelAction): void {
    void this.#acts.run(() => this.#parts.host.ask("row.act", { id, action }));
  }

  copy(text: string): void {
    void this.#acts.run(() => this.#parts.host.ask("text.copy", { text }));
  }

  /** What is shown: its rows and columns, in their order. */
  saveCsv(): void {
    const { list, rows, columns } = this;
    if (!list) return;
    const text = listCsv(list, rows, columns);
    void this.#acts.run(() => this.#parts.host.ask("csv.save", { name: `${list.what}.csv`, text }));
  }

  forgetFailure(): void {
    this.#acts.clear();
    this.#changed();
  }

  #takeFacts(facts: ListsFacts): void {
    setTranslations(facts.translations);
    document.documentElement.lang = facts.locale;
    this.#format = createFormat(facts.locale);
    this.#facts = facts;
    // What was kept is of this page's own last life; a list that somebody asked for comes with the facts.
    this.#keep({ ...this.#state, what: facts.what });
    this.#reading.begin();
    this.#reading.clock.every(facts.refreshSeconds);
    this.#reading.clock.setVisible(document.visibilityState === "visible");
    this.#changed();
  }

  /** Nothing that was read of another mesh may be seen in this one. */
  #forget(): void {
    this.#reading.stop();
    this.#acts.clear();
    this.#facts = undefined;
    this.#list = undefined;
    this.#rows = undefined;
    this.#changed();
  }

  async #load(signal: AbortSignal): Promise<void> {
    const { what } = this;
    const list = await this.#parts.host.ask("list.load", { what }, signal);
    signal.throwIfAborted();
    this.#list = list;
    document.title = words(what === "services" ? say("Services") : say("Workloads"));
  }

  #keep(state: ListsState): void {
    this.#state = state;
    this.#parts.kept.write(state);
  }

  #changed(): void {
    this.dispatchEvent(new Event("change"));
  }
}
