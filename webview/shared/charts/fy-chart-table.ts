import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { say } from "../../../src/mesh/message.ts";
import { RowWindow } from "../rowWindow.ts";
import { words } from "../words.ts";
import type { ChartLine } from "./chartLines.ts";
import type { TimeTexts } from "./timeTexts.ts";

const rowHeight = 22;

/** The numbers of one chart, newest first. */
export class ChartTable extends LitElement {
  static override properties = {
    label: { type: String },
    times: { attribute: false },
    lines: { attribute: false },
    write: { attribute: false },
    texts: { attribute: false },
  };

  declare label: string;
  declare times: readonly number[];
  declare lines: readonly ChartLine[];
  declare write: (value: number) => string;
  declare texts: TimeTexts;
  readonly #window = new RowWindow(this, {
    rowHeight,
    scroll: () => this.querySelector<HTMLElement>(".fy-chart-scroll"),
    head: rowHeight,
  });

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override render(): TemplateResult {
    const { times, lines } = this;
    const newest = times.at(-1);
    return html`<div
      class="fy-chart-scroll"
      role="table"
      tabindex="0"
      aria-label=${this.label}
      aria-rowcount=${times.length + 1}
      aria-colcount=${lines.length + 1}
    >
      <div role="rowgroup" class="fy-chart-head">
        <div role="row" class="fy-chart-row" aria-rowindex="1">
          <span role="columnheader">${words(say("Time"))}</span>
          ${lines.map(({ name }) => html`<span role="columnheader" class="fy-number" title=${name}><bdi>${name === "" ? words(say("Value")) : name}</bdi></span>`)}
        </div>
      </div>
      <div role="rowgroup" class="fy-chart-rows">
        ${repeat(
          this.#window.rows(times.length),
          ({ index }) => index,
          ({ index, start }) => {
            const at = times.length - 1 - index;
            const time = times[at];
            if (time === undefined) return nothing;
            return html`<div role="row" class="fy-chart-row" data-top=${start} aria-rowindex=${index + 2}>
              <span role="rowheader" title=${this.texts.whole(time)}>${this.texts.at(time, newest)}</span>
              ${lines.map(({ values }) => html`<span role="cell" class="fy-number">${this.write(values[at] ?? NaN)}</span>`)}
            </div>`;
          },
        )}
      </div>
    </div>`;
  }

  protected override updated(changed: PropertyValues<this>): void {
    super.updated(changed);
    this.querySelector<HTMLElement>(".fy-chart-rows")?.style.setProperty("height", `${this.#window.height}px`);
    this.style.setProperty("--fy-columns", String(this.lines.length));
    for (const row of this.querySelectorAll<HTMLElement>("[data-top]")) {
      row.style.setProperty("transform", `translateY(${row.dataset["top"] ?? "0"}px)`);
    }
  }
}

customElements.define("fy-chart-table", ChartTable);
