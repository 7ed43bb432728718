import { createFormat, type Format } from "../../src/mesh/format/format.ts";
import type { LevelAction, LevelPath, LevelRef } from "../../src/mesh/drilldown/level.ts";
import { say } from "../../src/mesh/message.ts";
import { isAbort } from "../../src/mesh/meshError.ts";
import type { HostConnection } from "../../src/protocol/connect.ts";
import type {
  ChartSet,
  DrilldownContract,
  DrilldownFacts,
  Level,
  LevelParams,
  WireCard,
} from "../../src/protocol/drilldown/drilldownContract.ts";
import type { ChartsState } from "../shared/charts/chartValues.ts";
import { failureOf, type Failure } from "../shared/failure.ts";
import { PageOpening } from "../shared/pageOpening.ts";
import { PageReading } from "../shared/pageReading.ts";
import { QuietActs } from "../shared/quietActs.ts";
import type { RefreshClock } from "../shared/refreshClock.ts";
import type { StateStore } from "../shared/vscodeApi.ts";
import { setTranslations, words } from "../shared/words.ts";
import { ChartDesk } from "./chartDesk.ts";
import { firstState, gone, stateOfMesh, wentBack, wentForward, type DrilldownState } from "./drilldownState.ts";
import { downFrom, isSamePath, meshPath, pathId, pathOfChoice, pathTo, upFrom } from "./paths.ts";

export interface ModelParts {
  readonly host: HostConnection<DrilldownContract>;
  readonly kept: StateStore<DrilldownState>;
  /** Calls back once; disposing cancels. */
  readonly after: (milliseconds: number, callback: () => void) => { dispose(): void };
}

/** What third parties know of the level. */
export interface Cards {
  readonly cards: readonly WireCard[];
  readonly charts: ChartSet;
}

/** All that the page knows and may do; elements draw it and call it. Says "change", and "arrived" at another level. */
export class DrilldownModel extends EventTarget {
  readonly #parts: ModelParts;
  readonly #reading: PageReading;
  readonly #opening: PageOpening<DrilldownFacts>;
  readonly #acts = new QuietActs(() => this.#changed());
  readonly charts: ChartDesk;
  #state: DrilldownState;
  #facts: DrilldownFacts | undefined;
  #format: Format = createFormat("en");
  #level: Level | undefined;
  /** The path that the level was asked for by. */
  #levelOf = "";
  #cards: Cards | undefined;
  #cardsFailure: Failure | undefined;
  #isChosen: boolean;

