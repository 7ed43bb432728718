import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { say } from "../../src/mesh/message.ts";
import type { ListSnapshot } from "../../src/protocol/lists/listsContract.ts";
import { button, icon } from "../shared/controls.ts";
import type { Failure } from "../shared/failure.ts";
import "../shared/fy-help.ts";
import type { HelpSheet, KeyLine } from "../shared/fy-help.ts";
import { words } from "../shared/words.ts";
import "./fy-list-table.ts";
import { ListsElement } from "./listsElement.ts";
import { toolbar } from "./toolbar.ts";

const keys: readonly KeyLine[] = [
  [["↑", "↓", "←", "→"], say("Cells; above the first row are the heads")],
  [["Home", "End"], say("First row, last row")],
  [["Page Up", "Page Down"], say("A page of rows")],
  [["Enter"], say("Open the row; on a head: sort by it")],
  [["Alt+←", "Alt+→"], say("On a head: move the column")],
  [["Shift+F10"], say("What can be done with the row")],
  [["/"], say("Filter")],
  [["?"], say("This sheet")],
  [["Esc"], say("Close a menu or sheet; in the filter: clear it")],
];
const pointerNote = say("Pointer: click a row to open it, a head to sort by it; right-click a row for its actions.");

/** The whole page. */
export class Lists extends ListsElement {
  static override properties = { ...ListsElement.properties, said: { state: true } };

  declare said: string;
  readonly #listening = new AbortController();
  #ticking: ReturnType<typeof setInterval> | undefined;

  constructor() {
    super();
    this.said = "";
  }

