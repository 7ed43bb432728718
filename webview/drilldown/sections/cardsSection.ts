import { html, nothing, type TemplateResult } from "lit";
import { say } from "../../../src/mesh/message.ts";
import type { Level, WireCard } from "../../../src/protocol/drilldown/drilldownContract.ts";
import { button, icon } from "../../shared/controls.ts";
import { words } from "../../shared/words.ts";
import type { DrilldownModel } from "../drilldownModel.ts";
import { foreignCharts } from "./chartsSection.ts";

/** What other extensions know of it. All of it is text. */
export function cardsSection(model: DrilldownModel, level: Level): TemplateResult | typeof nothing {
  const { cards, cardsFailure } = model;
  if (cardsFailure) {
    return html`<section class="fy-section">
      <h2>${words(say("From other extensions"))}</h2>
      <p class="fy-line fy-error">
        ${icon("error")} <span><bdi>${cardsFailure.words} ${cardsFailure.hint ?? ""}</bdi></span>
      </p>
    </section>`;
  }
  if (!cards || (cards.cards.length === 0 && cards.charts.charts.length === 0)) return nothing;
  return html`<section class="fy-section">
    <h2>${words(say("From other extensions"))}</h2>
    <div class="fy-cards">${cards.cards.map((card) => cardOf(model, card))}</div>
    ${foreignCharts(model, level)}
  </section>`;
}

function cardOf(model: DrilldownModel, card: WireCard): TemplateResult {
  const { providerId, summary, severity, data, raw, actions, failure } = card;
  return html`<article class="fy-fact-card" aria-label=${providerId}>
    <h3><bdi>${providerId}</bdi></h3>
    ${
      failure === ""
        ? nothing
        : html`<p class="fy-line fy-error">
            ${icon("error")} <span><bdi>${failure}</bdi></span>
          </p>`
    }
    ${
      summary === ""
        ? nothing
        : html`<p class="fy-line fy-${severity}">
            ${severity === "info" ? nothing : icon(severity)} <span><bdi>${summary}</bdi></span>
          </p>`
    }
    ${
      data.length === 0
        ? nothing
        : html`<dl class="fy-facts">
            ${data.map(
              ({ name, value }) =>
                html`<dt><bdi>${name}</bdi></dt>
                  <dd><bdi>${value}</bdi></dd>`,
            )}
          </dl>`
    }
    ${raw.map(
      ({ name, value }) =>
        html`<details>
          <summary><bdi>${name}</bdi></summary>
          <pre class="fy-query" tabindex="0" aria-label=${name}><bdi>${value}</bdi></pre>
        </details>`,
    )}
    ${
      actions.length === 0
        ? nothing
        : html`<div class="fy-actions">
            ${actions.map(({ id, title }) => button({ label: title, kind: "secondary", onClick: () => model.followLink(id) }))}
          </div>`
    }
  </article>`;
}
