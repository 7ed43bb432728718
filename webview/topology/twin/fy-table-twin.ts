import {
  elementScroll,
  observeElementOffset,
  observeElementRect,
  Virtualizer,
  type VirtualizerOptions,
} from "@tanstack/virtual-core";
import { html, nothing, type PropertyValues, type TemplateResult } from "lit";
import { classMap } from "lit/directives/class-map.js";
import { repeat } from "lit/directives/repeat.js";
import { say } from "../../../src/mesh/message.ts";
import { button, icon } from "../../shared/controls.ts";
import { stateIcons } from "../../shared/healthWords.ts";
import { words } from "../../shared/words.ts";
import { ModelElement } from "../modelElement.ts";
import { labelText } from "../labelText.ts";
import {
  edgeColumns,
  edgeRows,
  nodeColumns,
  nodeRows,
  sorted,
  type Column,
  type Order,
  type Row,
} from "./tableRows.ts";

const rowHeight = 26;

/** The picture as two tables: the same data, the same selection. */
export class TableTwin extends ModelElement {
  static override properties = {
    ...ModelElement.properties,
    orders: { state: true },
    at: { state: true },
    focused: { state: true },
  };

  declare orders: Readonly<Record<"nodes" | "edges", Order>>;
  /** Grows when the visible part changes. */
  declare at: number;
  declare focused: number;
  #virtualizer: Virtualizer<HTMLElement, HTMLElement> | undefined;
  #unmount: (() => void) | undefined;
  #rows: readonly Row[] = [];
  #madeOf: readonly unknown[] = [];
  #revealed: string | undefined;

