import { html, nothing, type TemplateResult } from "lit";
import { say } from "../../../src/mesh/message.ts";
import type { Level, WireFact } from "../../../src/protocol/drilldown/drilldownContract.ts";
import { words } from "../../shared/words.ts";
import type { DrilldownModel } from "../drilldownModel.ts";
import "./fy-values.ts";

/** Facts in groups: names and values; many values as chips that can be opened. */
export function factsSection(model: DrilldownModel, { facts }: Level): TemplateResult | typeof nothing {
  const groups = facts.filter((group) => group.facts.length > 0);
  if (groups.length === 0) return nothing;
  return html`<div class="fy-fact-groups">
    ${groups.map(
      (group) =>
        html`<section class="fy-section">
          <h2><bdi>${group.title}</bdi></h2>
          <dl class="fy-facts">${group.facts.map((fact) => factLine(model, fact))}</dl>
        </section>`,
    )}
  </div>`;
}

function factLine(model: DrilldownModel, { name, values, atMillis, to }: WireFact): TemplateResult {
  const at = Number.isNaN(atMillis) ? undefined : new Date(atMillis);
  return html`<dt><bdi>${name}</bdi></dt>
    <dd>
      ${
        to !== null
          ? html`<button type="button" class="fy-link" @click=${() => model.follow(to)}>
              <bdi>${values.join(", ")}</bdi>
            </button>`
          : values.length === 1
            ? html`<bdi>${values[0]}</bdi>`
            : values.length === 0 && !at
              ? html`<span class="fy-quiet">${words(say("none"))}</span>`
              : html`<fy-values .values=${values} .of=${name}></fy-values>`
      }
      ${
        at
          ? html`<time class="fy-quiet" datetime=${at.toISOString()} title=${at.toLocaleString(model.format.locale)}
              >${words(model.format.ago(Date.now() - at.getTime()))}</time
            >`
          : nothing
      }
    </dd>`;
}
