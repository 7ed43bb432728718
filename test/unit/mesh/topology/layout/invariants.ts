import { boxRoom, nodeSize, type LayoutInput, type Placement } from "../../../../../src/mesh/topology/layout/layout.ts";

/** Less than a pixel's tenth cannot be seen; positions are 32-bit numbers. */
const tolerance = 0.1;

interface Rectangle {
  readonly name: string;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Everything that must not be in any picture, in words; empty for a sound one. */
export function faults(input: LayoutInput, placement: Placement): string[] {
  const nodes = input.nodeKeys.map((name, index) => nodeAt(name, placement, index));
  const boxes = input.boxKeys.map((name, index) => boxAt(name, placement, index));
  const all = [...nodes, ...boxes];
  const lost = all.filter(({ left, top, right, bottom }) => ![left, top, right, bottom].every(Number.isFinite));
  return [
    ...lost.map(({ name }) => `${name} has no place`),
    ...overlapping(nodes).map(([a, b]) => `node ${a} overlaps node ${b}`),
    ...siblings(input, boxes).flatMap((group) => overlapping(group).map(([a, b]) => `box ${a} overlaps box ${b}`)),
    ...siblingsOf(input, nodes, boxes).flatMap((group) =>
      overlapping(group).map(([a, b]) => `${a} overlaps ${b} beside it`),
    ),
    ...nodes.flatMap((node, index) => outside(node, boxes[input.nodeBox[index] ?? -1])),
    ...boxes.flatMap((box, index) => outside(box, boxes[input.boxParent[index] ?? -1])),
  ];
}

function nodeAt(name: string, { nodeX, nodeY }: Placement, index: number): Rectangle {
  const [x, y] = [nodeX[index] ?? NaN, nodeY[index] ?? NaN];
  const [across, down] = [nodeSize.width / 2, nodeSize.height / 2];
  return { name, left: x - across, top: y - down, right: x + across, bottom: y + down };
}

function boxAt(name: string, { boxes }: Placement, index: number): Rectangle {
  const [left = NaN, top = NaN, width = NaN, height = NaN] = boxes.subarray(4 * index, 4 * index + 4);
  return { name, left, top, right: left + width, bottom: top + height };
}

function siblings({ boxParent }: LayoutInput, boxes: readonly Rectangle[]): Rectangle[][] {
  const groups = new Map<number, Rectangle[]>();
  for (const [index, box] of boxes.entries()) {
    const parent = boxParent[index] ?? 0xffffffff;
    groups.set(parent, [...(groups.get(parent) ?? []), box]);
  }
  return [...groups.values()];
}

/** Nodes and boxes that stand beside each other. */
function siblingsOf(input: LayoutInput, nodes: readonly Rectangle[], boxes: readonly Rectangle[]): Rectangle[][] {
  const groups = new Map<number, Rectangle[]>();
  const add = (parent: number, rectangle: Rectangle): void => {
    const group = groups.get(parent);
    if (group) group.push(rectangle);
    else groups.set(parent, [rectangle]);
  };
  for (const [index, node] of nodes.entries()) add(input.nodeBox[index] ?? 0xffffffff, node);
  for (const [index, box] of boxes.entries()) add(input.boxParent[index] ?? 0xffffffff, box);
  return [...groups.values()];
}

function overlapping(rectangles: readonly Rectangle[]): [string, string][] {
  const sorted = [...rectangles].sort((a, b) => a.left - b.left);
  const found: [string, string][] = [];
  for (const [at, a] of sorted.entries()) {
    for (let next = at + 1; next < sorted.length; next++) {
      const b = sorted[next];
      if (!b || b.left >= a.right - tolerance) break;
      if (a.top < b.bottom - tolerance && b.top < a.bottom - tolerance) found.push([a.name, b.name]);
    }
  }
  return found;
}

function outside(inner: Rectangle, box: Rectangle | undefined): string[] {
  if (!box) return [];
  const isIn =
    inner.left >= box.left - tolerance &&
    inner.right <= box.right + tolerance &&
    inner.top >= box.top + boxRoom.title - tolerance &&
    inner.bottom <= box.bottom + tolerance;
  return isIn ? [] : [`${inner.name} is not inside ${box.name}`];
}

/** By how much each node that is in both pictures has moved. */
export function moves(
  before: { readonly input: LayoutInput; readonly placement: Placement },
  after: { readonly input: LayoutInput; readonly placement: Placement },
): Map<string, number> {
  const at = new Map(after.input.nodeKeys.map((key, index) => [key, index]));
  const found = new Map<string, number>();
  for (const [index, key] of before.input.nodeKeys.entries()) {
    const now = at.get(key);
    if (now === undefined) continue;
    const dx = (after.placement.nodeX[now] ?? NaN) - (before.placement.nodeX[index] ?? NaN);
    const dy = (after.placement.nodeY[now] ?? NaN) - (before.placement.nodeY[index] ?? NaN);
    found.set(key, Math.hypot(dx, dy));
  }
  return found;
}

/** Width by height of all that is drawn. */
export function aspectOf(input: LayoutInput, placement: Placement): number {
  const all = [
    ...input.nodeKeys.map((name, index) => nodeAt(name, placement, index)),
    ...input.boxKeys.map((name, index) => boxAt(name, placement, index)),
  ];
  const width = Math.max(...all.map(({ right }) => right)) - Math.min(...all.map(({ left }) => left));
  const height = Math.max(...all.map(({ bottom }) => bottom)) - Math.min(...all.map(({ top }) => top));
  return width / height;
}
