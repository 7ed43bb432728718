import { html, nothing, type TemplateResult } from "lit";
import { say } from "../../../src/mesh/message.ts";
import type { Level } from "../../../src/protocol/drilldown/drilldownContract.ts";
import { icon } from "../../shared/controls.ts";
import { words } from "../../shared/words.ts";

/** What could not be read, and what would be gained by which exporter or permission. */
export function missingSection({ problems }: Level): TemplateResult | typeof nothing {
  if (problems.length === 0) return nothing;
  return html`<section class="fy-section fy-missing">
    <h2 tabindex="-1">${words(say("What is missing"))}</h2>
    <ul class="fy-list">
      ${problems.map(
        (problem) =>
          html`<li class="fy-line fy-info">
            ${icon("info")} <span><bdi>${problem}</bdi></span>
          </li>`,
      )}
    </ul>
  </section>`;
}
