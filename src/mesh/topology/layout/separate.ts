import type { Item } from "./tree.ts";

// Siblings without overlaps.

/** Less than what can be seen; sums of sizes are not exact. */
const tolerance = 1e-3;

/** Moves siblings apart by as little as is easily found until all have `gap` pixels between them. Fixed ones stay. */
export function separate(items: readonly Item[], gap: number, rounds = 120): void {
  const sorted = [...items];
  for (let round = 0; round < rounds; round++) {
    if (!pushPairs(sorted, gap)) return;
  }
  settle(sorted, gap);
}

function byLeft(a: Item, b: Item): number {
  return a.x + a.left - (b.x + b.left);
}

/** One pass over all pairs that are too close; false where there were none. */
function pushPairs(items: Item[], gap: number): boolean {
  items.sort(byLeft);
  let hasPushed = false;
  for (const [at, a] of items.entries()) {
    for (let next = at + 1; next < items.length; next++) {
      const b = items[next];
      if (!b || b.x + b.left > a.x + a.right + gap) break;
      if (push(a, b, gap)) hasPushed = true;
    }
  }
  return hasPushed;
}

function push(a: Item, b: Item, gap: number): boolean {
  const across = overlapX(a, b, gap);
  const down = overlapY(a, b, gap);
  if (across <= tolerance || down <= tolerance || (a.isFixed && b.isFixed)) return false;
  const shareA = a.isFixed ? 0 : b.isFixed ? 1 : 0.5;
  if (across < down) {
    const sign = middleX(a) <= middleX(b) ? 1 : -1;
    a.x -= sign * across * shareA;
    b.x += sign * across * (1 - shareA);
  } else {
    const sign = middleY(a) <= middleY(b) ? 1 : -1;
    a.y -= sign * down * shareA;
    b.y += sign * down * (1 - shareA);
  }
  return true;
}

/** By how much they would have to part horizontally; 0 or less where they are apart. */
export function overlapX(a: Item, b: Item, gap: number): number {
  return Math.min(a.x + a.right, b.x + b.right) - Math.max(a.x + a.left, b.x + b.left) + gap;
}

export function overlapY(a: Item, b: Item, gap: number): number {
  return Math.min(a.y + a.bottom, b.y + b.bottom) - Math.max(a.y + a.top, b.y + b.top) + gap;
}

export function areTooClose(a: Item, b: Item, gap: number): boolean {
  return overlapX(a, b, gap) > tolerance && overlapY(a, b, gap) > tolerance;
}

export function middleX(item: Item): number {
  return item.x + (item.left + item.right) / 2;
}

export function middleY(item: Item): number {
  return item.y + (item.top + item.bottom) / 2;
}

/** Always ends without overlaps (besides those of two fixed ones): from left to right, each goes right of what it hits. */
function settle(items: readonly Item[], gap: number): void {
  const placed = items.filter((item) => item.isFixed);
  for (const item of [...items].sort(byLeft)) {
    if (item.isFixed) continue;
    let blocker = placed.find((other) => areTooClose(item, other, gap));
    while (blocker) {
      item.x = blocker.x + blocker.right + gap - item.left;
      blocker = placed.find((other) => areTooClose(item, other, gap));
    }
    placed.push(item);
  }
}
