import type { Call } from "../../telemetry/edges/calls.ts";
import type { EdgeSeries } from "../../telemetry/edges/edgeAnswer.ts";
import type { EdgeRange, EdgeTable } from "../../telemetry/edges/edgeTable.ts";
import { isError, outcomeOf } from "../../telemetry/errorRules.ts";
import type { SelectionSeries } from "./topologyReading.ts";

type Latency = NonNullable<EdgeSeries["latency"]>;

/** The times at which all of several series have a step, and which one that is of each. */
export interface CommonTimes {
  /** Seconds since 1970. */
  readonly times: Float64Array;
  /** For each of the series: the index of its step at each time. */
  readonly steps: readonly Int32Array[];
}

export function commonTimes(series: readonly EdgeSeries[]): CommonTimes {
  const [first, ...others] = series.map(({ edges }) => edges.times);
  if (!first) return { times: new Float64Array(0), steps: [] };
  const indexes = [first, ...others].map((times) => new Map([...times].map((time, i) => [millisOf(time), i])));
  const times = first.filter((time) => indexes.every((known) => known.has(millisOf(time))));
  const steps = indexes.map((known) => Int32Array.from(times, (time) => known.get(millisOf(time)) ?? -1));
  return { times, steps };
}

/** Steps of fractions of a second add up with an error; no store tells less than milliseconds. */
function millisOf(seconds: number): number {
  return Math.round(seconds * 1000);
}

/** One moment of a range: rows without a value then stand for nothing. */
export function tableAt({ times, points, ...table }: EdgeRange, step: number): EdgeTable {
  const values = new Float64Array(table.length);
  for (let row = 0; row < table.length; row++) {
    const value = points[row * times.length + step] ?? NaN;
    values[row] = Number.isFinite(value) && value > 0 ? value : 0;
  }
  return { ...table, values };
}

export function hasData({ times, points, length }: EdgeRange, step: number): boolean {
  for (let row = 0; row < length; row++) if (!Number.isNaN(points[row * times.length + step] ?? NaN)) return true;
  return false;
}

export function latencyAt({ p50, p95, p99 }: Latency, steps: Int32Array): Latency {
  const at = (values: Float64Array) => Float64Array.from(steps, (step) => values[step] ?? NaN);
  return { p50: at(p50), p95: at(p95), p99: at(p99) };
}

/** What is known of a selection: sums without all their parts would be too low. */
export interface KnownAmounts {
  readonly requests: boolean;
  readonly bytes: boolean;
}

export class SeriesSums {
  readonly result: Omit<SelectionSeries, "latency" | "problems" | "provenance">;
  readonly #known: KnownAmounts;

  constructor(times: Float64Array, known: KnownAmounts) {
    const gaps = () => new Float64Array(times.length).fill(NaN);
    this.#known = known;
    this.result = {
      times,
      rps: gaps(),
      errorsPerSecond: gaps(),
      sentBytesPerSecond: gaps(),
      receivedBytesPerSecond: gaps(),
    };
  }

  add(step: number, calls: readonly Call[]): void {
    const { rps, errorsPerSecond, sentBytesPerSecond, receivedBytesPerSecond } = this.result;
    const sum = (amount: (call: Call) => number) => calls.reduce((total, call) => total + amount(call), 0);
    if (this.#known.requests) {
      rps[step] = sum((call) => call.rps);
      errorsPerSecond[step] = sum((call) => (isFailed(call) ? call.rps : 0));
    }
    if (this.#known.bytes) {
      sentBytesPerSecond[step] = sum((call) => call.sentBytesPerSecond);
      receivedBytesPerSecond[step] = sum((call) => call.receivedBytesPerSecond);
    }
  }
}

function isFailed({ protocol, code, grpcStatus }: Call): boolean {
  return isError(outcomeOf(protocol, code, grpcStatus));
}
