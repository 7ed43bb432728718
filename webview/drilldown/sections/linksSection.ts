import { html, nothing, type TemplateResult } from "lit";
import { say } from "../../../src/mesh/message.ts";
import type { Level, WireLink } from "../../../src/protocol/drilldown/drilldownContract.ts";
import { icon } from "../../shared/controls.ts";
import { words } from "../../shared/words.ts";
import type { DrilldownModel } from "../drilldownModel.ts";

/** Findings and the configuration that applies, each a way to its YAML. */
export function linksSection(model: DrilldownModel, level: Level): TemplateResult | typeof nothing {
  const { findings, configuration } = level;
  if (findings.length === 0 && configuration.length === 0) return nothing;
  return html`<div class="fy-fact-groups">
    ${
      findings.length === 0
        ? nothing
        : html`<section class="fy-section">
            <h2>${words(say("Findings"))}</h2>
            <ul class="fy-list">
              ${findings.map(
                ({ severity, words: text, link }) =>
                  html`<li class="fy-line fy-${severity}">
                    ${icon(severity)}
                    <span><bdi>${text}</bdi> ${link === null ? nothing : linkButton(model, link)}</span>
                  </li>`,
              )}
            </ul>
          </section>`
    }
    ${
      configuration.length === 0
        ? nothing
        : html`<section class="fy-section">
            <h2>${words(say("Configuration that applies"))}</h2>
            <ul class="fy-list">
              ${configuration.map((link) => html`<li>${linkButton(model, link)}</li>`)}
            </ul>
          </section>`
    }
  </div>`;
}

function linkButton(model: DrilldownModel, { id, title, detail }: WireLink): TemplateResult {
  return html`<button type="button" class="fy-link" title=${detail} @click=${() => model.followLink(id)}>
    <bdi>${title}</bdi>
  </button>`;
}
