import { isError, outcomeOf } from "../../../../mesh/telemetry/errorRules.ts";
import { envoyBounds, logNormal, meanOf } from "../../traffic/buckets.ts";
import { dot, type Flow } from "../../traffic/flow.ts";
import type { TrafficHistory } from "../../traffic/trafficHistory.ts";
import { moodOf } from "../../traffic/waves.ts";
import { Durations } from "../edges/edgeAmounts.ts";

/** What is summed up of a flow for each of its requests or round trips. */
export type Measure =
  "requests" | "errors" | "requestBytes" | "responseBytes" | "tripRequestBytes" | "tripResponseBytes";

const perRequest: Readonly<Record<Measure, (flow: Flow) => number>> = {
  requests: () => 1,
  errors: (flow) => (isError(outcomeOf(flow.protocol, String(flow.code), String(flow.grpcStatus ?? ""))) ? 1 : 0),
  // Sizes of messages are spread around the call's own, as the histograms of them say.
  requestBytes: (flow) => meanSize(flow.requestBytes),
  responseBytes: (flow) => meanSize(flow.responseBytes),
  tripRequestBytes: (flow) => flow.requestBytes,
  tripResponseBytes: (flow) => flow.responseBytes,
};

/** Mean bytes of messages whose median is this, as `istio_request_bytes` has them. */
export function meanSize(medianBytes: number): number {
  return meanOf(logNormal(medianBytes, 0.5));
}

/** A part of a flow that counts for one series. */
export interface CountedPart {
  readonly flow: Flow;
  readonly share: number;
  /** Times as the caller's proxy measures them. */
  readonly isAtSource: boolean;
}

/**
 * What one series counts, while the flows stay the same. Amounts are linear in the waves, so a window of any length at
 * any time costs one product however many flows there are.
 */
export class LinearSums {
  readonly parts: CountedPart[] = [];
  readonly #sums = new Map<Measure, Float64Array>();
  #masses: readonly Float64Array[] | undefined;

  add(part: CountedPart): void {
    this.parts.push(part);
    this.#sums.clear();
    this.#masses = undefined;
  }

  amount(measure: Measure, integrals: Float64Array): number {
    let sums = this.#sums.get(measure);
    if (!sums) {
      sums = new Float64Array(integrals.length);
      for (const { flow, share } of this.parts) {
        const factor = perRequest[measure](flow) * share;
        if (factor === 0) continue;
        for (let i = 0; i < sums.length; i++) sums[i] = (sums[i] ?? 0) + (flow.rates[i] ?? 0) * factor;
      }
      this.#sums.set(measure, sums);
    }
    return dot(sums, integrals);
  }

  addDurations(durations: Durations, integrals: Float64Array): void {
    this.#masses ??= this.#gatherMasses(integrals.length);
    for (const [basis, masses] of this.#masses.entries()) durations.addCounts(masses, integrals[basis] ?? 0);
  }

  #gatherMasses(bases: number): readonly Float64Array[] {
    const all = Array.from({ length: bases }, () => new Float64Array(envoyBounds.length));
    for (const { flow, share, isAtSource } of this.parts) {
      const masses = isAtSource ? flow.sourceMillis : flow.millis;
      for (const [basis, sums] of all.entries()) {
        const rate = (flow.rates[basis] ?? 0) * share;
        if (rate === 0) continue;
        const distribution = masses[moodOf(basis)];
        for (let i = 0; i < sums.length; i++) sums[i] = (sums[i] ?? 0) + rate * (distribution[i] ?? 0);
      }
    }
    return all;
  }
}

/** Sums by series, gathered once for each configuration that flows followed. */
export class SumsByEra {
  readonly #history: TrafficHistory;
  readonly #gather: (flows: readonly Flow[]) => ReadonlyMap<string, LinearSums>;
  readonly #known = new Map<readonly Flow[], ReadonlyMap<string, LinearSums>>();

  constructor(history: TrafficHistory, gather: (flows: readonly Flow[]) => ReadonlyMap<string, LinearSums>) {
    this.#history = history;
    this.#gather = gather;
  }

  /** A window; `seconds` is 0 where it ends before time zero. What began before is over the time there was. */
  window(atMillis: number, windowSeconds: number): EraWindow {
    const from = Math.max(this.#history.startMillis, atMillis - windowSeconds * 1000);
    const spans = this.#history.spans(from, atMillis).map(({ flows, integrals }) => {
      let sums = this.#known.get(flows);
      if (!sums) this.#known.set(flows, (sums = this.#gather(flows)));
      return { sums, integrals };
    });
    const had = (name: string) => this.namesBy(atMillis).has(name);
    return { seconds: Math.max(0, (atMillis - from) / 1000), spans, had };
  }

  /** Every series that was there by then, whether or not it flows now. */
  namesBy(atMillis: number): ReadonlySet<string> {
    const all = this.#history.spans(this.#history.startMillis, atMillis).flatMap(({ flows }) => {
      let sums = this.#known.get(flows);
      if (!sums) this.#known.set(flows, (sums = this.#gather(flows)));
      return [...sums.keys()];
    });
    return new Set(all);
  }
}

export interface EraWindow {
  readonly seconds: number;
  /** True where a series was there by the window's end: its counter stays when nothing flows any more. */
  readonly had: (name: string) => boolean;
  readonly spans: readonly { readonly sums: ReadonlyMap<string, LinearSums>; readonly integrals: Float64Array }[];
}

/** Per second; undefined where the series was not there yet. */
export function rateIn({ seconds, spans, had }: EraWindow, name: string, measure: Measure): number | undefined {
  if (seconds <= 0) return undefined;
  let sum: number | undefined;
  for (const { sums, integrals } of spans) {
    const part = sums.get(name)?.amount(measure, integrals);
    if (part !== undefined) sum = (sum ?? 0) + part;
  }
  if (sum === undefined) return had(name) ? 0 : undefined;
  return sum / seconds;
}

export function durationsIn({ spans }: EraWindow, names: Iterable<string>): Durations {
  const durations = new Durations();
  for (const name of names) for (const { sums, integrals } of spans) sums.get(name)?.addDurations(durations, integrals);
  return durations;
}
