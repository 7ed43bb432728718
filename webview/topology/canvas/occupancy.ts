import type { Rect } from "./pen.ts";

const cell = 64;

/** Which places on the screen are taken. */
export interface Occupancy {
  isFree(rect: Rect): boolean;
  take(rect: Rect): void;
}

export function createOccupancy(): Occupancy {
  const cells = new Map<number, Rect[]>();
  const forCells = (rect: Rect, visit: (key: number) => boolean): boolean => {
    for (let row = Math.floor(rect.y / cell); row <= Math.floor((rect.y + rect.height) / cell); row++) {
      for (let column = Math.floor(rect.x / cell); column <= Math.floor((rect.x + rect.width) / cell); column++) {
        if (!visit(row * 65_536 + column)) return false;
      }
    }
    return true;
  };
  return {
    isFree: (rect) => forCells(rect, (key) => !(cells.get(key) ?? []).some((other) => overlaps(rect, other))),
    take(rect) {
      forCells(rect, (key) => {
        const list = cells.get(key);
        if (list) list.push(rect);
        else cells.set(key, [rect]);
        return true;
      });
    },
  };
}

/** Moves a rectangle to the right until it lies beside the others; undefined where it would end beyond `right`. */
export function besideOthers(rect: Rect, others: readonly Rect[], right: number): Rect | undefined {
  let moved = rect;
  for (let other = others.find((each) => overlaps(each, moved)); other;) {
    const x = other.x + other.width + 4;
    if (x + rect.width > right) return undefined;
    moved = { ...rect, x };
    other = others.find((each) => overlaps(each, moved));
  }
  return moved;
}

export function overlaps(a: Rect, b: Rect): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}
