import { html, nothing, type TemplateResult } from "lit";
import { say } from "../../../src/mesh/message.ts";
import type { WireChart, WireChartOffer } from "../../../src/protocol/drilldown/drilldownContract.ts";
import { words } from "../words.ts";
import type { ChartValues } from "./chartValues.ts";
import { flatButton } from "./flatButton.ts";

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

export interface FoldedCharts {
  readonly folded: readonly WireChartOffer[];
  readonly charts: ChartValues["charts"];
  /** Nothing else is there to see. */
  readonly isAll: boolean;
  readonly onShow: (id: string) => void;
}

/** One line for all of them; open, each with its reason. */
export function foldedCharts({ folded, charts, isAll, onShow }: FoldedCharts): TemplateResult | typeof nothing {
  if (folded.length === 0) return nothing;
  return html`<details class="fy-folded" ?open=${isAll}>
    <summary>
      <bdi>${words(say("Nothing was reported of: {0}", folded.map(({ title }) => title).join(", ")))}</bdi>
    </summary>
    <ul>
      ${folded.map(
        ({ id, title }) =>
          html`<li>
            <span><bdi>${title}</bdi> <bdi class="fy-quiet">${reasons(charts.get(id)).join(" ")}</bdi></span>
            ${flatButton({
              label: words(say("Show the chart of {0}", title)),
              icon: "graph-line",
              iconOnly: true,
              name: "show-chart",
              onClick: () => onShow(id),
            })}
          </li>`,
      )}
    </ul>
  </details>`;
}

/** Why a chart is empty. */
export function reasons(chart: WireChart | undefined): readonly string[] {
  const { why = [] } = chart ?? {};
  return why.length > 0 ? why : [words(say("Nothing was measured in this time."))];
}
