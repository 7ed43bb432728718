import { arrange, gaps } from "./afresh.ts";
import type { Memory } from "./layout.ts";
import { areTooClose, middleX, middleY, separate } from "./separate.ts";
import { heightOf, widthOf } from "./shelves.ts";
import { takeSlot, takeSlotBelow, wishOf, type Point } from "./slots.ts";
import type { Steps } from "./steps.ts";
import { toWholePixels, wrap, wrapAnew, type BoxItem, type Item, type Tree } from "./tree.ts";

// The next picture. What was there stays where it was; what is new takes what is free.

/** Pixels between siblings: what is new keeps `slot`, what grows may use up all but `least`. */
const distances = {
  app: { slot: 16, least: 8 },
  namespace: { slot: 24, least: 12 },
  cluster: { slot: 60, least: 16 },
  root: { slot: 60, least: 16 },
} as const;

/** Members of a new box that lie this much wider than they would need to are gathered. */
const scattered = 2.5;

/** Absolute origins of what has a place. A box that was there has its upper left corner as origin. */
type Places = Map<Item, Point>;

export function* placeAgain(tree: Tree, memory: Memory): Steps {
  const places = placesOf(tree, memory);
  const grown = new Set<Item>();
  for (const box of [...tree.boxes].reverse()) {
    yield* fillBox(box, places, grown);
    yield;
  }
  places.set(tree.root, { x: 0, y: 0 });
  yield* fillBox(tree.root, places, grown);
}

function placesOf({ nodes, boxes, root }: Tree, memory: Memory): Places {
  const places: Places = new Map();
  // A key that comes twice is remembered for the first only.
  const used = new Set<string>();
  for (const node of nodes) {
    const known = memory.nodes.get(node.key);
    if (!known || used.has(node.key)) continue;
    used.add(node.key);
    places.set(node, known);
    if (!known.pinned) continue;
    node.isFixed = true;
    for (let above: BoxItem | undefined = node.parent; above && above !== root; above = above.parent)
      above.isFixed = true;
  }
  used.clear();
  for (const box of boxes) {
    const known = memory.boxes.get(box.key);
    if (!known || used.has(box.key)) continue;
    used.add(box.key);
    places.set(box, known);
    box.right = known.width;
    box.bottom = known.height;
  }
  return places;
}

function* fillBox(box: BoxItem, places: Places, grown: Set<Item>): Steps {
  const placed = box.children.filter((child) => places.has(child));
  const fresh = box.children.filter((child) => !places.has(child));
  const origin = places.get(box);
  if (placed.length === 0 && (!origin || fresh.length > 0)) {
    // Nothing to stay near to: as in a first picture, from the corner that the box has.
    yield* arrange(box);
    if (!origin) wrapAnew(box);
    else startAtCorner(box);
    if (origin) noteGrowth(box, grown);
    return;
  }
  const corner = origin ?? places.get(placed[0] as Item) ?? { x: 0, y: 0 };
  for (const child of placed) {
    const at = places.get(child) as Point;
    child.x = at.x - corner.x;
    child.y = at.y - corner.y;
  }
  if (!origin) {
    yield* wrapMembers(box, placed);
    places.set(box, corner);
    grown.add(box);
  }
  makeRoom(placed, grown, distances[box.kind].least);
  placeFresh(box, placed, fresh);
  if (box.parent) noteGrowth(box, grown);
}

/** Wraps, and notes whether that made it larger than it was. */
function noteGrowth(box: BoxItem, grown: Set<Item>): void {
  const { left, top, right, bottom } = box;
  // What somebody drags about must not leave a box that only grows.
  if (box.isFixed) wrapAnew(box);
  else wrap(box);
  if (box.left < left || box.top < top || box.right > right || box.bottom > bottom) grown.add(box);
}

function startAtCorner(box: BoxItem): void {
  const { right, bottom } = box;
  wrapAnew(box);
  for (const child of box.children) {
    child.x -= box.left;
    child.y -= box.top;
  }
  Object.assign(box, { left: 0, top: 0, right, bottom });
}

/** A new box around what was there: where it stands, unless that is far apart. */
function* wrapMembers(box: BoxItem, placed: readonly Item[]): Steps {
  wrapAnewAround(box, placed);
  if (box.kind !== "app" || placed.some(({ isFixed }) => isFixed)) return;
  const was = placed.map(({ x, y }) => ({ x, y }));
  const area = widthOf(box) * heightOf(box);
  const middle = { x: middleX(box), y: middleY(box) };
  yield* arrange(box);
  wrapAnewAround(box, placed);
  if (area <= scattered * widthOf(box) * heightOf(box)) {
    for (const [index, child] of placed.entries()) Object.assign(child, was[index]);
  } else {
    const [dx, dy] = [middle.x - middleX(box), middle.y - middleY(box)];
    for (const child of placed) {
      child.x += dx;
      child.y += dy;
    }
  }
  wrapAnewAround(box, placed);
}

function wrapAnewAround(box: BoxItem, members: readonly Item[]): void {
  const measured = { ...box, children: [...members] };
  wrapAnew(measured);
  const { left, top, right, bottom } = measured;
  Object.assign(box, { left, top, right, bottom });
}

/** What has grown stays and pushes the others, who give way by as little as they must. */
function makeRoom(placed: readonly Item[], grown: ReadonlySet<Item>, least: number): void {
  const held: Item[] = [];
  const anchors = placed.filter((item) => item.isFixed);
  for (const item of placed) {
    if (!grown.has(item) || item.isFixed || anchors.some((other) => areTooClose(item, other, least))) continue;
    item.isFixed = true;
    held.push(item);
    anchors.push(item);
  }
  const was = new Map(placed.map((item) => [item, { x: item.x, y: item.y }]));
  separate(placed, least);
  toWholePixels(placed.filter((item) => item.x !== was.get(item)?.x || item.y !== was.get(item)?.y));
  for (const item of held) item.isFixed = false;
}

function placeFresh(box: BoxItem, placed: Item[], fresh: readonly Item[]): void {
  const { slot } = distances[box.kind];
  if (box.kind === "root") wrapAnewAround(box, placed);
  const taken = new Set(placed);
  for (const item of fresh) {
    if (box.kind !== "app" || !takeSlotBelow(item, placed, slot)) {
      const wish = wishOf(item, box, (sibling) => taken.has(sibling), gaps[box.kind].across);
      takeSlot(item, placed, slot, wish);
      toWholePixels([item]);
    }
    placed.push(item);
    taken.add(item);
  }
}
