import { html, nothing, type TemplateResult } from "lit";
import { say } from "../../../src/mesh/message.ts";
import type { WireChart, WireChartOffer } from "../../../src/protocol/drilldown/drilldownContract.ts";
import { words } from "../words.ts";
import type { ChartValues } from "./chartValues.ts";
import { flatButton } from "./flatButton.ts";

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
