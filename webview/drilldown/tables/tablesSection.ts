import { html, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import type { Level, WireTable } from "../../../src/protocol/drilldown/drilldownContract.ts";
import type { DrilldownModel } from "../drilldownModel.ts";
import type { Order } from "../drilldownState.ts";
import "./fy-level-table.ts";

/** The overview's short ones: they stand side by side where there is room. */
const short: ReadonlySet<string> = new Set(["worstErrors", "worstLatency", "mostThroughput"]);

/** The tables of a level, in the order they came in. */
export function tablesSection(model: DrilldownModel, level: Level): TemplateResult {
  const groups: WireTable[][] = [];
  for (const table of level.tables) {
    const last = groups.at(-1);
    if (last?.[0] && short.has(last[0].id) && short.has(table.id)) last.push(table);
    else groups.push([table]);
  }
  return html`${repeat(
    groups,
    ([first]) => first?.id,
    (tables) =>
      html`<div class=${tables.length > 1 ? "fy-side-by-side" : ""}>
        ${repeat(
          tables,
          ({ id }) => id,
          (table) => tableOf(model, level, table),
        )}
      </div>`,
  )}`;
}

function tableOf(model: DrilldownModel, level: Level, table: WireTable): TemplateResult {
  const id = `${level.at.level}/${table.id}`;
  return html`<fy-level-table
    .table=${table}
    .format=${model.format}
    .actions=${level.actions}
    .order=${model.state.orders[id]}
    @fy-order=${({ detail }: CustomEvent<Order>) => model.change({ orders: { ...model.state.orders, [id]: detail } })}
    @fy-drill=${(event: CustomEvent<Parameters<typeof model.follow>[0]>) => model.follow(event.detail)}
    @fy-act=${(event: CustomEvent<Parameters<typeof model.runAction>>) => model.runAction(...event.detail)}
  ></fy-level-table>`;
}
