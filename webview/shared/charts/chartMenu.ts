import { html, nothing, type TemplateResult } from "lit";
import { say } from "../../../src/mesh/message.ts";
import type { Grouping } from "../../../src/mesh/telemetry/levels/levelTelemetry.ts";
import type { WireChart, WireChartOffer } from "../../../src/protocol/drilldown/drilldownContract.ts";
import { button, icon } from "../controls.ts";
import { words } from "../words.ts";
import type { ChartsDesk, QueryTool } from "./chartsDesk.ts";

export interface ChartMenu {
  readonly offer: WireChartOffer;
  readonly chart: WireChart | undefined;
  readonly by: Grouping;
  readonly isTable: boolean;
  readonly desk: ChartsDesk;
}

/** What else can be done with a chart: its table, its numbers as a file, the query that returns them. */
export function chartMenu({ offer, chart, isTable, desk }: ChartMenu): TemplateResult {
  const [warning, error] = offer.thresholds ?? [];
  return html`<div class="fy-chart-menu">
    <div class="fy-chart-acts">
      ${button({
        label: isTable ? words(say("Show as lines")) : words(say("Show as table")),
        icon: isTable ? "graph-line" : "table",
        name: "chart-table",
        onClick: () => desk.toggleTable(offer.id),
      })}
      ${button({
        label: words(say("Save as CSV")),
        icon: "save",
        name: "chart-csv",
        disabled: chart === undefined || chart.names.length === 0,
        onClick: () => desk.saveCsv(offer.id),
      })}
    </div>
    ${
      warning === undefined || error === undefined
        ? nothing
        : html`<p class="fy-quiet">
            ${words(say("Orange from {0}, red from {1}: chart threshold, set by foreyard.drilldown.thresholds.", desk.writeThreshold(warning, offer.unit), desk.writeThreshold(error, offer.unit)))}
          </p>`
    }
    ${chart?.why.map((line) => html`<p>${icon("info")} <bdi>${line}</bdi></p>`)}
    ${chart?.origin ? html`<p class="fy-quiet"><bdi>${words(say("From {0}", chart.origin.source))}</bdi></p>` : nothing}
    ${chart?.origin?.queries.map((query) => queryPart(query, desk))}
  </div>`;
}

function queryPart(query: string, desk: ChartsDesk): TemplateResult {
  const opens: Readonly<Record<QueryTool, string>> = {
    prometheus: words(say("Open in Prometheus")),
    grafana: words(say("Open in Grafana")),
  };
  return html`<div class="fy-chart-query">
    <pre tabindex="0" aria-label=${words(say("Query"))}>${query}</pre>
    ${button({
      label: words(say("Copy the query")),
      icon: "copy",
      name: "chart-copy",
      onClick: () => desk.query(query, "copy"),
    })}
    ${desk.tools.map((tool) =>
      button({
        label: opens[tool],
        icon: "link-external",
        name: `chart-${tool}`,
        onClick: () => desk.query(query, tool),
      }),
    )}
  </div>`;
}
