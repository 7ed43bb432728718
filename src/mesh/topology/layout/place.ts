import { placeAfresh } from "./afresh.ts";
import { placeAgain } from "./again.ts";
import type { LayoutInput, Memory, Placement } from "./layout.ts";
import { finish, type Steps } from "./steps.ts";
import { treeOf, type Item, type NodeItem, type Tree } from "./tree.ts";

/** Remembers nothing: gives a first picture. */
export const blankMemory: Memory = { nodes: new Map(), boxes: new Map() };

/** The whole layout at once. Never throws; the same input and memory give the same picture. */
export function place(input: LayoutInput, memory: Memory = blankMemory): Placement {
  return finish(placeSteps(input, memory));
}

/** The same in small steps, for who may not be busy for long. */
export function* placeSteps(input: LayoutInput, memory: Memory): Steps<Placement> {
  const tree = treeOf(input);
  yield;
  if (isNextPicture(tree, memory)) {
    yield* placeAgain(tree, memory);
    return placementOf(tree);
  }
  yield* placeAfresh(tree);
  const placement = placementOf(tree);
  const pins = pinsOf(tree, memory);
  if (pins.length === 0) return placement;
  const again = treeOf(input);
  yield* placeAgain(again, withPins(rememberPlacement(input, placement), pins));
  return placementOf(again);
}

/** What the next layout has to know of this one. A person put those of `pinned` where they are. */
export function rememberPlacement(
  input: LayoutInput,
  { nodeX, nodeY, boxes }: Placement,
  pinned: Readonly<Record<string, unknown>> = {},
): Memory {
  return {
    nodes: new Map(
      input.nodeKeys.map((key, index) => [
        key,
        { x: nodeX[index] ?? 0, y: nodeY[index] ?? 0, pinned: Object.hasOwn(pinned, key) },
      ]),
    ),
    boxes: new Map(
      input.boxKeys.map((key, index) => {
        const [x = 0, y = 0, width = 0, height = 0] = boxes.subarray(4 * index, 4 * index + 4);
        return [key, { x, y, width, height }];
      }),
    ),
  };
}

/** Most of it was there: things stay. Else a picture made anew is better than one patched all over. */
function isNextPicture({ nodes }: Tree, memory: Memory): boolean {
  let known = 0;
  for (const { key } of nodes) if (memory.nodes.get(key)?.pinned === false) known++;
  return known > 0 && known * 2 >= nodes.length - pinCount(nodes, memory);
}

function pinCount(nodes: readonly NodeItem[], memory: Memory): number {
  return nodes.reduce((count, { key }) => count + (memory.nodes.get(key)?.pinned ? 1 : 0), 0);
}

interface Pin {
  readonly node: NodeItem;
  readonly x: number;
  readonly y: number;
}

function pinsOf({ nodes }: Tree, memory: Memory): Pin[] {
  return nodes.flatMap((node) => {
    const known = memory.nodes.get(node.key);
    return known?.pinned ? [{ node, x: known.x, y: known.y }] : [];
  });
}

function withPins(memory: Memory, pins: readonly Pin[]): Memory {
  const nodes = new Map(memory.nodes);
  for (const { node, x, y } of pins) nodes.set(node.key, { x, y, pinned: true });
  return { nodes, boxes: memory.boxes };
}

function placementOf({ root, nodes, boxes }: Tree): Placement {
  const origins = new Map<Item, { x: number; y: number }>([[root, { x: 0, y: 0 }]]);
  const rectangles = new Float32Array(4 * boxes.length);
  for (const box of boxes) {
    const above = origins.get(box.parent ?? root) ?? { x: 0, y: 0 };
    const origin = { x: above.x + box.x, y: above.y + box.y };
    origins.set(box, origin);
    const { left, top, right, bottom } = box;
    rectangles.set([origin.x + left, origin.y + top, right - left, bottom - top], 4 * box.index);
  }
  const nodeX = new Float32Array(nodes.length);
  const nodeY = new Float32Array(nodes.length);
  for (const { index, parent, x, y } of nodes) {
    const above = origins.get(parent) ?? { x: 0, y: 0 };
    nodeX[index] = above.x + x;
    nodeY[index] = above.y + y;
  }
  return { nodeX, nodeY, boxes: rectangles };
}
