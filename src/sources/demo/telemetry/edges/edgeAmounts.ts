import { envoyBounds, quantileOf } from "../../traffic/buckets.ts";
import { dot, type Flow } from "../../traffic/flow.ts";
import type { Span, TrafficHistory } from "../../traffic/trafficHistory.ts";
import { moodOf } from "../../traffic/waves.ts";
import type { SeriesBook, SeriesPart } from "./seriesBook.ts";

/** A window with what is reported of it. */
export interface ReportedWindow {
  /** 0 where the window ends before time zero. */
  readonly seconds: number;
  readonly spans: readonly { readonly parts: readonly SeriesPart[]; readonly integrals: Float64Array }[];
}

/** Where the window begins before time zero, rates are over the time there was, as in the demo's summaries. */
export async function reportedWindow(
  history: TrafficHistory,
  book: SeriesBook,
  { windowSeconds, atMillis }: { readonly windowSeconds: number; readonly atMillis: number },
): Promise<ReportedWindow> {
  const from = Math.max(history.startMillis, atMillis - windowSeconds * 1000);
  const seconds = Math.max(0, (atMillis - from) / 1000);
  const withParts = async ({ flows, integrals }: Span) => ({ parts: await book.partsOf(flows), integrals });
  return { seconds, spans: await Promise.all(history.spans(from, atMillis).map(withParts)) };
}

/** Requests or round trips, and bytes of the flow's client and of its server, per second by series. */
export interface SeriesRates {
  readonly requests: Float64Array;
  readonly fromClient: Float64Array;
  readonly toClient: Float64Array;
}

export function ratesOf(book: SeriesBook, { seconds, spans }: ReportedWindow): SeriesRates {
  const rates = {
    requests: new Float64Array(book.length),
    fromClient: new Float64Array(book.length),
    toClient: new Float64Array(book.length),
  };
  for (const { parts, integrals } of spans) {
    for (const { flow, series } of parts) {
      const rate = dot(flow.rates, integrals) / seconds;
      increase(rates.requests, series, rate);
      increase(rates.fromClient, series, rate * flow.requestBytes);
      increase(rates.toClient, series, rate * flow.responseBytes);
    }
  }
  return rates;
}

function increase(values: Float64Array, at: number, by: number): void {
  values[at] = (values[at] ?? 0) + by;
}

/** Milliseconds by Envoy's buckets, as they gather for one row. */
export class Durations {
  readonly #counts = new Float64Array(envoyBounds.length);

  /** What a flow adds while the waves had these integrals. */
  add(flow: Flow, integrals: Float64Array, isAtSource: boolean): void {
    const masses = isAtSource ? flow.sourceMillis : flow.millis;
    for (const [basis, rate] of flow.rates.entries()) {
      const amount = rate * (integrals[basis] ?? 0);
      if (amount === 0) continue;
      const distribution = masses[moodOf(basis)];
      for (let i = 0; i < this.#counts.length; i++) increase(this.#counts, i, amount * (distribution[i] ?? 0));
    }
  }

  /** Adds counts by bucket, each times a factor. */
  addCounts(counts: Float64Array, factor: number): void {
    if (factor === 0) return;
    for (let i = 0; i < this.#counts.length; i++) increase(this.#counts, i, factor * (counts[i] ?? 0));
  }

  /**
   * Seconds, as a store has them that knows the histogram by these bounds (milliseconds, some of Envoy's); NaN where
   * nothing was counted. To a store all that lies above the last bound is at the last bound.
   */
  quantile(q: number, bounds: readonly number[] = envoyBounds): number {
    const millis = bounds === envoyBounds ? quantileOf(this.#counts, q) : this.#coarseQuantile(q, bounds);
    return millis === null ? NaN : millis / 1000;
  }

  #coarseQuantile(q: number, finite: readonly number[]): number | null {
    const bounds = [...finite, finite.at(-1) ?? 0];
    const counts = new Float64Array(bounds.length);
    for (const [i, bound] of envoyBounds.entries()) {
      const at = finite.findIndex((coarse) => bound <= coarse);
      increase(counts, at < 0 ? finite.length : at, this.#counts[i] ?? 0);
    }
    return quantileOf(counts, q, bounds);
  }
}
