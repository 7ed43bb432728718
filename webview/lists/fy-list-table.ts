import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { guard } from "lit/directives/guard.js";
import { repeat } from "lit/directives/repeat.js";
import { noData } from "../../src/mesh/format/format.ts";
import { say } from "../../src/mesh/message.ts";
import type { ListSnapshot } from "../../src/protocol/lists/listsContract.ts";
import { icon } from "../shared/controls.ts";
import type { Popup } from "../shared/fy-popup.ts";
import { stateIcons } from "../shared/healthWords.ts";
import { RowWindow } from "../shared/rowWindow.ts";
import { words } from "../shared/words.ts";
import {
  cellText,
  columnHint,
  columnTitle,
  columnWidths,
  isNumber,
  movedColumn,
  numberText,
  stateAt,
  type ColumnId,
} from "./columns.ts";
import { step, type Place } from "./gridKeys.ts";
import { ListsElement } from "./listsElement.ts";
import { rowMenu } from "./rowActions.ts";
import { sparkLine } from "./sparkLine.ts";

export const rowHeight = 26;
const headHeight = 28;
/** CSS pixels of a page. */
const narrow = 640;

/** The list: a grid that is walked by cells, one tab stop; its heads sort, its rows lead on. */
export class ListTable extends ListsElement {
  static override properties = {
    ...ListsElement.properties,
    focused: { state: true },
    column: { state: true },
    isInHead: { state: true },
  };

