import { placeByForces, strainOf, flowsOf } from "./forces.ts";
import type { Steps } from "./steps.ts";
import { arrangeLayered } from "./layered.ts";
import { pairServices } from "./pairs.ts";
import { middleX, middleY, separate } from "./separate.ts";
import { heightOf, packColumns } from "./shelves.ts";
import { toWholePixels, wrapAnew, type BoxItem, type Item, type Link, type Tree } from "./tree.ts";

// The first picture. From the inside out: apps, namespaces, clusters, all.

/** Pixels at scale 1 between siblings in a box of this kind, `down` between rows. */
export const gaps = {
  app: { across: 72, down: 16 },
  namespace: { across: 90, down: 24 },
  cluster: { across: 90, down: 90 },
  root: { across: 100, down: 90 },
} as const;

const wide = 16 / 9;
/** More boxes than these are placed by forces. */
const fewBoxes = 12;
/** Namespaces as nodes, each talking to many: forces show it better than layers. */
const denseNodes = { least: 60, most: 1500, linksPerNode: 1.5 } as const;
const tallestApp = 8;
const smallEntry = 3;
const compactions = 12;
const closer = 0.85;
const mostStacked = 4;
/** Side by side reads better along the traffic: what is stacked has to gain so much. */
const clearlyLarger = 0.85;

/** Gives everything its place, box by box. */
export function* placeAfresh({ root, boxes }: Tree): Steps {
  for (const box of [...boxes].reverse()) {
    yield* arrange(box);
    wrapAnew(box);
    yield;
  }
  yield* arrange(root);
}

/** Places what is in a box, anywhere around its origin. */
export function* arrange(box: BoxItem): Steps {
  yield* arrangeChildren(box);
  toWholePixels(box.children);
}

function* arrangeChildren(box: BoxItem): Steps {
  const { across, down } = gaps[box.kind];
  if (box.kind === "app") {
    arrangeApp(box.children);
    return;
  }
  const inner = box.children.filter((item) => item.isBox && item.kind !== "app");
  if (inner.length > 0) {
    const entries = entriesOf(inner, box.links);
    const rest = inner.filter((item) => !entries.has(item));
    yield* arrangeBoxes(box, rest.length > 0 ? rest : inner);
  } else if (isDense(box)) {
    yield* placeByForces(box.children, box.links, { gap: across * 0.7, aspect: 2.2 });
    separate(box.children, down * 0.75);
  } else {
    const paired = pairServices(box.children, box.links, arrangeApp);
    arrangeLayered(paired.items, paired.links, { columnGap: across, rowGap: down, aspect: wide });
    paired.release();
  }
}

/** Small boxes that only call, such as a gateway's namespace: traffic comes in there, so they stand at the left side. */
function entriesOf(inner: readonly Item[], links: readonly Link[]): Set<Item> {
  const calling = new Set(links.map(({ source }) => source));
  const called = new Set(links.map(({ target }) => target));
  return new Set(
    inner.filter((box) => box.isBox && box.children.length <= smallEntry && calling.has(box) && !called.has(box)),
  );
}

function isDense({ kind, children, links }: BoxItem): boolean {
  const { least, most, linksPerNode } = denseNodes;
  const count = children.length;
  return kind !== "namespace" && count >= least && count <= most && links.length > linksPerNode * count;
}

/** Services left, what runs behind them right, each centred beside the other; many in several columns. */
function arrangeApp(children: readonly Item[]): void {
  const { across, down } = gaps.app;
  const services = children.filter(({ rank }) => rank === 0);
  const workloads = children.filter(({ rank }) => rank !== 0);
  let at = 0;
  for (const side of [services, workloads]) {
    if (side.length === 0) continue;
    const rows = Math.max(tallestApp, Math.ceil(Math.sqrt(side.length * 2)));
    const width = packColumns(side, rows * (heightOf(side[0] as Item) + down), { across: down, down });
    for (const item of side) item.x += at;
    at += width + across;
  }
  const middles = [services, workloads].map(middleOf);
  const lowest = Math.max(...middles);
  for (const [index, side] of [services, workloads].entries()) {
    for (const item of side) item.y += lowest - (middles[index] ?? 0);
  }
}

function middleOf(items: readonly Item[]): number {
  return items.reduce((most, item) => Math.max(most, item.y + item.bottom), 0) / 2;
}

/** Namespaces in a cluster, or clusters: few in layers, many by forces. What is in none of them stands at the sides. */
function* arrangeBoxes(parent: BoxItem, inner: readonly Item[]): Steps {
  const { across, down } = gaps[parent.kind];
  const isInner = new Set(inner);
  const links = parent.links.filter(({ source, target }) => isInner.has(source) && isInner.has(target));
  let best = Infinity;
  if (inner.length <= fewBoxes) {
    arrangeLayered(inner, links, { columnGap: across, rowGap: down, aspect: wide });
    best = badness(inner, links);
  }
  if (inner.length > 2 && best > 0) {
    const layered = inner.map(({ x, y }) => ({ x, y }));
    yield* placeByForces(inner, links, { gap: across, aspect: 2 });
    separate(inner, down);
    yield* compact(inner, links, down);
    if (badness(inner, links) > best) {
      for (const [index, item] of inner.entries()) Object.assign(item, layered[index]);
    }
  }
  if (parent.kind === "root") stackIfLarger(inner, down);
  placeAtSides(parent, inner);
}

