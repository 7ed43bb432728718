import { isAbort } from "../../src/mesh/meshError.ts";
import type { Grouping } from "../../src/mesh/telemetry/levels/levelTelemetry.ts";
import type { ChartParams, ChartSet, Level, WireChart } from "../../src/protocol/drilldown/drilldownContract.ts";
import type { ChartValues } from "../shared/charts/chartValues.ts";
import { failureOf, type Failure } from "../shared/failure.ts";

export interface ChartParts {
  /** Reads charts of what is shown. */
  load(params: ChartParams, signal: AbortSignal): Promise<ChartSet>;
  /** Grouping by offer's id, where a person chose one. */
  chosen(): Readonly<Record<string, Grouping>>;
  changed(): void;
}

/** Of which reading charts are: they end where the level's numbers do, so that all share one axis of time. */
export type ChartFrame = Omit<ChartParams, "charts">;

const none = new Float64Array(0);

/** Reads the charts that somebody looks at, and keeps those read while newer ones are on their way. */
export class ChartDesk {
  readonly #parts: ChartParts;
  #frame: ChartFrame | undefined;
  #level: Level | undefined;
  #times: Float64Array = none;
  #charts = new Map<string, WireChart>();
  readonly #wanted = new Set<string>();
  readonly #loading = new Set<string>();
  #reading = new AbortController();
  #failure: Failure | undefined;
  #values: ChartValues | undefined;
  #isGathering = false;

  constructor(parts: ChartParts) {
    this.#parts = parts;
  }

  /** The same object until something changes. */
  get values(): ChartValues {
    this.#values ??= { offers: this.#level?.charts ?? [], times: this.#times, charts: new Map(this.#charts) };
    return this.#values;
  }

  get failure(): Failure | undefined {
    return this.#failure;
  }

  /** Another level: nothing of the last one stays. */
  clear(): void {
    this.#reading.abort();
    this.#wanted.clear();
    this.#loading.clear();
    this.#charts = new Map();
    this.#times = none;
    this.#level = undefined;
    this.#frame = undefined;
    this.#failure = undefined;
    this.#tell();
  }

  /** A newer reading of the level: charts that were looked at are read again, and replaced as they come. */
  take(level: Level, frame: ChartFrame): void {
    this.#level = level;
    this.#frame = frame;
    const offered = new Set(level.charts.map(({ id }) => id));
    for (const id of this.#wanted) if (!offered.has(id)) this.#wanted.delete(id);
    for (const id of this.#charts.keys()) if (!offered.has(id)) this.#charts.delete(id);
    this.#tell();
    this.#readAgain([...this.#wanted]);
  }

  /** These came into view. Those that come together are read together. */
  want(ids: readonly string[]): void {
    for (const id of ids) this.#wanted.add(id);
    if (this.#isGathering) return;
    this.#isGathering = true;
    queueMicrotask(() => {
      this.#isGathering = false;
      void this.#read([...this.#wanted].filter((id) => !this.#charts.has(id) && !this.#loading.has(id)));
    });
  }

  /** These are grouped otherwise than when they were read. */
  regroup(ids: readonly string[]): void {
    void this.#read(ids.filter((id) => this.#wanted.has(id)));
  }

  retry(): void {
    this.#readAgain([...this.#wanted]);
  }

  dispose(): void {
    this.#reading.abort();
  }

  #readAgain(ids: readonly string[]): void {
    this.#reading.abort();
    this.#loading.clear();
    void this.#read(ids);
  }

  async #read(ids: readonly string[]): Promise<void> {
    const [frame, level] = [this.#frame, this.#level];
    if (!frame || !level || ids.length === 0) return;
    if (this.#reading.signal.aborted) this.#reading = new AbortController();
    const { signal } = this.#reading;
    const charts = level.charts
      .filter(({ id }) => ids.includes(id))
      .map(({ id, groupings }) => {
        const chosen = this.#parts.chosen()[id];
        return { id, by: chosen !== undefined && groupings.includes(chosen) ? chosen : (groupings[0] ?? "none") };
      });
    for (const { id } of charts) this.#loading.add(id);
    try {
      const set = await this.#parts.load({ ...frame, charts }, signal);
      signal.throwIfAborted();
      this.#failure = undefined;
      this.#put(set, charts);
    } catch (error) {
      if (signal.aborted || isAbort(error)) return;
      this.#failure = failureOf(error);
    }
    for (const { id } of charts) this.#loading.delete(id);
    this.#tell();
  }

  #put(set: ChartSet, asked: ChartParams["charts"]): void {
    // Charts of other times than these cannot stand on one axis with them; they are read again when next looked at.
    if (!areSame(set.times, this.#times)) this.#charts = new Map();
    this.#times = set.times;
    for (const chart of set.charts) {
      const by = asked.find(({ id }) => id === chart.id)?.by;
      const chosen = this.#parts.chosen()[chart.id];
      // Another grouping was chosen while this one was under way.
      if (by !== undefined && (chosen === undefined || chosen === by)) this.#charts.set(chart.id, chart);
    }
    const missing = [...this.#wanted].filter((id) => !this.#charts.has(id) && !this.#loading.has(id));
    if (missing.length > 0) void this.#read(missing);
  }

  #tell(): void {
    this.#values = undefined;
    this.#parts.changed();
  }
}

function areSame(a: Float64Array, b: Float64Array): boolean {
  return a.length === b.length && a[0] === b[0] && a.at(-1) === b.at(-1);
}
