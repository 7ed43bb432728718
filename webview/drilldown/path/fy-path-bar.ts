import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { say } from "../../../src/mesh/message.ts";
import { button, dropdown, icon } from "../../shared/controls.ts";
import { pastField, refreshDropdown, windowDropdown, withCurrent } from "../../shared/timeControls.ts";
import { words } from "../../shared/words.ts";
import { LevelElement } from "../levelElement.ts";
import { above, crumbsOf, meshPath } from "../paths.ts";
import "./fy-crumb.ts";

/** How far charts reach back (seconds). */
const rangeChoices = [900, 1800, 3600, 10_800, 21_600, 43_200, 86_400, 604_800] as const;

/** The first lines: back and forward, the breadcrumb, and the time that is looked at. */
export class PathBar extends LevelElement {
  protected override render(): TemplateResult {
    const { model } = this;
    const { state } = model;
    return html`<div class="fy-toolbar fy-path-bar" role="group" aria-label=${words(say("Drill-down"))}>
        ${button({
          ...{ label: words(say("Back")), icon: "arrow-left", iconOnly: true, name: "back" },
          tooltip: words(say("Back ([)")),
          disabled: state.back.length === 0,
          onClick: () => model.back(),
        })}
        ${button({
          ...{ label: words(say("Forward")), icon: "arrow-right", iconOnly: true, name: "forward" },
          tooltip: words(say("Forward (])")),
          disabled: state.forward.length === 0,
          onClick: () => model.forward(),
        })}
        ${button({
          ...{ label: words(say("Up")), icon: "arrow-up", iconOnly: true, name: "up" },
          tooltip: words(say("One level up (Alt+↑)")),
          disabled: model.path.length === 0 || model.path.at(-1)?.level === "mesh",
          onClick: () => model.up(),
        })}
        ${this.#crumbs()}
        <span class="fy-things">${this.#time()}</span>
      </div>
      ${state.atMillis === null ? nothing : this.#past(state.atMillis)}`;
  }

  #crumbs(): TemplateResult {
    const { model } = this;
    const crumbs = crumbsOf(model.path, model.level?.crumbs ?? [], model.facts?.meshName);
    return html`<nav class="fy-crumbs" aria-label=${words(say("Levels"))}>
      ${repeat(
        crumbs,
        ({ level }) => level,
        (crumb, index) =>
          html`${index === 0 ? nothing : icon("chevron-right")}<fy-crumb
              .crumb=${model.isArriving ? crumb : (model.level?.crumbs.find(({ level }) => level === crumb.level) ?? crumb)}
              .isLast=${crumb.level === model.path.at(-1)?.level}
              @fy-choose=${(event: CustomEvent<Parameters<typeof model.choose>[0]>) => model.choose(event.detail)}
              @fy-clear=${() => {
                const rest = above(model.path, crumb.level);
                model.go(rest.length > 0 ? rest : meshPath(model.facts?.meshId ?? ""));
              }}
            ></fy-crumb>`,
      )}
    </nav>`;
  }

  #time(): TemplateResult {
    const { model } = this;
    const { state, format } = model;
    return html`${windowDropdown(format, state.windowSeconds, (windowSeconds) => model.change({ windowSeconds }))}
    ${dropdown({
      label: words(say("Charts reach back")),
      name: "range",
      value: String(state.rangeSeconds),
      choices: withCurrent(rangeChoices, state.rangeSeconds).map((seconds) => ({
        value: String(seconds),
        label: words(say("Charts: {0}", format.duration(seconds))),
      })),
      onChange: (seconds) => model.change({ rangeSeconds: Number(seconds) }),
    })}
    ${refreshDropdown(format, state.refreshSeconds, (refreshSeconds) => model.change({ refreshSeconds }))}
    ${button({
      ...{ label: words(say("Refresh now")), icon: "refresh", iconOnly: true, name: "refresh-now" },
      onClick: () => model.retry(),
    })}
    ${button({
      ...{ label: words(say("Point in the past")), icon: "history", iconOnly: true, name: "time" },
      pressed: state.atMillis !== null,
      onClick: () => model.change({ atMillis: state.atMillis === null ? Date.now() - 300_000 : null }),
    })}
    ${button({
      ...{ label: words(say("Keyboard shortcuts and help")), icon: "question", iconOnly: true, name: "help" },
      onClick: () => this.dispatchEvent(new Event("help")),
    })}`;
  }

  #past(at: number): TemplateResult {
    const { model } = this;
    const now = Date.now();
    const retention = model.facts?.retentionSeconds;
    const least = retention === null || retention === undefined ? undefined : now - retention * 1000;
    return html`<div class="fy-time-bar" role="group" aria-label=${words(say("Time"))}>
      ${pastField(words(say("Show it as of")), { at, now, least }, (atMillis) => model.change({ atMillis }))}
      ${button({
        ...{ label: words(say("Back to live")), icon: "debug-restart", name: "back-to-live" },
        onClick: () => model.change({ atMillis: null }),
      })}
    </div>`;
  }
}

customElements.define("fy-path-bar", PathBar);