/** Clusters are wide: one below the other they can often be drawn larger on a screen. Callers stay above what they call. */
function stackIfLarger(clusters: readonly Item[], gap: number): void {
  if (clusters.length < 2 || clusters.length > mostStacked) return;
  const width = Math.max(...clusters.map(({ left, right }) => right - left));
  const height = clusters.reduce((sum, cluster) => sum + heightOf(cluster) + gap, -gap);
  const { left, top, right, bottom } = extentOf(clusters);
  const stacked = Math.max(width / wide, height);
  if (stacked > clearlyLarger * Math.max((right - left) / wide, bottom - top)) return;
  let at = 0;
  for (const cluster of [...clusters].sort((a, b) => middleX(a) - middleX(b))) {
    cluster.x = -cluster.left;
    cluster.y = at - cluster.top;
    at += heightOf(cluster) + gap;
  }
}

/** Draws things nearer together as long as that makes the picture better. */
function* compact(items: readonly Item[], links: readonly Link[], gap: number): Steps {
  let best = badness(items, links);
  for (let round = 0; round < compactions; round++) {
    const before = items.map(({ x, y }) => ({ x, y }));
    const { left, top, right, bottom } = extentOf(items);
    for (const item of items) {
      item.x += (1 - closer) * ((left + right) / 2 - middleX(item));
      item.y += (1 - closer) * ((top + bottom) / 2 - middleY(item));
    }
    separate(items, gap);
    yield;
    const found = badness(items, links);
    if (found < best * 0.995) {
      best = found;
      continue;
    }
    for (const [index, item] of items.entries()) Object.assign(item, before[index]);
    return;
  }
}

/** Longer lines and pictures far from the shape of a screen are worse. */
function badness(items: readonly Item[], links: readonly Link[]): number {
  const { left, top, right, bottom } = extentOf(items);
  const aspect = (right - left) / (bottom - top);
  const weight = links.reduce((sum, link) => sum + link.weight, 0);
  const diagonal = Math.hypot(right - left, (bottom - top) * wide);
  return diagonal * (1 + 0.3 * Math.abs(Math.log(aspect / wide))) + (weight > 0 ? strainOf(links) / weight : 0);
}

function extentOf(items: readonly Item[]): { left: number; top: number; right: number; bottom: number } {
  const extent = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
  for (const item of items) {
    extent.left = Math.min(extent.left, item.x + item.left);
    extent.top = Math.min(extent.top, item.y + item.top);
    extent.right = Math.max(extent.right, item.x + item.right);
    extent.bottom = Math.max(extent.bottom, item.y + item.bottom);
  }
  return extent;
}

/** Unknown callers in columns at the left, external hosts at the right, each near what it talks to. */
function placeAtSides(parent: BoxItem, inner: readonly Item[]): void {
  const isInner = new Set(inner);
  const loose = parent.children.filter((item) => !isInner.has(item));
  if (loose.length === 0) return;
  const { across } = gaps[parent.kind];
  const { left, top, right, bottom } = extentOf(inner);
  const flows = flowsOf(parent.links);
  const wishes = wishesOf(parent.links, isInner);
  const gap = { across: 30, down: gaps.namespace.down };
  for (const isCaller of [true, false]) {
    const side = loose.filter((item) => (flows.get(item) ?? -1) > 0 === isCaller);
    if (side.length === 0) continue;
    side.sort((a, b) => (wishes.get(a) ?? 0) - (wishes.get(b) ?? 0));
    const width = packColumns(side, Math.max(bottom - top, 400), gap);
    const extent = extentOf(side);
    const wish = side.reduce((sum, item) => sum + (wishes.get(item) ?? (top + bottom) / 2), 0) / side.length;
    const start = Math.max(
      top,
      Math.min(bottom - (extent.bottom - extent.top), wish - (extent.bottom - extent.top) / 2),
    );
    for (const item of side) {
      item.x += isCaller ? left - across - width : right + across;
      item.y += start;
    }
  }
}

/** The middle height of what each loose item talks to. */
function wishesOf(links: readonly Link[], isInner: ReadonlySet<Item>): Map<Item, number> {
  const sums = new Map<Item, { sum: number; weight: number }>();
  for (const { source, target, weight } of links) {
    for (const [item, other] of [
      [source, target],
      [target, source],
    ] as const) {
      if (isInner.has(item) || !isInner.has(other)) continue;
      const known = sums.get(item) ?? { sum: 0, weight: 0 };
      sums.set(item, { sum: known.sum + middleY(other) * weight, weight: known.weight + weight });
    }
  }
  return new Map([...sums].map(([item, { sum, weight }]) => [item, sum / weight]));
}
