import { itemsByLayer } from "./layers.ts";
import type { Item, Link } from "./tree.ts";

/** A place in a column: an item, or where a long link passes. */
export interface Cell {
  readonly item: Item | undefined;
  readonly height: number;
  readonly column: number;
  /** Top, in pixels. */
  y: number;
  /** Where its neighbours would have it, for ordering. */
  wish: number;
  readonly before: Neighbour[];
  readonly after: Neighbour[];
}

interface Neighbour {
  readonly cell: Cell;
  readonly weight: number;
}

export type Columns = Cell[][];

const bendHeight = 6;

/** The layers as columns; those that are taller than `tallest` become several, so that no column towers over the rest. */
export function columnsOf(layers: ReadonlyMap<Item, number>, tallest: number, rowGap: number): Columns {
  const columns: Columns = [];
  for (const items of itemsByLayer(layers)) {
    const height = items.reduce((sum, item) => sum + item.bottom - item.top + rowGap, 0);
    const parts = Math.min(items.length, Math.max(1, Math.ceil(height / (tallest + rowGap))));
    const first = columns.length;
    for (let part = 0; part < parts; part++) columns.push([]);
    for (const [index, item] of items.entries()) {
      const column = first + (index % parts);
      columns[column]?.push(cell(item, item.bottom - item.top, column));
    }
  }
  return columns;
}

function cell(item: Item | undefined, height: number, column: number): Cell {
  return { item, height, column, y: 0, wish: 0, before: [], after: [] };
}

/** Joins the cells; links over several columns get a cell in each between, as long as these are not too many. */
export function joinCells(columns: Columns, links: readonly Link[]): void {
  const cells = new Map<Item, Cell>();
  for (const column of columns) for (const each of column) if (each.item) cells.set(each.item, each);
  let bends = 2 * cells.size + 100;
  for (const { source, target, weight } of links) {
    const [a, b] = [cells.get(source), cells.get(target)];
    if (!a || !b || a.column === b.column) continue;
    const [from, to] = a.column < b.column ? [a, b] : [b, a];
    const between = to.column - from.column - 1;
    if (between > bends) {
      join(from, to, weight);
      continue;
    }
    bends -= between;
    let last = from;
    for (let column = from.column + 1; column < to.column; column++) {
      const bend = cell(undefined, bendHeight, column);
      columns[column]?.push(bend);
      join(last, bend, weight);
      last = bend;
    }
    join(last, to, weight);
  }
}

function join(from: Cell, to: Cell, weight: number): void {
  from.after.push({ cell: to, weight });
  to.before.push({ cell: from, weight });
}
