import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { createFormat, type Format } from "../../../src/mesh/format/format.ts";
import { say } from "../../../src/mesh/message.ts";
import type { WireAction, WireTable } from "../../../src/protocol/drilldown/drilldownContract.ts";
import { icon } from "../../shared/controls.ts";
import "../../shared/fy-popup.ts";
import type { Popup } from "../../shared/fy-popup.ts";
import { RowWindow } from "../../shared/rowWindow.ts";
import { words } from "../../shared/words.ts";
import type { Order } from "../drilldownState.ts";
import { actionMenu } from "../sections/actionsRow.ts";
import { cellContent, cellText } from "./cells.ts";
import { columnWidths, type ColumnWidths } from "./columnWidths.ts";
import { ordered, rowKey, type Row } from "./tableOrder.ts";

const rowHeight = 26;
/** Longer tables draw only the rows in sight. */
const drawnWhole = 100;

let tables = 0;

/** A table of a level: sorted by its heads, walked by arrows, one tab stop; rows lead on and have actions. */
export class LevelTable extends LitElement {
  static override properties = {
    table: { attribute: false },
    format: { attribute: false },
    actions: { attribute: false },
    order: { attribute: false },
    focused: { state: true },
  };

  declare table: WireTable;
  declare format: Format;
  declare actions: readonly WireAction[];
  declare order: Order | undefined;
  /** Key of the row that the keyboard is on: it stays with the thing when rows move. */
  declare focused: string;
  readonly #id = `fy-table-${++tables}`;
  readonly #window = new RowWindow(this, {
    rowHeight,
    head: rowHeight,
    scroll: () => (this.#isLong ? this.#scroll : null),
  });
  #rows: readonly Row[] = [];
  #keys: readonly string[] = [];
  #widths: ColumnWidths = { columns: "", least: "" };

  constructor() {
    super();
    this.format = createFormat("en");
    this.actions = [];
    this.focused = "";
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has("table") && !changed.has("order") && !changed.has("format")) return;
    this.#rows = ordered(this.table, this.order, this.format.locale);
    this.#keys = this.#rows.map(rowKey);
    this.#widths = columnWidths(this.table, this.#rows, { format: this.format, nameAt: this.#nameAt });
  }

  protected override render(): TemplateResult {
    const { title, columns, why, rows } = this.table;
    const at = this.#at;
    return html`<section class="fy-section">
      <div class="fy-table-title">
        <h2 id="${this.#id}-title">
          <bdi>${title}</bdi>
          ${rows.length > 0 ? html`<span class="fy-quiet fy-count">${this.format.count(rows.length)}</span>` : nothing}
        </h2>
        ${this.#menu()}
      </div>
      ${
        rows.length === 0
          ? html`<p class="fy-quiet"><bdi>${why === "" ? words(say("None.")) : why}</bdi></p>`
          : html`${why === "" ? nothing : html`<p class="fy-quiet"><bdi>${why}</bdi></p>`}
              <div
                class="fy-table-scroll ${this.#isLong ? "fy-long" : ""}"
                role="grid"
                tabindex="0"
                aria-labelledby="${this.#id}-title"
                aria-rowcount=${rows.length + 1}
                aria-colcount=${columns.length}
                aria-activedescendant=${at >= 0 ? this.#rowId(at) : nothing}
                @keydown=${(event: KeyboardEvent) => this.#key(event)}
              >
                ${this.#head()} ${this.#body()}
              </div>`
      }
    </section>`;
  }

  protected override updated(): void {
    this.#scroll?.style.setProperty("--fy-columns", this.#widths.columns);
    this.#scroll?.style.setProperty("--fy-row-width", this.#widths.least);
    const body = this.querySelector<HTMLElement>(".fy-table-rows");
    if (this.#isLong) body?.style.setProperty("height", `${this.#window.height}px`);
    else body?.style.removeProperty("height");
    for (const row of this.querySelectorAll<HTMLElement>("[data-top]")) {
      row.style.setProperty("transform", `translateY(${row.dataset["top"] ?? "0"}px)`);
    }
    for (const bar of this.querySelectorAll<HTMLElement>("[data-fill]")) {
      bar.style.setProperty("inline-size", `${bar.dataset["fill"] ?? "0"}%`);
    }
  }

  get #scroll(): HTMLElement | null {
    return this.querySelector<HTMLElement>(".fy-table-scroll");
  }

  get #isLong(): boolean {
    return this.#rows.length > drawnWhole;
  }

  get #at(): number {
    const at = this.#keys.indexOf(this.focused);
    return at < 0 && this.#keys.length > 0 ? 0 : at;
  }

  /** The column that says what a row is. */
  get #nameAt(): number {
    return Math.max(
      0,
      this.table.columns.findIndex(({ id }) => id === "name"),
    );
  }

  #rowId(index: number): string {
    return `${this.#id}-${index}`;
  }

  #head(): TemplateResult {
    return html`<div class="fy-table-row fy-table-head" role="row" aria-rowindex="1">
      ${this.table.columns.map(({ id, title, isNumber }, column) => {
        const isSorted = this.order?.column === id;
        const isDescending = this.order?.isDescending ?? false;
        return html`<div
          role="columnheader"
          class="fy-cell ${isNumber ? "fy-number" : ""} ${column === this.#nameAt ? "fy-key" : ""}"
          aria-sort=${isSorted ? (isDescending ? "descending" : "ascending") : "none"}
        >
          <button type="button" class="fy-sort" title=${title} @click=${() => this.#sort(id, isNumber)}>
            ${title}${isSorted ? icon(isDescending ? "chevron-down" : "chevron-up") : nothing}
          </button>
        </div>`;
      })}
    </div>`;
  }

  #body(): TemplateResult {
    const now = Date.now();
    const seen: readonly { readonly index: number; readonly start: number | undefined }[] = this.#isLong
      ? this.#window.rows(this.#rows.length).map(({ index, start }) => ({ index, start }))
      : this.#rows.map((_, index) => ({ index, start: undefined }));
    return html`<div class="fy-table-rows" role="rowgroup">
      ${repeat(
        seen,
        ({ index }) => this.#keys[index],
        ({ index, start }) => this.#row(index, start, now),
      )}
    </div>`;
  }

  #row(index: number, start: number | undefined, now: number): TemplateResult | typeof nothing {
    const row = this.#rows[index];
    if (!row) return nothing;
    const key = this.#keys[index] ?? "";
    return html`<div
      id=${this.#rowId(index)}
      role="row"
      aria-rowindex=${index + 2}
      data-top=${start ?? nothing}
      class="fy-table-row ${row.to ? "fy-leads" : ""} ${index === this.#at ? "fy-focused" : ""}"
      @click=${() => this.#open(index)}
      @contextmenu=${(event: Event) => this.#openMenu(event, key)}
    >
      ${this.table.columns.map(({ isNumber }, column) => {
        const cell = row.cells[column];
        return html`<div
          role="gridcell"
          class="fy-cell ${isNumber ? "fy-number" : ""} ${column === this.#nameAt ? "fy-key" : ""} ${column === this.#nameAt && row.to ? "fy-name" : ""}"
          title=${cell?.is === "time" && !Number.isNaN(cell.atMillis) ? new Date(cell.atMillis).toLocaleString(this.format.locale) : cellText(cell, this.format, now)}
        >
          ${cellContent(cell, this.format, now)}
          ${
            column === this.#nameAt && row.share > 0
              ? html`<span
                  class="fy-blame-note"
                  title=${words(say("Explains {0} of the trouble here", this.format.share(row.share)))}
                  >${this.format.share(row.share)}</span
                >`
              : nothing
          }
        </div>`;
      })}
    </div>`;
  }

  /** The actions of the row that the keyboard or the pointer is on. */
  #menu(): TemplateResult | typeof nothing {
    const row = this.#rows[this.#at];
    if (this.actions.length === 0 || !row || row.id === "") return nothing;
    const name = cellText(row.cells[this.#nameAt], this.format, Date.now());
    return html`<div class="fy-row-actions">
      <fy-popup
        icon="ellipsis"
        data-name="row-actions"
        .label=${words(say("Actions with {0}", name))}
        .text=${words(say("Actions with {0}", name.length > 40 ? `${name.slice(0, 39)}…` : name))}
        .content=${() => actionMenu(this.actions, (action) => this.#send("fy-act", [action, row.id]))}
      ></fy-popup>
    </div>`;
  }

  #openMenu(event: Event, key: string): void {
    event.preventDefault();
    this.focused = key;
    void this.updateComplete.then(() => this.querySelector<Popup>("fy-popup")?.open());
  }

  #sort(column: string, isNumber: boolean): void {
    const isSame = this.order?.column === column;
    this.#send("fy-order", { column, isDescending: isSame ? !this.order?.isDescending : isNumber });
  }

  #open(index: number): void {
    this.focused = this.#keys[index] ?? "";
    const to = this.#rows[index]?.to;
    if (to) this.#send("fy-drill", to);
  }

  #key(event: KeyboardEvent): void {
    if (event.altKey || event.ctrlKey || event.metaKey || (event.target as HTMLElement).closest("button")) return;
    const at = this.#at;
    const page = this.#isLong ? this.#window.pageRows : 10;
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      PageDown: at + page,
      PageUp: at - page,
      Home: 0,
      End: this.#rows.length - 1,
    };
    const to = steps[event.key];
    if (to !== undefined) this.#walk(Math.max(0, Math.min(this.#rows.length - 1, to)));
    else if (event.key === "Enter") this.#open(at);
    else if (event.key === "ContextMenu" || (event.key === "F10" && event.shiftKey)) {
      this.#openMenu(event, this.#keys[at] ?? "");
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #walk(to: number): void {
    this.focused = this.#keys[to] ?? "";
    if (this.#isLong) this.#window.reveal(to);
    else
      void this.updateComplete.then(() =>
        document.getElementById(this.#rowId(to))?.scrollIntoView({ block: "nearest" }),
      );
  }

  #send(name: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

customElements.define("fy-level-table", LevelTable);
