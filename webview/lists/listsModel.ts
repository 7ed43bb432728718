import type { LevelAction } from "../../src/mesh/drilldown/level.ts";
import { createFormat, type Format } from "../../src/mesh/format/format.ts";
import { isAbort } from "../../src/mesh/meshError.ts";
import { say } from "../../src/mesh/message.ts";
import type { HostConnection } from "../../src/protocol/connect.ts";
import type { ListsContract, ListsFacts, ListSnapshot, ListWhat } from "../../src/protocol/lists/listsContract.ts";
import { failureOf, type Failure } from "../shared/failure.ts";
import { RefreshClock } from "../shared/refreshClock.ts";
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

/** A list that takes longer than this leaves the page blank but for its outline. */
const patienceMillis = 200;

/** All that the page knows and may do; elements draw it and call it. Says "change". */
export class ListsModel extends EventTarget {
  readonly #parts: ModelParts;
  readonly #clock: RefreshClock;
  #state: ListsState;
  #facts: ListsFacts | undefined;
  #format: Format = createFormat("en");
  #list: ListSnapshot | undefined;
  #failure: Failure | undefined;
  #actFailure: Failure | undefined;
  #isReading = false;
  #isSlow = false;
  #isDirty = false;
  #asking = 0;
  #waiting: { dispose(): void } | undefined;
  #rows: { readonly of: readonly unknown[]; readonly rows: Uint32Array } | undefined;

  constructor(parts: ModelParts) {
    super();
    this.#parts = parts;
    this.#state = parts.kept.read() ?? firstState;
    this.#clock = new RefreshClock({
      read: (signal) => this.#read(signal),
      now: () => performance.now(),
      after: parts.after,
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
    return this.#isReading;
  }
  /** It takes long enough to say so. */
  get isSlow(): boolean {
    return this.#isSlow;
  }
  /** Why the last reading failed. */
  get failure(): Failure | undefined {
    return this.#failure;
  }
  /** Why the last thing asked for could not be done. */
  get actFailure(): Failure | undefined {
    return this.#actFailure;
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
      if (meshId === this.#facts?.meshId) this.#clock.readNow();
      else {
        this.#forget();
        void this.#ask();
      }
    });
    host.on("list.changed", () => this.#refresh());
    await this.#ask();
  }

  retry(): void {
    if (!this.#facts) void this.#ask();
    else this.#readAnew();
    this.#changed();
  }

  setVisible(isVisible: boolean): void {
    if (this.#facts) this.#clock.setVisible(isVisible);
  }

  dispose(): void {
    this.#clock.dispose();
    this.#waiting?.dispose();
    this.#parts.host.dispose();
  }

  show(what: ListWhat): void {
    if (what === this.what) return;
    this.#keep({ ...this.#state, what });
    this.#failure = undefined;
    this.#actFailure = undefined;
    this.#readAnew();
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
    void this.#quietly(() => this.#parts.host.ask("row.open", { id }));
  }

  act(id: string, action: LevelAction): void {
    void this.#quietly(() => this.#parts.host.ask("row.act", { id, action }));
  }

  copy(text: string): void {
    void this.#quietly(() => this.#parts.host.ask("text.copy", { text }));
  }

  /** What is shown: its rows and columns, in their order. */
  saveCsv(): void {
    const { list, rows, columns } = this;
    if (!list) return;
    const text = listCsv(list, rows, columns);
    void this.#quietly(() => this.#parts.host.ask("csv.save", { name: `${list.what}.csv`, text }));
  }

  forgetFailure(): void {
    this.#actFailure = undefined;
    this.#changed();
  }

  async #ask(): Promise<void> {
    const asking = ++this.#asking;
    try {
      const facts = await this.#parts.host.ask("page.open", {});
      if (asking !== this.#asking) return;
      this.#takeFacts(facts);
    } catch (error) {
      if (asking !== this.#asking) return;
      if (!isAbort(error)) this.#failure = failureOf(error);
      this.#changed();
      return;
    }
    this.#wait();
    this.#clock.every(this.#facts?.refreshSeconds ?? 0);
    this.#clock.setVisible(document.visibilityState === "visible");
    this.#changed();
  }

  #takeFacts(facts: ListsFacts): void {
    setTranslations(facts.translations);
    document.documentElement.lang = facts.locale;
    this.#format = createFormat(facts.locale);
    this.#failure = undefined;
    this.#facts = facts;
    this.#keep({ ...this.#state, what: facts.what });
  }

  /** Nothing that was read of another mesh may be seen in this one. */
  #forget(): void {
    this.#clock.setVisible(false);
    this.#isReading = false;
    this.#facts = undefined;
    this.#list = undefined;
    this.#rows = undefined;
    this.#failure = undefined;
    this.#actFailure = undefined;
    this.#changed();
  }

  #readAnew(): void {
    this.#wait();
    this.#clock.readNow();
  }

  /** The inventory changed; what is being read is read once more, but not given up over and over. */
  #refresh(): void {
    if (this.#facts?.refreshSeconds === 0) return;
    if (this.#clock.isReading) this.#isDirty = true;
    else this.#clock.readNow();
  }

  #wait(): void {
    this.#waiting?.dispose();
    this.#isSlow = false;
    this.#waiting = this.#parts.after(patienceMillis, () => {
      this.#isSlow = true;
      this.#changed();
    });
  }

  async #read(signal: AbortSignal): Promise<void> {
    this.#isReading = true;
    this.#isDirty = false;
    this.#changed();
    const { what } = this;
    try {
      const list = await this.#parts.host.ask("list.load", { what }, signal);
      signal.throwIfAborted();
      this.#failure = undefined;
      this.#list = list;
      document.title = words(what === "services" ? say("Services") : say("Workloads"));
    } catch (error) {
      if (signal.aborted || isAbort(error)) return;
      this.#failure = failureOf(error);
    } finally {
      if (!signal.aborted) this.#finish();
    }
  }

  #finish(): void {
    this.#isReading = false;
    this.#waiting?.dispose();
    this.#isSlow = false;
    this.#changed();
    if (this.#isDirty) queueMicrotask(() => this.#refresh());
  }

  async #quietly(asking: () => Promise<unknown>): Promise<void> {
    try {
      await asking();
      this.#actFailure = undefined;
    } catch (error) {
      if (isAbort(error)) return;
      this.#actFailure = failureOf(error);
    }
    this.#changed();
  }

  #keep(state: ListsState): void {
    this.#state = state;
    this.#parts.kept.write(state);
  }

  #changed(): void {
    this.dispatchEvent(new Event("change"));
  }
}
