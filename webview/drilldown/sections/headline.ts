import { html, nothing, type TemplateResult } from "lit";
import { say } from "../../../src/mesh/message.ts";
import type { Level } from "../../../src/protocol/drilldown/drilldownContract.ts";
import { icon } from "../../shared/controls.ts";
import { stateIcons, stateWords } from "../../shared/healthWords.ts";
import { words } from "../../shared/words.ts";
import type { DrilldownModel } from "../drilldownModel.ts";
import { levelWords } from "../levelWords.ts";

const shownReasons = 3;

/** The first lines: what it is, how it is, and why, with links down the chain. */
export function headline(model: DrilldownModel, level: Level): TemplateResult {
  const { state, reasons, problems } = level;
  const stateWord = words(stateWords[state]);
  const why = state === "healthy" ? words(say("{0}, but:", stateWord)) : words(say("{0}:", stateWord));
  return html`<header class="fy-headline fy-headline-${state}">
    <h1 class="fy-title" tabindex="-1">
      <span class="fy-state fy-state-${state}">${icon(stateIcons[state])}</span>
      <span class="fy-kind">${words(levelWords[level.at.level])}</span>
      <bdi>${level.title}</bdi>
    </h1>
    <p class="fy-quiet"><bdi>${subtitle(level)}</bdi></p>
    ${presence(model, level)}
    <div class="fy-why">
      <strong class=${state === "failing" || state === "degraded" ? `fy-state-${state}` : nothing}
        >${reasons.length > 0 ? why : stateWord}</strong
      >
      ${
        reasons.length === 0
          ? nothing
          : html`<ul class="fy-reasons">
              ${reasons.slice(0, shownReasons).map((reason) => reasonLine(model, reason))}
            </ul>`
      }
    </div>
    ${
      reasons.length > shownReasons
        ? html`<details>
            <summary>${words(say("{0} more reasons", reasons.length - shownReasons))}</summary>
            <ul class="fy-reasons">
              ${reasons.slice(shownReasons).map((reason) => reasonLine(model, reason))}
            </ul>
          </details>`
        : nothing
    }
    ${
      problems.length > 0 && level.presence !== "unreadable"
        ? html`<p>
            <button
              type="button"
              class="fy-link fy-to-missing"
              @click=${(event: Event) => showMissing(event.currentTarget as HTMLElement)}
            >
              ${icon("info")} ${missingWords(problems.length)}
            </button>
          </p>`
        : nothing
    }
  </header>`;
}

/** What stands before the name already is not said twice. */
function subtitle(level: Level): string {
  const kind = `${words(levelWords[level.at.level])} · `;
  return level.subtitle.startsWith(kind) ? level.subtitle.slice(kind.length) : level.subtitle;
}

function missingWords(count: number): string {
  return count === 1 ? words(say("1 thing is missing")) : words(say("{0} things are missing", count));
}

function showMissing(from: HTMLElement): void {
  const title = from.closest(".fy-level")?.querySelector<HTMLElement>(".fy-missing h2");
  title?.scrollIntoView({ block: "nearest" });
  title?.focus({ preventScroll: true });
}

function reasonLine(model: DrilldownModel, { words: text, to }: Level["reasons"][number]): TemplateResult {
  return html`<li>
    ${
      to === null
        ? html`<bdi>${text}</bdi>`
        : html`<button type="button" class="fy-link" @click=${() => model.follow(to)}>
            <bdi>${text}</bdi> ${icon("arrow-right")}
          </button>`
    }
  </li>`;
}

function presence(model: DrilldownModel, level: Level): TemplateResult | typeof nothing {
  const since = Number.isNaN(level.staleSince) ? level.atMillis : level.staleSince;
  if (level.presence === "gone") {
    return html`<p class="fy-line fy-warning fy-presence" role="note">
      ${icon("trash")}
      <span
        >${words(say("It no longer exists. What is shown was read {0}.", words(model.format.ago(Date.now() - since))))}</span
      >
    </p>`;
  }
  if (level.presence === "unreadable") {
    return html`<p class="fy-line fy-warning fy-presence" role="note">
      ${icon("lock")} <span>${words(say("It may not be read with your permissions."))}</span>
    </p>`;
  }
  if (Number.isNaN(level.staleSince)) return nothing;
  return html`<p class="fy-line fy-warning fy-presence" role="note">
    ${icon("clock")}
    <span>${words(say("These numbers are old: read {0}.", words(model.format.ago(Date.now() - since))))}</span>
  </p>`;
}
