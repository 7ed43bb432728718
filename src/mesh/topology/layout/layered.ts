import { columnsOf, joinCells, type Columns } from "./columns.ts";
import { setHeights } from "./heights.ts";
import { layersOf, mergeLayers } from "./layers.ts";
import { orderColumns } from "./ordering.ts";
import { heightOf, packShelves, widthOf, type Rectangle } from "./shelves.ts";
import type { Item, Link } from "./tree.ts";

export interface Spacing {
  /** Between columns: labels of edges stand there. */
  readonly columnGap: number;
  readonly rowGap: number;
  /** Width by height that is aimed at. */
  readonly aspect: number;
}

/** Few items may use more height, for straighter lines. */
const few = 20;
/** A chain of so many is drawn as one, however wide it gets. */
const longChain = 6;

interface Part extends Rectangle {
  readonly items: readonly Item[];
}

/** From left to right along the links. Groups without a link between them stand in rows. Starts at 0, 0. */
export function arrangeLayered(items: readonly Item[], links: readonly Link[], spacing: Spacing): void {
  const parts = partsOf(items, links).map((part) => arrangePart(part, spacing));
  const width = idealHeight(items, spacing) * spacing.aspect;
  const [main, ...rest] = parts.sort((a, b) => b.items.length - a.items.length);
  if (!main) return;
  const gap = { across: spacing.columnGap * 0.75, down: spacing.rowGap };
  if (main.right > width * 0.6) {
    packShelves(rest, Math.max(main.right, width), gap);
    for (const part of rest) part.y += main.bottom + gap.down;
  } else {
    packShelves(parts, width, gap);
  }
  for (const part of parts) {
    for (const item of part.items) {
      item.x += part.x;
      item.y += part.y;
    }
  }
}

interface Group {
  readonly items: Item[];
  readonly links: Link[];
}

/** What hangs together by links, in the order of the items. */
function partsOf(items: readonly Item[], links: readonly Link[]): Group[] {
  const leaders = new Map<Item, Item>();
  const leader = (item: Item): Item => {
    let top = item;
    for (let next = leaders.get(top); next; next = leaders.get(top)) {
      const above = leaders.get(next);
      if (above) leaders.set(top, above);
      top = next;
    }
    return top;
  };
  for (const { source, target } of links) {
    const [a, b] = [leader(source), leader(target)];
    if (a !== b) leaders.set(a, b);
  }
  const groups = new Map<Item, Group>();
  for (const item of items) {
    const group = groups.get(leader(item));
    if (group) group.items.push(item);
    else groups.set(leader(item), { items: [item], links: [] });
  }
  for (const link of links) groups.get(leader(link.source))?.links.push(link);
  return [...groups.values()];
}

function arrangePart({ items, links }: Group, spacing: Spacing): Part {
  const [first] = items;
  const part = { items, key: first?.key ?? "", x: 0, y: 0, left: 0, top: 0 };
  if (first && items.length === 1) {
    first.x = -first.left;
    first.y = -first.top;
    return { ...part, right: widthOf(first), bottom: heightOf(first) };
  }
  const tallest = Math.max(idealHeight(items, spacing) * 1.3, 1);
  const layers = mergeLayers(layersOf(items, links), links, { tallest, most: mostLayers(items, spacing) });
  const columns = columnsOf(layers, tallest, spacing.rowGap);
  joinCells(columns, links);
  orderColumns(columns);
  setHeights(columns, spacing.rowGap, items.length <= few ? 0.15 : 0);
  const { width, height } = place(columns, spacing.columnGap);
  return { ...part, right: width, bottom: height };
}

function idealHeight(items: readonly Item[], { columnGap, rowGap, aspect }: Spacing): number {
  let [area, tallest] = [0, 0];
  for (const item of items) {
    area += (widthOf(item) + columnGap) * (heightOf(item) + rowGap);
    tallest = Math.max(tallest, heightOf(item));
  }
  return Math.max(Math.sqrt(area / aspect), tallest);
}

function mostLayers(items: readonly Item[], spacing: Spacing): number {
  const width = items.reduce((sum, item) => sum + widthOf(item) + spacing.columnGap, 0) / items.length;
  return Math.max(longChain, Math.ceil((idealHeight(items, spacing) * spacing.aspect * 1.5) / width));
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
