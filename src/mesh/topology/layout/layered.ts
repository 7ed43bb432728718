import { columnsOf, joinCells, type Columns } from "./columns.ts";
import { setHeights } from "./heights.ts";
import { layersOf } from "./layers.ts";
import { orderColumns } from "./ordering.ts";
import { heightOf, packShelves, widthOf } from "./shelves.ts";
import type { Item, Link } from "./tree.ts";

export interface Spacing {
  /** Between columns: labels of edges stand there. */
  readonly columnGap: number;
  readonly rowGap: number;
  /** Width by height that is aimed at. */
  readonly aspect: number;
}

/** Few items may use more height, for straighter lines. */
const few = 50;

/** From left to right along the links; what has none stands below. Starts at 0, 0. */
export function arrangeLayered(items: readonly Item[], links: readonly Link[], spacing: Spacing): void {
  const layers = layersOf(items, links);
  const linked = items.filter((item) => layers.has(item));
  const loose = items.filter((item) => !layers.has(item));
  const extent = { width: 0, height: 0 };
  const ideal = idealHeight(items, spacing);
  if (linked.length > 0) {
    const ofLinked = new Map(linked.map((item) => [item, layers.get(item) ?? 0]));
    const columns = columnsOf(ofLinked, Math.max(ideal * 1.3, 1), spacing.rowGap);
    joinCells(columns, links);
    orderColumns(columns);
    setHeights(columns, spacing.rowGap, linked.length <= few ? 0.25 : 0);
    Object.assign(extent, place(columns, spacing.columnGap));
  }
  const width = Math.max(extent.width, loose.length > 3 ? idealHeight(items, spacing) * spacing.aspect : 0);
  packShelves(loose, width, { across: spacing.rowGap * 1.5, down: spacing.rowGap });
  const top = extent.height > 0 ? extent.height + spacing.rowGap : 0;
  for (const item of loose) item.y += top;
}

function idealHeight(items: readonly Item[], { columnGap, rowGap, aspect }: Spacing): number {
  let [area, tallest] = [0, 0];
  for (const item of items) {
    area += (widthOf(item) + columnGap) * (heightOf(item) + rowGap);
    tallest = Math.max(tallest, heightOf(item));
  }
  return Math.max(Math.sqrt(area / aspect), tallest);
}

function place(columns: Columns, gap: number): { width: number; height: number } {
  let [top, bottom, at] = [Infinity, -Infinity, 0];
  for (const column of columns) {
    for (const { item, y } of column) if (item) top = Math.min(top, y);
  }
  for (const column of columns) {
    const width = Math.max(0, ...column.map(({ item }) => (item ? widthOf(item) : 0)));
    for (const { item, y } of column) {
      if (!item) continue;
      item.x = at + (width - widthOf(item)) / 2 - item.left;
      item.y = y - top - item.top;
      bottom = Math.max(bottom, y - top + heightOf(item));
    }
    at += width + gap;
  }
  return { width: at - gap, height: bottom };
}