  constructor(parts: ModelParts) {
    super();
    this.#parts = parts;
    const kept = parts.kept.read();
    this.#isChosen = kept !== undefined;
    this.#state = kept ?? firstState({ windowSeconds: 300, refreshSeconds: 15, rangeSeconds: 3600 });
    this.#reading = new PageReading({
      load: (signal) => this.#load(signal),
      mayRefresh: () => this.#state.refreshSeconds !== 0 && this.#state.atMillis === null,
      changed: () => this.#changed(),
      now: () => performance.now(),
      after: parts.after,
    });
    this.#opening = new PageOpening({
      ask: () => parts.host.ask("page.open", {}),
      take: (facts) => this.#takeFacts(facts),
      failed: (error) => this.#reading.fail(error),
    });
    this.charts = new ChartDesk({
      load: (params, signal) => parts.host.ask("charts.load", params, signal),
      chosen: () => this.#state.charts.by,
      changed: () => this.#changed(),
    });
  }

  get clock(): RefreshClock {
    return this.#reading.clock;
  }
  get state(): DrilldownState {
    return this.#state;
  }
  get facts(): DrilldownFacts | undefined {
    return this.#facts;
  }
  get format(): Format {
    return this.#format;
  }
  /** What is shown: for a moment still the last level while another is read. */
  get level(): Level | undefined {
    return this.isArriving && (this.isSlow || this.failure) ? undefined : this.#level;
  }
  /** Another level than the shown one was asked for. */
  get isArriving(): boolean {
    return this.#levelOf !== pathId(this.#state.path);
  }
  get isReading(): boolean {
    return this.#reading.isReading;
  }
  /** It takes long enough to say so. */
  get isSlow(): boolean {
    return this.#reading.isSlow;
  }
  get cards(): Cards | undefined {
    return this.isArriving ? undefined : this.#cards;
  }
  get cardsFailure(): Failure | undefined {
    return this.isArriving ? undefined : this.#cardsFailure;
  }
  /** Why the last reading failed. */
  get failure(): Failure | undefined {
    return this.#reading.failure;
  }
  /** Why the last thing asked for could not be done. */
  get actFailure(): Failure | undefined {
    return this.#acts.failure;
  }
  get host(): HostConnection<DrilldownContract> {
    return this.#parts.host;
  }

  /** The first words to the host; until they are answered nothing else is asked. */
  async open(): Promise<void> {
    const { host } = this.#parts;
    host.on("path.show", ({ path }) => this.go(path));
    host.on("mesh.changed", ({ meshId }) => {
      if (meshId === this.#facts?.meshId) this.clock.readNow();
      else {
        this.#enter(meshId);
        void this.#opening.ask();
      }
    });
    host.on("level.changed", () => this.#reading.refresh());
    await this.#opening.ask();
  }

  retry(): void {
    if (!this.#facts) void this.#opening.ask();
    else {
      this.#reading.readAnew();
      this.#changed();
    }
  }

  setVisible(isVisible: boolean): void {
    if (this.#facts) this.clock.setVisible(isVisible);
  }

  dispose(): void {
    this.#reading.dispose();
    this.charts.dispose();
    this.#parts.host.dispose();
  }

  /** Changes how it is looked at, and reads again as the change asks. */
  change(patch: Partial<Omit<DrilldownState, "path" | "back" | "forward" | "charts">>): void {
    const before = this.#state;
    this.#keep({ ...before, ...patch });
    const after = this.#state;
    if (before.refreshSeconds !== after.refreshSeconds) this.clock.every(after.refreshSeconds);
    if (before.windowSeconds !== after.windowSeconds || before.atMillis !== after.atMillis) this.#reading.readAnew();
    else if (before.rangeSeconds !== after.rangeSeconds && this.#level && !this.isArriving)
      this.#takeCharts(this.#level);
    this.#changed();
  }

  changeCharts(charts: ChartsState): void {
    const before = this.#state.charts.by;
    this.#keep({ ...this.#state, charts });
    const ids = Object.keys({ ...before, ...charts.by });
    this.charts.regroup(ids.filter((id) => before[id] !== charts.by[id]));
    this.#changed();
  }

  go(path: LevelPath): void {
    if (path.length === 0 || isSamePath(path, this.#state.path)) return;
    this.#move(gone(this.#state, path));
  }

  /** Follows a row, a suspect or a reason of what is shown. */
  follow(to: LevelRef): void {
    if (this.#level) this.go(pathTo(this.#level, to));
  }

  /** Takes a choice of the breadcrumb. */
  choose(to: LevelRef): void {
    this.go(pathOfChoice(this.path, to));
  }

  back(): void {
    this.#move(wentBack(this.#state));
  }

  forward(): void {
    this.#move(wentForward(this.#state));
  }

  up(): void {
    const path = upFrom(this.path, this.#facts?.meshId ?? "");
    if (path) this.go(path);
  }

  down(): void {
    const to = this.#level && !this.isArriving ? downFrom(this.#level) : undefined;
    if (to) this.follow(to);
  }

  /** Where one is; with what the host knows to lie above it. */
  get path(): LevelPath {
    return this.#level && !this.isArriving ? this.#level.path : this.#state.path;
  }

  /** Goes to a stretch of time that was marked on a chart: charts show it, numbers are those of its end. */
  showRange({ fromMillis, toMillis }: { readonly fromMillis: number; readonly toMillis: number }): void {
    const seconds = Math.round((toMillis - fromMillis) / 1000);
    this.change({ atMillis: Math.min(Math.round(toMillis), Date.now()), rangeSeconds: Math.max(60, seconds) });
  }

  runAction(action: LevelAction, row: string): void {
    const { path } = this;
    void this.#acts.run(() => this.host.ask("action.run", { path, action, row }));
  }

  followLink(id: string): void {
    const { path } = this;
    void this.#acts.run(() => this.host.ask("link.follow", { path, id }));
  }

  copy(text: string): void {
    void this.#acts.run(() => this.host.ask("text.copy", { text }));
  }

  openQuery(query: string, tool: "prometheus" | "grafana"): void {
    const { path } = this;
    void this.#acts.run(() => this.host.ask("query.open", { path, query, tool }));
  }

  saveCsv(name: string, text: string): void {
    void this.#acts.run(() => this.host.ask("csv.save", { name, text }));
  }

  /** Asks the host and shows a failure on the page. */
  quietly(asking: () => Promise<unknown>): Promise<void> {
    return this.#acts.run(asking);
  }

  forgetFailure(): void {
    this.#acts.clear();
    this.#changed();
  }

  #keep(state: DrilldownState): void {
    this.#state = state;
    this.#isChosen = true;
    this.#parts.kept.write(state);
  }

  #move(state: DrilldownState): void {
    if (state === this.#state) return;
    this.#keep(state);
    this.#acts.clear();
    this.#reading.begin();
    this.clock.readNow();
    this.#changed();
  }

  #takeFacts(facts: DrilldownFacts): void {
    setTranslations(facts.translations);
    document.documentElement.lang = facts.locale;
    this.#format = createFormat(facts.locale);
    if (!this.#isChosen) this.#state = { ...this.#state, ...facts.defaults };
    this.#enter(facts.meshId);
    this.#facts = facts;
    if (facts.path && facts.path.length > 0) {
      const isFirst = !this.#isChosen;
      this.#state = isFirst ? { ...this.#state, path: facts.path } : this.#state;
      if (!isFirst && !isSamePath(facts.path, this.#state.path)) this.#state = gone(this.#state, facts.path);
    }
    this.#keep(this.#state);
    this.#reading.begin();
    this.clock.every(this.#state.refreshSeconds);
    this.clock.setVisible(document.visibilityState === "visible");
    this.#changed();
  }

  /** Nothing that was read of another mesh, or chosen in it, may be seen in this one, nor asked for. */
  #enter(meshId: string): void {
    const before = this.#state.meshId;
    if (this.#state.path.length === 0) this.#state = { ...this.#state, path: meshPath(meshId) };
    if (meshId === before) return;
    this.#state = stateOfMesh(this.#state, meshId);
    if (before === null) return;
    this.#parts.kept.write(this.#state);
    this.#reading.stop();
    this.#facts = undefined;
    this.#level = undefined;
    this.#levelOf = "";
    this.#forgetParts();
    this.#changed();
  }

  #forgetParts(): void {
    this.#cards = undefined;
    this.#cardsFailure = undefined;
    this.charts.clear();
  }

  async #load(signal: AbortSignal): Promise<void> {
    const { path, windowSeconds, atMillis } = this.#state;
    const params: LevelParams = { path, windowSeconds, atMillis };
    const level = await this.#parts.host.ask("level.load", params, signal);
    signal.throwIfAborted();
    this.#take(level, path);
    void this.#readCards(params, signal);
  }

  #take(level: Level, path: LevelPath): void {
    const isOther = this.isArriving;
    const before = isOther ? undefined : this.#level;
    this.#level = before && level.presence === "gone" ? leftOf(before, level) : level;
    this.#levelOf = pathId(path);
    if (isOther) this.#forgetParts();
    this.#takeCharts(this.#level);
    document.title = words(say("{0} · Drill-down", level.title));
    if (isOther) this.dispatchEvent(new Event("arrived"));
  }

  #takeCharts(level: Level): void {
    const { windowSeconds, rangeSeconds } = this.#state;
    this.charts.take(level, { path: this.#state.path, windowSeconds, rangeSeconds, atMillis: level.atMillis });
  }

  async #readCards(params: LevelParams, signal: AbortSignal): Promise<void> {
    const of = pathId(params.path);
    try {
      const cards = await this.#parts.host.ask(
        "cards.load",
        { ...params, rangeSeconds: this.#state.rangeSeconds },
        signal,
      );
      if (of !== pathId(this.#state.path)) return;
      this.#cards = cards;
      this.#cardsFailure = undefined;
    } catch (error) {
      if (signal.aborted || isAbort(error) || of !== pathId(this.#state.path)) return;
      this.#cardsFailure = failureOf(error);
    }
    this.#changed();
  }

  #changed(): void {
    this.dispatchEvent(new Event("change"));
  }
}

/** What was read last of a thing that is gone: it stays where the answer about its end has nothing better. */
function leftOf(before: Level, now: Level): Level {
  const isEmpty = now.figures.length === 0 && now.tables.length === 0 && now.facts.length === 0;
  if (!isEmpty) return now;
  const { presence, problems, state } = now;
  return {
    ...before,
    presence,
    problems,
    state,
    staleSince: Number.isNaN(before.staleSince) ? before.atMillis : before.staleSince,
  };
}
