import { boxRoom, nodeSize, type LayoutInput } from "./layout.ts";

/**
 * A node or a box among its siblings. Where it is, is its origin from its parent's origin; its edges are counted from
 * its own. So moving a box moves all that is in it, and growing it to any side moves nothing.
 */
export interface NodeItem {
  readonly isBox: false;
  /** Among the nodes. */
  readonly index: number;
  readonly key: string;
  /** The order within an app: services (0) before workloads (1). */
  readonly rank: number;
  readonly parent: BoxItem;
  x: number;
  y: number;
  left: number;
  top: number;
  right: number;
  bottom: number;
  /** A person put it (or something in it) where it is. */
  isFixed: boolean;
}

export interface BoxItem extends Omit<NodeItem, "isBox" | "parent"> {
  readonly isBox: true;
  readonly kind: BoxKind;
  /** undefined for the root. */
  readonly parent: BoxItem | undefined;
  readonly children: Item[];
  /** What flows between its children, each pair and direction once. */
  readonly links: Link[];
}

export type Item = NodeItem | BoxItem;
export type BoxKind = "root" | "cluster" | "namespace" | "app";

export interface Link {
  readonly source: Item;
  readonly target: Item;
  /** How many edges it stands for. */
  weight: number;
}

export interface Tree {
  readonly root: BoxItem;
  readonly nodes: readonly NodeItem[];
  /** Parents come first. */
  readonly boxes: readonly BoxItem[];
}

const kinds: readonly BoxKind[] = ["cluster", "namespace", "app"];

/** Reads the input; what points nowhere hangs at the root, so that everything gets a place. */
export function treeOf(input: LayoutInput): Tree {
  const root = boxItem(0, "", "root", undefined);
  const boxes: BoxItem[] = [];
  for (const [index, parent] of input.boxParent.entries()) {
    const above = boxes[parent] ?? root;
    const box = boxItem(index, input.boxKeys[index] ?? "", kinds[input.boxKind[index] ?? 0] ?? "app", above);
    boxes.push(box);
    above.children.push(box);
  }
  const nodes: NodeItem[] = [];
  for (let index = 0; index < input.nodeCount; index++) {
    const parent = boxes[input.nodeBox[index] ?? -1] ?? root;
    const node = nodeItem(index, input.nodeKeys[index] ?? "", input.nodeRank[index] ?? 1, parent);
    nodes.push(node);
    parent.children.push(node);
  }
  link(input, nodes);
  // The order in which things arrive must not show.
  for (const box of [root, ...boxes]) sortByKeys(box);
  return { root, nodes, boxes };
}

function sortByKeys(box: BoxItem): void {
  box.children.sort(byKey);
  const order = new Map(box.children.map((child, index) => [child, index]));
  const number = ({ source, target }: Link): number =>
    (order.get(source) ?? 0) * box.children.length + (order.get(target) ?? 0);
  box.links.sort((a, b) => number(a) - number(b));
}

export function byKey(a: Item, b: Item): number {
  if (a.key !== b.key) return a.key < b.key ? -1 : 1;
  return a.isBox === b.isBox ? a.index - b.index : a.isBox ? -1 : 1;
}

function boxItem(index: number, key: string, kind: BoxKind, parent: BoxItem | undefined): BoxItem {
  const place = { x: 0, y: 0, left: 0, top: 0, right: 0, bottom: 0, isFixed: false };
  return { isBox: true, index, key, rank: 0, kind, parent, children: [], links: [], ...place };
}

function nodeItem(index: number, key: string, rank: number, parent: BoxItem): NodeItem {
  const [right, bottom] = [nodeSize.width / 2, nodeSize.height / 2];
  const place = { x: 0, y: 0, left: -right, top: -bottom, right, bottom, isFixed: false };
  return { isBox: false, index, key, rank, parent, ...place };
}

/** Each edge becomes part of one link: between the two siblings that hold its ends. */
function link(input: LayoutInput, nodes: readonly NodeItem[]): void {
  const boxCount = input.boxParent.length;
  const ordinal = (item: Item): number => (item.isBox ? item.index : boxCount + item.index);
  const known = new Map<number, Link>();
  for (let edge = 0; edge < input.edgeSource.length; edge++) {
    const pair = siblings(nodes[input.edgeSource[edge] ?? -1], nodes[input.edgeTarget[edge] ?? -1]);
    if (!pair) continue;
    const [source, target] = pair;
    const id = ordinal(source) * (boxCount + nodes.length) + ordinal(target);
    const link = known.get(id);
    if (link) link.weight++;
    else {
      const made = { source, target, weight: 1 };
      known.set(id, made);
      source.parent?.links.push(made);
    }
  }
}

function siblings(source: Item | undefined, target: Item | undefined): [Item, Item] | undefined {
  if (!source || !target) return undefined;
  let [a, b] = [source, target];
  let [depthA, depthB] = [depth(a), depth(b)];
  while (a.parent !== b.parent) {
    if (depthA >= depthB && a.parent) {
      a = a.parent;
      depthA--;
    } else if (b.parent) {
      b = b.parent;
      depthB--;
    }
  }
  return a === b ? undefined : [a, b];
}

function depth(item: Item): number {
  let levels = 0;
  for (let above = item.parent; above; above = above.parent) levels++;
  return levels;
}

/** Whole pixels come back unchanged from the 32-bit numbers that a picture is made of. */
export function toWholePixels(items: readonly Item[]): void {
  for (const item of items) {
    item.x = Math.round(item.x);
    item.y = Math.round(item.y);
  }
}

/** Makes a box hold its children with room around; never smaller than it was, so that what is free stays free. */
export function wrap(box: BoxItem): void {
  const { title, padding } = boxRoom;
  for (const child of box.children) {
    box.left = Math.min(box.left, child.x + child.left - padding);
    box.top = Math.min(box.top, child.y + child.top - padding - title);
    box.right = Math.max(box.right, child.x + child.right + padding);
    box.bottom = Math.max(box.bottom, child.y + child.bottom + padding);
  }
}

/** As `wrap`, forgetting what it was. An empty box has the size of a node, so that its name can be read. */
export function wrapAnew(box: BoxItem): void {
  const first = box.children[0];
  box.left = first ? first.x : 0;
  box.top = first ? first.y : 0;
  box.right = first ? first.x : nodeSize.width;
  box.bottom = first ? first.y : nodeSize.height;
  wrap(box);
}