  /** Id of the row that the keyboard is on: it stays with the thing when rows move. */
  declare focused: string;
  declare column: ColumnId;
  declare isInHead: boolean;
  readonly #window = new RowWindow(this, {
    rowHeight,
    head: headHeight,
    scroll: () => this.querySelector<HTMLElement>(".fy-grid"),
  });
  #of: readonly unknown[] = [];

  constructor() {
    super();
    this.focused = "";
    this.column = "name";
    this.isInHead = false;
  }

  protected override render(): TemplateResult | typeof nothing {
    const { list, columns, rows, what } = this.model;
    if (!list) return nothing;
    const at = this.#at;
    const title = words(what === "services" ? say("Services") : say("Workloads"));
    return html`<div
      class="fy-grid"
      role="grid"
      tabindex="0"
      aria-label=${title}
      aria-rowcount=${rows.length + 2}
      aria-colcount=${columns.length}
      aria-activedescendant=${this.#cellId(this.isInHead ? -1 : at, this.#columnAt)}
      @keydown=${(event: KeyboardEvent) => this.#key(event)}
    >
      ${this.#head()}
      <div class="fy-grid-rows" role="rowgroup">${this.#body(list, at)}</div>
      ${this.#foot(list)}
    </div>`;
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    const { list, look, state } = this.model;
    const of = [look.order, state.text, state.hiddenStates, list?.what];
    // Another order or choice of rows starts at its top; new numbers do not move what one reads.
    if (this.#of.length > 0 && of.some((part, i) => part !== this.#of[i])) this.#grid?.scrollTo({ top: 0 });
    this.#of = of;
  }

  protected override updated(): void {
    const { template, least } = columnWidths(this.model.columns, window.innerWidth <= narrow);
    this.#grid?.style.setProperty("--fy-columns", template);
    this.#grid?.style.setProperty("--fy-least", least);
    const body = this.querySelector<HTMLElement>(".fy-grid-rows");
    body?.style.setProperty("height", `${this.#window.height}px`);
    for (const row of body?.querySelectorAll<HTMLElement>(":scope > [data-top]") ?? []) {
      const top = `translateY(${row.dataset["top"] ?? "0"}px)`;
      if (row.style.transform !== top) row.style.transform = top;
    }
  }

  get #grid(): HTMLElement | null {
    return this.querySelector<HTMLElement>(".fy-grid");
  }

  /** Where the keyboard is among the rows shown; -1 where there are none. */
  get #at(): number {
    const { list, rows } = this.model;
    if (!list || rows.length === 0) return -1;
    if (this.focused === "") return 0;
    return Math.max(
      0,
      rows.findIndex((row) => list.strings[list.ids[row] ?? 0] === this.focused),
    );
  }

  get #columnAt(): number {
    return Math.max(0, this.model.columns.indexOf(this.column));
  }

  #cellId(row: number, column: number): string {
    return `fy-cell-${row < 0 ? "head" : row}-${column}`;
  }

  #head(): TemplateResult {
    const { columns, what, look } = this.model;
    const { order } = look;
    return html`<div role="rowgroup" class="fy-grid-head">
      <div class="fy-grid-row" role="row" aria-rowindex="1">
        ${columns.map((id, at) => {
          const title = columnTitle(id, what);
          const hint = columnHint(id);
          const isSorted = order.column === id;
          return html`<div
            id=${this.#cellId(-1, at)}
            role="columnheader"
            aria-colindex=${at + 1}
            aria-sort=${isSorted ? (order.isDescending ? "descending" : "ascending") : "none"}
            title=${hint === "" ? title : `${title}: ${hint}`}
            data-column=${id}
            class="fy-cell ${isNumber(id) ? "fy-number" : ""} ${this.isInHead && at === this.#columnAt ? "fy-at" : ""}"
            @click=${() => this.model.sortBy(id)}
          >
            <span class="fy-head-text">${title}</span
            >${isSorted ? icon(order.isDescending ? "chevron-down" : "chevron-up") : nothing}
          </div>`;
        })}
      </div>
    </div>`;
  }

  #body(list: ListSnapshot, at: number): unknown {
    const { rows, columns, format } = this.model;
    const columnAt = this.#columnAt;
    return repeat(
      this.#window.rows(rows.length).filter(({ index }) => index < rows.length),
      ({ index }) => list.strings[list.ids[rows[index] ?? 0] ?? 0],
      ({ index, start }) => {
        const isFocused = !this.isInHead && index === at;
        const row = rows[index] ?? 0;
        return guard([list, row, index, start, format, columns.join(), isFocused && columnAt + 1], () =>
          this.#row(list, { index, row, start, isFocused }),
        );
      },
    );
  }

  #row(
    list: ListSnapshot,
    { index, row, start, isFocused }: { index: number; row: number; start: number; isFocused: boolean },
  ): TemplateResult {
    const { columns } = this.model;
    const id = list.strings[list.ids[row] ?? 0] ?? "";
    return html`<div
      role="row"
      aria-rowindex=${index + 2}
      data-top=${start}
      class="fy-grid-row ${isFocused ? "fy-focused" : ""}"
      @click=${(event: Event) => this.#clicked(event, id)}
      @contextmenu=${(event: Event) => this.#openMenu(event, id)}
    >
      ${columns.map((column, at) => this.#cell(list, { column, at, index, row, isFocused }))}
    </div>`;
  }

  #cell(
    list: ListSnapshot,
    place: { column: ColumnId; at: number; index: number; row: number; isFocused: boolean },
  ): TemplateResult {
    const { column, at, index, row, isFocused } = place;
    const { format } = this.model;
    const text = cellText(list, column, row, format);
    const reasons = list.strings[list.reasons[row] ?? 0] ?? "";
    const tooltip = column === "spark" ? "" : column === "state" && reasons !== "" ? `${text}\n${reasons}` : text;
    const isQuiet = text === noData || (column === "rps" && list.idle[row] === 1);
    return html`<div
      id=${this.#cellId(index, at)}
      role=${column === "name" ? "rowheader" : "gridcell"}
      aria-colindex=${at + 1}
      title=${tooltip === "" ? nothing : tooltip}
      class="fy-cell ${column === "name" ? "fy-name" : ""} ${isNumber(column) ? "fy-number" : ""} ${isQuiet ? "fy-quiet" : ""} ${isFocused && at === this.#columnAt ? "fy-at" : ""}"
    >
      ${this.#content(list, place, text)}
    </div>`;
  }

  #content(
    list: ListSnapshot,
    { column, row, isFocused }: { column: ColumnId; row: number; isFocused: boolean },
    text: string,
  ): unknown {
    if (column === "spark") return sparkLine(list, row);
    if (column === "state") {
      const state = stateAt(list, row);
      return html`<span class="fy-state fy-state-${state}">${icon(stateIcons[state])}</span> ${text}`;
    }
    if (column !== "name") return html`<bdi>${text}</bdi>`;
    const id = list.strings[list.ids[row] ?? 0] ?? "";
    return html`<bdi>${text}</bdi>${
        isFocused
          ? rowMenu({ name: text, what: list.what }, (action) => {
              this.#grid?.focus();
              if (action === "drillDown") this.model.openRow(id);
              else this.model.act(id, action);
            })
          : nothing
      }`;
  }

  /** Sums over the whole list, whatever the filter leaves. */
  #foot(list: ListSnapshot): TemplateResult {
    const { columns, format, rows } = this.model;
    const { totals } = list;
    const label =
      list.what === "services"
        ? words(say("All {0} services", format.count(list.length)))
        : words(say("All {0} workloads", format.count(list.length)));
    const text = (id: ColumnId): string => {
      if (id === "name") return label;
      if (id === "rps" || id === "errorRate" || id === "receivedBytesPerSecond" || id === "sentBytesPerSecond") {
        return numberText(id, totals[id], format);
      }
      return "";
    };
    return html`<div role="rowgroup" class="fy-grid-foot">
      <div
        class="fy-grid-row"
        role="row"
        aria-rowindex=${rows.length + 2}
        title=${words(say("Sums of the whole list, with or without a filter; gateways that only pass on are not counted twice"))}
      >
        ${columns.map(
          (id, at) =>
            html`<div
              role=${id === "name" ? "rowheader" : "gridcell"}
              aria-colindex=${at + 1}
              data-total=${id}
              class="fy-cell ${id === "name" ? "fy-name" : ""} ${isNumber(id) ? "fy-number" : ""}"
            >
              <bdi>${text(id)}</bdi>
            </div>`,
        )}
      </div>
    </div>`;
  }

  #clicked(event: Event, id: string): void {
    if ((event.target as HTMLElement).closest("fy-popup")) return;
    this.#focusRow(id);
    this.model.openRow(id);
  }

  #focusRow(id: string): void {
    this.focused = id;
    this.isInHead = false;
  }

  #openMenu(event: Event, id: string): void {
    if ((event.target as HTMLElement).closest(".fy-sheet")) return;
    event.preventDefault();
    this.#focusRow(id);
    void this.updateComplete.then(() => this.querySelector<Popup>(".fy-row-menu")?.open());
  }

  #key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || (event.target as HTMLElement).closest("fy-popup")) return;
    if (event.altKey) {
      this.#moveColumn(event);
      return;
    }
    const here: Place = { row: this.isInHead ? -1 : this.#at, column: this.#columnAt };
    const { rows, columns } = this.model;
    const to = step(event.key, here, { rows: rows.length, columns: columns.length, page: this.#window.pageRows });
    if (to) this.#walk(to);
    else if (event.key === "Enter" || event.key === " ") this.#enter(event.key);
    else if (event.key === "ContextMenu" || (event.key === "F10" && event.shiftKey)) {
      this.#openMenu(event, this.#idAt(here.row));
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** On a head, Alt and an arrow take the column along. */
  #moveColumn(event: KeyboardEvent): void {
    const by = event.key === "ArrowLeft" ? -1 : event.key === "ArrowRight" ? 1 : undefined;
    if (!by || !this.isInHead) return;
    event.preventDefault();
    event.stopPropagation();
    const { columns } = this.model;
    const moved = movedColumn(columns, columns[this.#columnAt] ?? "name", by);
    if (moved !== columns) this.model.changeLook({ columns: moved });
  }

  #enter(key: string): void {
    if (this.isInHead) this.model.sortBy(this.model.columns[this.#columnAt] ?? "name");
    else if (key === "Enter" && this.#at >= 0) this.model.openRow(this.#idAt(this.#at));
  }

  #walk({ row, column }: Place): void {
    this.column = this.model.columns[column] ?? "name";
    this.isInHead = row < 0;
    if (row >= 0) {
      this.focused = this.#idAt(row);
      this.#window.reveal(row);
    }
    void this.updateComplete.then(() => this.#revealColumn());
  }

  #revealColumn(): void {
    const grid = this.#grid;
    const cell = document.getElementById(this.#cellId(-1, this.#columnAt));
    if (!grid || !cell) return;
    const name = grid.querySelector<HTMLElement>("[role=columnheader]");
    const [left, right] = [cell.offsetLeft, cell.offsetLeft + cell.offsetWidth];
    const covered = cell === name ? 0 : (name?.offsetWidth ?? 0);
    if (left - covered < grid.scrollLeft) grid.scrollLeft = left - covered;
    else if (right > grid.scrollLeft + grid.clientWidth) grid.scrollLeft = right - grid.clientWidth;
  }

  #idAt(index: number): string {
    const { list, rows } = this.model;
    const row = rows[index];
    return list && row !== undefined ? textAtId(list, row) : "";
  }
}

function textAtId(list: ListSnapshot, row: number): string {
  return list.strings[list.ids[row] ?? 0] ?? "";
}

customElements.define("fy-list-table", ListTable);
