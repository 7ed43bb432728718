import { areTooClose, middleX, middleY } from "./separate.ts";
import { heightOf, widthOf } from "./shelves.ts";
import type { BoxItem, Item } from "./tree.ts";

// Free places for what is new, so that nothing else has to move.

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** How many of the nearest siblings are looked at before all of them. */
const nearest = 64;
/** A pixel by which the box must grow counts as this many pixels of distance. */
const growthCost = 4;

/** Puts an item beside one of its placed siblings: at the free place nearest to `wish`, all in the box's coordinates. */
export function takeSlot(item: Item, placed: readonly Item[], gap: number, wish: Point): void {
  const ordered = placed.length > nearest ? byDistance(placed, wish) : placed;
  for (const around of placed.length > nearest ? [ordered.slice(0, nearest), ordered] : [ordered]) {
    const candidates = around
      .flatMap((sibling) => beside(item, sibling, gap))
      .map((at) => ({ at, cost: costOf(item, at, wish) }))
      .sort((a, b) => a.cost - b.cost);
    for (const { at } of candidates) {
      item.x = at.x;
      item.y = at.y;
      if (!placed.some((other) => areTooClose(item, other, gap))) return;
    }
  }
  // Only where siblings overlap already: below all of them is free.
  item.x = wish.x;
  item.y = placed.reduce((most, other) => Math.max(most, other.y + other.bottom), -Infinity) + gap - item.top;
}

function byDistance(placed: readonly Item[], wish: Point): readonly Item[] {
  const far = (item: Item): number => Math.hypot(middleX(item) - wish.x, middleY(item) - wish.y);
  const distances = Float64Array.from(placed, far).sort();
  const limit = distances[nearest - 1] ?? Infinity;
  const [close, rest]: [Item[], Item[]] = [[], []];
  for (const item of placed) (far(item) <= limit ? close : rest).push(item);
  return [...close, ...rest];
}

/** Below, right, above and left of a sibling, as origins of the item. */
function beside(item: Item, sibling: Item, gap: number): Point[] {
  const left = sibling.x + sibling.left - item.left;
  const top = sibling.y + sibling.top - item.top;
  const middle = middleX(sibling) - (item.left + item.right) / 2;
  return [
    { x: middle, y: sibling.y + sibling.bottom + gap - item.top },
    { x: left, y: sibling.y + sibling.bottom + gap - item.top },
    { x: sibling.x + sibling.right + gap - item.left, y: top },
    { x: middle, y: sibling.y + sibling.top - gap - item.bottom },
    { x: sibling.x + sibling.left - gap - item.right, y: top },
  ];
}

function costOf(item: Item, at: Point, wish: Point): number {
  const distance = Math.hypot(
    at.x + (item.left + item.right) / 2 - wish.x,
    at.y + (item.top + item.bottom) / 2 - wish.y,
  );
  return distance + growthCost * growth(item, at);
}

function growth(item: Item, at: Point): number {
  const box = item.parent;
  // The root has no edge.
  if (!box?.parent) return 0;
  const across = Math.max(0, at.x + item.right - box.right) + Math.max(0, box.left - at.x - item.left);
  return across + Math.max(0, at.y + item.bottom - box.bottom) + Math.max(0, box.top - at.y - item.top);
}

/** In an app: below those of its own column. False where none is there. */
export function takeSlotBelow(item: Item, placed: readonly Item[], gap: number): boolean {
  const column = placed.filter(({ rank }) => (rank === 0) === (item.rank === 0)).sort((a, b) => a.y - b.y);
  for (const sibling of column) {
    item.x = sibling.x;
    item.y = sibling.y + sibling.bottom + gap - item.top;
    if (!placed.some((other) => areTooClose(item, other, gap))) return true;
  }
  return false;
}

/** Where an item would stand best: right of what calls it, left of what it calls; without links in the lower left. */
export function wishOf(item: Item, box: BoxItem, isPlaced: (sibling: Item) => boolean, gap: number): Point {
  let [x, y, weights] = [0, 0, 0];
  for (const { source, target, weight } of box.links) {
    if (source !== item && target !== item) continue;
    const other = source === item ? target : source;
    if (!isPlaced(other)) continue;
    const apart = (widthOf(item) + widthOf(other)) / 2 + gap;
    x += (middleX(other) + (other === source ? apart : -apart)) * weight;
    y += middleY(other) * weight;
    weights += weight;
  }
  if (weights > 0) return { x: x / weights, y: y / weights };
  return { x: box.left + widthOf(item) / 2, y: box.bottom - heightOf(item) / 2 };
}