  constructor() {
    super();
    this.orders = { nodes: { column: 0, isDescending: false }, edges: { column: 4, isDescending: true } };
    this.at = 0;
    this.focused = 0;
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    const { picture, state, format } = this.model;
    const { which } = this;
    const order = this.orders[which];
    const madeOf = [picture?.snapshot, which, order, format, state.label];
    if (madeOf.every((part, index) => part === this.#madeOf[index])) return;
    this.#madeOf = madeOf;
    if (!picture) this.#rows = [];
    else {
      const rows =
        which === "nodes" ? nodeRows(picture, format) : edgeRows(picture, format, labelText(state.label, format));
      this.#rows = sorted(rows, order, format.locale);
    }
    this.focused = Math.max(0, Math.min(this.focused, this.#rows.length - 1));
  }

  protected override render(): TemplateResult {
    const { which, model } = this;
    const columns = which === "nodes" ? nodeColumns : edgeColumns;
    return html`<div class="fy-twin">
      <div class="fy-twin-head">
        ${(["nodes", "edges"] as const).map((table) =>
          button({
            label: table === "nodes" ? words(say("Nodes")) : words(say("Edges")),
            name: `table-${table}`,
            pressed: which === table,
            onClick: () => model.change({ table }),
          }),
        )}
        <span class="fy-quiet">${words(say("{0} rows", model.format.count(this.#rows.length)))}</span>
        <span class="fy-gap"></span>
        ${button({
          label: words(say("Back to the graph")),
          icon: "type-hierarchy",
          name: "close-table",
          onClick: () => model.change({ table: null }),
        })}
      </div>
      <div
        class="fy-twin-scroll"
        role="grid"
        tabindex="0"
        aria-label=${which === "nodes" ? words(say("Nodes")) : words(say("Edges"))}
        aria-rowcount=${this.#rows.length + 1}
        aria-colcount=${columns.length}
        aria-activedescendant=${this.#rows.length > 0 ? `fy-row-${this.focused}` : nothing}
        @keydown=${(event: KeyboardEvent) => this.#key(event)}
      >
        <div class="fy-row fy-row-head fy-${which}" role="row" aria-rowindex="1">
          ${columns.map((column, index) => this.#head(column, index))}
        </div>
        ${this.#body(columns)}
      </div>
    </div>`;
  }

  protected override firstUpdated(): void {
    const scroll = this.querySelector<HTMLElement>(".fy-twin-scroll");
    this.#virtualizer = new Virtualizer(this.#options(scroll));
    this.#unmount = this.#virtualizer._didMount();
    this.#virtualizer._willUpdate();
    this.#revealSelection();
    this.requestUpdate();
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    for (const row of this.querySelectorAll<HTMLElement>("[data-top]")) {
      row.style.setProperty("transform", `translateY(${row.dataset["top"] ?? "0"}px)`);
    }
    const body = this.querySelector<HTMLElement>(".fy-rows");
    body?.style.setProperty("height", `${this.#virtualizer?.getTotalSize() ?? 0}px`);
    if (this.#virtualizer && this.model.state.selection?.id !== this.#revealed) this.#revealSelection();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#unmount?.();
  }

  override focus(): void {
    this.querySelector<HTMLElement>(".fy-twin-scroll")?.focus();
  }

  get which(): "nodes" | "edges" {
    return this.model.state.table ?? "nodes";
  }

  #options(scroll: HTMLElement | null): VirtualizerOptions<HTMLElement, HTMLElement> {
    return {
      count: this.#rows.length,
      getScrollElement: () => scroll,
      estimateSize: () => rowHeight,
      overscan: 12,
      scrollPaddingStart: rowHeight,
      observeElementRect,
      observeElementOffset,
      scrollToFn: elementScroll,
      onChange: () => {
        this.at += 1;
      },
    };
  }

  #head(column: Column, index: number): TemplateResult {
    const order = this.orders[this.which];
    const isSorted = order.column === index;
    return html`<div
      role="columnheader"
      class=${column.isNumber ? "fy-cell fy-number" : "fy-cell"}
      aria-sort=${isSorted ? (order.isDescending ? "descending" : "ascending") : "none"}
    >
      <button type="button" class="fy-sort" @click=${() => this.#sort(index, column)}>
        ${words(column.title)}${isSorted ? icon(order.isDescending ? "chevron-down" : "chevron-up") : nothing}
      </button>
    </div>`;
  }

  #body(columns: readonly Column[]): TemplateResult {
    const virtualizer = this.#virtualizer;
    virtualizer?.setOptions({ ...virtualizer.options, count: this.#rows.length });
    const selection = this.model.state.selection;
    return html`<div class="fy-rows" role="rowgroup">
      ${repeat(
        virtualizer?.getVirtualItems() ?? [],
        (item) => this.#rows[item.index]?.target.id ?? item.index,
        (item) => {
          const row = this.#rows[item.index];
          if (!row) return nothing;
          const isSelected = selection?.id === row.target.id;
          return html`<div
            id=${`fy-row-${item.index}`}
            role="row"
            data-top=${item.start}
            aria-rowindex=${item.index + 2}
            aria-selected=${isSelected ? "true" : "false"}
            class=${classMap({
              "fy-row": true,
              [`fy-${this.which}`]: true,
              "fy-selected": isSelected,
              "fy-focused": item.index === this.focused,
              "fy-dim": row.isDim,
              "fy-found": row.isFound,
            })}
            @click=${() => this.#choose(item.index)}
            @dblclick=${() => this.model.dispatchEvent(new Event("details"))}
          >
            ${columns.map(
              (column, index) =>
                html`<div role="gridcell" class=${column.isNumber ? "fy-cell fy-number" : "fy-cell"}>
                  ${index === 0 ? html`<span class="fy-state fy-state-${row.state}">${icon(stateIcons[row.state])}</span>` : nothing}
                  <bdi>${row.cells[index]?.text}</bdi>
                </div>`,
            )}
          </div>`;
        },
      )}
    </div>`;
  }

  #sort(column: number, { isNumber }: Column): void {
    const order = this.orders[this.which];
    const isDescending = order.column === column ? !order.isDescending : isNumber;
    this.orders = { ...this.orders, [this.which]: { column, isDescending } };
  }

  #choose(index: number): void {
    this.focused = index;
    const row = this.#rows[index];
    if (row) this.model.select(row.target);
  }

  #revealSelection(): void {
    const id = this.model.state.selection?.id;
    this.#revealed = id;
    const index = this.#rows.findIndex((row) => row.target.id === id);
    if (index >= 0) this.#walk(index);
  }

  #walk(to: number): void {
    this.focused = Math.max(0, Math.min(this.#rows.length - 1, to));
    this.#virtualizer?.scrollToIndex(this.focused);
  }

  #key(event: KeyboardEvent): void {
    if ((event.target as HTMLElement).closest("button")) return;
    const page = Math.max(1, Math.floor((this.querySelector(".fy-twin-scroll")?.clientHeight ?? 0) / rowHeight) - 1);
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: this.focused + 1,
      ArrowUp: this.focused - 1,
      PageDown: this.focused + page,
      PageUp: this.focused - page,
      Home: 0,
      End: this.#rows.length - 1,
    };
    const to = steps[event.key];
    if (to !== undefined) this.#walk(to);
    else if (event.key === " " || event.key === "Enter") {
      this.#choose(this.focused);
      const target = this.#rows[this.focused]?.target;
      if (event.key === "Enter" && target) void this.model.drillDown(target);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }
}

customElements.define("fy-table-twin", TableTwin);
