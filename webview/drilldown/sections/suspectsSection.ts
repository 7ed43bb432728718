import { html, nothing, type TemplateResult } from "lit";
import { say } from "../../../src/mesh/message.ts";
import type { Level, WireSuspect } from "../../../src/protocol/drilldown/drilldownContract.ts";
import { icon } from "../../shared/controls.ts";
import { words } from "../../shared/words.ts";
import type { DrilldownModel } from "../drilldownModel.ts";
import { levelIcons, levelWords } from "../levelWords.ts";

const shownAtFirst = 6;

/** What below explains the trouble here, most first. */
export function suspectsSection(model: DrilldownModel, { suspects }: Level): TemplateResult | typeof nothing {
  if (suspects.length === 0) return nothing;
  const rest = suspects.slice(shownAtFirst);
  return html`<section class="fy-section">
    <h2>${words(say("Suspects"))}</h2>
    <ol class="fy-suspects">
      ${suspects.slice(0, shownAtFirst).map((suspect) => suspectLine(model, suspect))}
    </ol>
    ${
      rest.length === 0
        ? nothing
        : html`<details>
            <summary>${words(say("{0} more suspects", rest.length))}</summary>
            <ol class="fy-suspects" start=${shownAtFirst + 1}>
              ${rest.map((suspect) => suspectLine(model, suspect))}
            </ol>
          </details>`
    }
  </section>`;
}

function suspectLine(model: DrilldownModel, { level, to, id, name, share, reason }: WireSuspect): TemplateResult {
  const text = model.format.share(share);
  const follow = () => (to === null ? model.followLink(id) : model.follow(to));
  return html`<li class="fy-suspect">
    <span class="fy-suspect-name">
      <span class="fy-quiet">${icon(levelIcons[level])} ${words(levelWords[level])}</span>
      ${
        to === null && id === ""
          ? html`<bdi>${name}</bdi>`
          : html`<button type="button" class="fy-link" @click=${follow}><bdi>${name}</bdi></button>`
      }
    </span>
    <span class="fy-suspect-share" title=${words(say("Explains {0} of the trouble here", text))}>
      <span class="fy-bar fy-blame" aria-hidden="true"
        ><i data-fill=${Math.max(1, Math.min(100, share * 100)).toFixed(1)}></i
      ></span>
      <span class="fy-number">${text}</span>
    </span>
    <bdi class="fy-suspect-reason">${reason}</bdi>
  </li>`;
}
