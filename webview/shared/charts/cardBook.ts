import type { WireChart, WireChartOffer } from "../../../src/protocol/drilldown/drilldownContract.ts";
import type { ChartValues } from "./chartValues.ts";

/**
 * Tells which charts need no card: they were read, nothing failed, and there is nothing to draw. A chart that had a card
 * with something in it keeps the card, so that nothing jumps when numbers are read again.
 */
export class CardBook {
  readonly #kept = new Set<string>();
  #of = "";

  /** `of`: what the charts are of; with another begins another book. */
  fold({ offers, charts }: ChartValues, of: string): readonly WireChartOffer[] {
    if (of !== this.#of) this.#kept.clear();
    this.#of = of;
    const folded: WireChartOffer[] = [];
    for (const offer of offers) {
      const chart = charts.get(offer.id);
      if (!chart) continue;
      if (hasNumbers(chart) || chart.isFailed) this.#kept.add(offer.id);
      else if (!this.#kept.has(offer.id)) folded.push(offer);
    }
    return folded;
  }

  keep(id: string): void {
    this.#kept.add(id);
  }
}

export function hasNumbers({ points }: Pick<WireChart, "points">): boolean {
  return points.some(Number.isFinite);
}
