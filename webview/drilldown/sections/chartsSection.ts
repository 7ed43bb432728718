import { html, nothing, type TemplateResult } from "lit";
import { say } from "../../../src/mesh/message.ts";
import type { Level, WireChartOffer } from "../../../src/protocol/drilldown/drilldownContract.ts";
import type { ChartsEvents, ChartValues } from "../../shared/charts/chartValues.ts";
import "../../shared/charts/fy-charts.ts";
import type { QueryTool } from "../../shared/charts/chartsDesk.ts";
import { button, icon } from "../../shared/controls.ts";
import { words } from "../../shared/words.ts";
import type { DrilldownModel } from "../drilldownModel.ts";

/** The charts that the level offers; they are read as they come into view. */
export function chartsSection(model: DrilldownModel, level: Level): TemplateResult | typeof nothing {
  const { values, failure } = model.charts;
  if (values.offers.length === 0) return nothing;
  return html`<section class="fy-section fy-charts-section">
    <h2>${words(say("Charts"))}</h2>
    ${
      failure
        ? html`<p class="fy-line fy-error">
            ${icon("error")} <span><bdi>${failure.words} ${failure.hint ?? ""}</bdi></span>
            ${button({ label: words(say("Retry")), name: "retry-charts", onClick: () => model.charts.retry() })}
          </p>`
        : nothing
    }
    ${grid(model, level, values)}
  </section>`;
}

/** Charts of other extensions, in the same form. */
export function foreignCharts(model: DrilldownModel, level: Level): TemplateResult | typeof nothing {
  const set = model.cards?.charts;
  return set && set.charts.length > 0 ? grid(model, level, foreignValues(set)) : nothing;
}

function grid(model: DrilldownModel, level: Level, values: ChartValues): TemplateResult {
  return html`<fy-charts
    .values=${values}
    .state=${model.state.charts}
    .format=${model.format}
    .tools=${toolsOf(level)}
    name=${level.title}
    @fy-charts-state=${(event: ChartsEvents["fy-charts-state"]) => model.changeCharts(event.detail)}
    @fy-charts-wanted=${(event: ChartsEvents["fy-charts-wanted"]) => model.charts.want(event.detail.ids)}
    @fy-charts-range=${(event: ChartsEvents["fy-charts-range"]) => model.showRange(event.detail)}
    @fy-charts-csv=${({ detail }: ChartsEvents["fy-charts-csv"]) => model.saveCsv(detail.name, detail.text)}
    @fy-charts-query=${({ detail: { query, act } }: ChartsEvents["fy-charts-query"]) =>
      act === "copy" ? model.copy(query) : model.openQuery(query, act)}
  ></fy-charts>`;
}

const toolsByLevel = new WeakMap<Level, readonly QueryTool[]>();

/** The same list for the same level: another one would draw all charts anew. */
function toolsOf(level: Level): readonly QueryTool[] {
  let tools = toolsByLevel.get(level);
  if (!tools) {
    const actions = level.actions.map(({ action }) => action);
    tools = [
      ...(actions.includes("openPrometheus") ? (["prometheus"] as const) : []),
      ...(actions.includes("openGrafana") ? (["grafana"] as const) : []),
    ];
    toolsByLevel.set(level, tools);
  }
  return tools;
}

type Foreign = NonNullable<DrilldownModel["cards"]>["charts"];
const valuesBySet = new WeakMap<Foreign, ChartValues>();

function foreignValues(set: Foreign): ChartValues {
  let values = valuesBySet.get(set);
  if (!values) {
    const offers = set.charts.map(({ id, title, unit }): WireChartOffer => ({
      ...{ id, title, unit, chart: "cpu", direction: null, groupings: ["none"], thresholds: null, lines: [] },
    }));
    values = { offers, times: set.times, charts: new Map(set.charts.map((chart) => [chart.id, chart])) };
    valuesBySet.set(set, values);
  }
  return values;
}
