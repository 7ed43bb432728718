import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { say } from "../../../src/mesh/message.ts";
import type { ProblemLine } from "../../../src/protocol/topology/graphSnapshot.ts";
import { button, icon } from "../../shared/controls.ts";
import { words } from "../../shared/words.ts";
import { ModelElement } from "../modelElement.ts";

const shownAtFirst = 2;

/** What failed or is missing while the rest is drawn. */
export class Banner extends ModelElement {
  static override properties = { ...ModelElement.properties, isOpen: { type: Boolean } };

  declare isOpen: boolean;

  constructor() {
    super();
    this.isOpen = false;
  }

  protected override render(): TemplateResult | typeof nothing {
    const { model } = this;
    const problems = model.picture?.snapshot.problems ?? [];
    const { failure } = model;
    if (problems.length === 0 && !failure) return nothing;
    const shown = this.isOpen ? problems : problems.slice(0, shownAtFirst);
    return html`<section class="fy-banner" aria-label=${words(say("Problems"))}>
      ${
        failure && model.picture
          ? html`<div class="fy-line fy-error" role="alert">
              ${icon("error")}
              <span class="fy-line-words">${failure.words} ${failure.hint ?? ""}</span>
              ${button({ label: words(say("Retry")), name: "retry-read", onClick: () => model.retry() })}
              ${button({
                label: words(say("Dismiss")),
                icon: "close",
                iconOnly: true,
                onClick: () => model.forgetFailure(),
              })}
            </div>`
          : nothing
      }
      ${repeat(
        shown,
        (problem) => problem.id,
        (problem) => this.#line(problem),
      )}
      ${
        problems.length > shownAtFirst
          ? button({
              label: this.isOpen ? words(say("Show less")) : words(say("Show all {0}", problems.length)),
              name: "all-problems",
              expanded: this.isOpen,
              onClick: () => {
                this.isOpen = !this.isOpen;
              },
            })
          : nothing
      }
    </section>`;
  }

  #line(problem: ProblemLine): TemplateResult {
    const { model } = this;
    const { query } = problem;
    return html`<div class="fy-line fy-${problem.severity}">
      ${icon(problem.severity === "info" ? "info" : problem.severity)}
      <span class="fy-line-words"
        ><bdi>${problem.words}</bdi> ${problem.hint ? html`<bdi class="fy-quiet">${problem.hint}</bdi>` : nothing}</span
      >
      ${
        problem.canRetry
          ? button({
              label: words(say("Retry")),
              name: "retry",
              onClick: () => void model.takeWay("retry", problem.id),
            })
          : nothing
      }
      ${
        query === undefined
          ? nothing
          : button({
              label: words(say("Copy query")),
              icon: "copy",
              iconOnly: true,
              tooltip: query,
              onClick: () => void model.copy(query),
            })
      }
    </div>`;
  }
}

customElements.define("fy-banner", Banner);