  override connectedCallback(): void {
    super.connectedCallback();
    // Only the age of what is shown.
    this.#ticking = setInterval(() => {
      if (document.visibilityState === "visible") this.requestUpdate();
    }, 5000);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#ticking);
    this.#listening.abort();
  }

  protected override firstUpdated(): void {
    const { signal } = this.#listening;
    const shown = () => this.model.setVisible(document.visibilityState === "visible");
    document.addEventListener("visibilitychange", shown, { signal });
    document.addEventListener("keydown", (event) => this.#key(event), { signal });
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    const { list, rows } = this.model;
    if (list) this.said = countWords(this.model, rows.length, list);
  }

  protected override render(): TemplateResult {
    const { model } = this;
    const { list } = model;
    const isOld = list !== undefined && (!Number.isNaN(list.staleSince) || model.failure !== undefined);
    return html`<div
      class="fy-page ${isOld ? "fy-is-stale" : ""}"
      aria-busy=${!list && !model.failure ? "true" : "false"}
    >
      <h1 class="fy-spoken">${words(model.what === "services" ? say("Services") : say("Workloads"))}</h1>
      ${toolbar(model, () => this.#help())} ${this.#time()} ${this.#lines()} ${this.#content()}
      <fy-help .keys=${keys} .note=${pointerNote}></fy-help>
      <div class="fy-spoken" role="status" aria-live="polite">${this.said}</div>
    </div>`;
  }

  /** What is shown, of when, over which window. */
  #time(): TemplateResult {
    const { list, facts, format, isReading, rows } = this.model;
    const mesh = facts ? html`<bdi class="fy-quiet">${facts.meshName}</bdi>` : nothing;
    return html`<div class="fy-about">
      ${list ? html`<span class="fy-count">${countWords(this.model, rows.length, list)}</span>` : nothing}
      ${list ? this.#moment(list) : nothing}
      <span class="fy-working ${isReading ? "fy-on" : ""}" aria-hidden="true">${icon("loading")}</span>
      <span class="fy-gap"></span>
      ${
        facts && facts.refreshSeconds > 0
          ? html`<span class="fy-quiet">${words(say("live, every {0}", format.duration(facts.refreshSeconds)))}</span>`
          : nothing
      }
      ${mesh}
    </div>`;
  }

  #moment(list: ListSnapshot): TemplateResult {
    const { format, failure, facts } = this.model;
    const at = new Date(list.atMillis);
    const isStale = !Number.isNaN(list.staleSince);
    const age = Date.now() - (isStale ? list.staleSince : list.atMillis);
    const limit = Math.max(2 * (facts?.refreshSeconds ?? 0), 60) * 1000;
    const isOld = isStale || failure !== undefined || ((facts?.refreshSeconds ?? 0) > 0 && age > limit);
    return html`<span class="fy-window">${words(say("last {0}", format.duration(list.windowSeconds)))}</span>
      <time datetime=${at.toISOString()} title=${at.toLocaleString(format.locale)}
        >${at.toLocaleTimeString(format.locale)}</time
      >
      ${
        isOld
          ? html`<span class="fy-stale"
              >${icon("clock")} ${words(say("old numbers: {0}", words(format.ago(age))))}</span
            >`
          : nothing
      }`;
  }

  #content(): TemplateResult | typeof nothing {
    const { model } = this;
    const { list, rows, failure } = model;
    if (!list) return failure ? this.#failed(failure) : model.isSlow ? skeleton() : nothing;
    if (list.length === 0) {
      return html`<div class="fy-unread" data-state="empty">
        ${icon("inbox")}
        <h2>
          ${words(list.what === "services" ? say("There are no services in this mesh") : say("There are no workloads in this mesh"))}
        </h2>
      </div>`;
    }
    return html`${
        rows.length === 0
          ? html`<div class="fy-nothing" data-state="filtered">
              <p>${words(say("Nothing matches the filter."))}</p>
              ${button({ label: words(say("Clear filter")), kind: "secondary", name: "clear-filter", onClick: () => model.change({ text: "", hiddenStates: [] }) })}
            </div>`
          : nothing
      }<fy-list-table .model=${model}></fy-list-table>`;
  }

  #failed(failure: Failure): TemplateResult {
    return html`<div class="fy-unread" data-state="failed" role="alert">
      ${icon("error")}
      <h2>${words(say("This could not be read"))}</h2>
      <p><bdi>${failure.words} ${failure.hint ?? ""}</bdi></p>
      ${button({ label: words(say("Try again")), kind: "primary", name: "retry", onClick: () => this.model.retry() })}
    </div>`;
  }

  /** What failed while a list is shown all the same, and what it lacks. */
  #lines(): TemplateResult | typeof nothing {
    const { model } = this;
    const failure = model.list ? model.failure : undefined;
    const { actFailure } = model;
    const problems = model.list?.problems ?? [];
    if (!failure && !actFailure && problems.length === 0) return nothing;
    return html`<section class="fy-banner" aria-label=${words(say("Problems"))}>
      ${
        failure
          ? html`<div class="fy-line fy-error" role="alert">
              ${icon("error")}
              <span class="fy-line-words"><bdi>${failure.words} ${failure.hint ?? ""}</bdi></span>
              ${button({ label: words(say("Retry")), name: "retry", onClick: () => model.retry() })}
            </div>`
          : nothing
      }
      ${
        actFailure
          ? html`<div class="fy-line fy-error" role="alert">
              ${icon("error")}
              <span class="fy-line-words"><bdi>${actFailure.words} ${actFailure.hint ?? ""}</bdi></span>
              ${button({ label: words(say("Dismiss")), icon: "close", iconOnly: true, name: "dismiss", onClick: () => model.forgetFailure() })}
            </div>`
          : nothing
      }
      ${problems.map(
        (problem) =>
          html`<div class="fy-line fy-warning">
            ${icon("warning")}<span class="fy-line-words"><bdi>${problem}</bdi></span>
          </div>`,
      )}
    </section>`;
  }

  #help(): void {
    this.querySelector<HelpSheet>("fy-help")?.open();
  }

  #key(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    const isBusy = event
      .composedPath()
      .some(
        (part) =>
          part instanceof HTMLElement &&
          (part instanceof HTMLInputElement || part instanceof HTMLDialogElement || part.hasAttribute("popover")),
      );
    if (isBusy || (event.key !== "?" && event.key !== "/")) return;
    event.preventDefault();
    if (event.key === "?") this.#help();
    else this.querySelector<HTMLElement>("[data-name=filter]")?.focus();
  }
}

function countWords({ format }: Lists["model"], shown: number, { what, length }: ListSnapshot): string {
  const [some, all] = [format.count(shown), format.count(length)];
  if (shown < length) {
    return words(what === "services" ? say("{0} of {1} services", some, all) : say("{0} of {1} workloads", some, all));
  }
  if (length === 1) return words(what === "services" ? say("1 service") : say("1 workload"));
  return words(what === "services" ? say("{0} services", all) : say("{0} workloads", all));
}

function skeleton(): TemplateResult {
  return html`<div class="fy-skeleton" data-state="loading">
    <p class="fy-spoken">${words(say("Reading …"))}</p>
    ${Array.from({ length: 12 }, () => html`<span class="fy-block"></span>`)}
  </div>`;
}

customElements.define("fy-lists", Lists);
