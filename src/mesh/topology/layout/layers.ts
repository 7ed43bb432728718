import type { Item, Link } from "./tree.ts";

/**
 * The layer of each item that has links, 0 for where traffic comes in: cycles broken where a depth-first walk closes
 * them, then the longest path. Walks without recursion: a chain may have thousands of items.
 */
export function layersOf(items: readonly Item[], links: readonly Link[]): Map<Item, number> {
  const outgoing = new Map<Item, Item[]>();
  const incoming = new Map<Item, number>();
  for (const { source, target } of links) {
    const targets = outgoing.get(source);
    if (targets) targets.push(target);
    else outgoing.set(source, [target]);
    incoming.set(target, (incoming.get(target) ?? 0) + 1);
  }
  const linked = items.filter((item) => outgoing.has(item) || incoming.has(item));
  const surplus = (item: Item): number => (outgoing.get(item)?.length ?? 0) - (incoming.get(item) ?? 0);
  const entries = [...linked].sort(
    (a, b) => Number(incoming.has(a)) - Number(incoming.has(b)) || surplus(b) - surplus(a),
  );
  const order = walk(entries, outgoing);
  return longestPaths(order, links);
}

/** Reverse postorder: along it, every link that closes no cycle points forward. */
function walk(entries: readonly Item[], outgoing: ReadonlyMap<Item, readonly Item[]>): Item[] {
  const seen = new Set<Item>();
  const finished: Item[] = [];
  for (const entry of entries) {
    if (seen.has(entry)) continue;
    seen.add(entry);
    const trail = [{ item: entry, next: 0 }];
    for (let top = trail.at(-1); top; top = trail.at(-1)) {
      const target = outgoing.get(top.item)?.[top.next++];
      if (!target) {
        finished.push(top.item);
        trail.pop();
      } else if (!seen.has(target)) {
        seen.add(target);
        trail.push({ item: target, next: 0 });
      }
    }
  }
  return finished.reverse();
}

function longestPaths(order: readonly Item[], links: readonly Link[]): Map<Item, number> {
  const at = new Map(order.map((item, index) => [item, index]));
  const after = new Map<Item, Item[]>();
  const hasBefore = new Set<Item>();
  for (const { source, target } of links) {
    const isForward = (at.get(source) ?? 0) < (at.get(target) ?? 0);
    const [from, to] = isForward ? [source, target] : [target, source];
    const list = after.get(from);
    if (list) list.push(to);
    else after.set(from, [to]);
    hasBefore.add(to);
  }
  const layers = new Map<Item, number>();
  for (const item of order) {
    const layer = layers.get(item) ?? 0;
    layers.set(item, layer);
    for (const to of after.get(item) ?? []) layers.set(to, Math.max(layers.get(to) ?? 0, layer + 1));
  }
  // What nobody calls stands right before what it calls, not far out at the left.
  for (const item of order) {
    const targets = after.get(item);
    if (hasBefore.has(item) || !targets) continue;
    layers.set(item, targets.reduce((least, to) => Math.min(least, layers.get(to) ?? 0), Infinity) - 1);
  }
  return layers;
}

interface MergeLimits {
  readonly most: number;
  /** Pixels that the items of one layer may be high together. */
  readonly tallest: number;
}

/**
 * At most `most` layers, if that can be: neighbours with the fewest links between them become one. A link inside a
 * layer is drawn upright, which costs less than a picture that is far wider than a screen.
 */
export function mergeLayers(
  layers: ReadonlyMap<Item, number>,
  links: readonly Link[],
  { most, tallest }: MergeLimits,
): Map<Item, number> {
  const groups = itemsByLayer(layers).map((items) => {
    return { items, height: items.reduce((sum, { top, bottom }) => sum + bottom - top, 0), linksToNext: 0 };
  });
  const numbers = new Map<Item, number>();
  for (const [number, { items }] of groups.entries()) for (const item of items) numbers.set(item, number);
  for (const { source, target } of links) {
    const [a, b] = [numbers.get(source) ?? 0, numbers.get(target) ?? 0];
    const first = groups[Math.min(a, b)];
    if (first && Math.abs(a - b) === 1) first.linksToNext++;
  }
  while (groups.length > most) {
    const fits = groups.flatMap((group, at) => {
      const next = groups[at + 1];
      return next && group.height + next.height <= tallest ? [{ at, group, next }] : [];
    });
    const [first] = fits;
    if (!first) break;
    const { at, group, next } = fits.reduce((best, fit) =>
      fit.group.linksToNext < best.group.linksToNext ? fit : best,
    );
    group.items.push(...next.items);
    groups.splice(at, 2, {
      items: group.items,
      height: group.height + next.height,
      linksToNext: next.linksToNext,
    });
  }
  return new Map(groups.flatMap(({ items }, number) => items.map((item) => [item, number] as const)));
}

/** From left to right, without empty layers. */
export function itemsByLayer(layers: ReadonlyMap<Item, number>): Item[][] {
  const byLayer = new Map<number, Item[]>();
  for (const [item, layer] of layers) {
    const list = byLayer.get(layer);
    if (list) list.push(item);
    else byLayer.set(layer, [item]);
  }
  return [...byLayer].sort(([a], [b]) => a - b).map(([, items]) => items);
}
