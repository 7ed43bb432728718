import type { Bounds } from "./viewport.ts";

const cell = 512;
const mostCells = 250_000;

/** Finds points by place: which nodes are in a rectangle, without looking at all of them. */
export interface NodeGrid {
  /** Calls for each node whose middle lies in these bounds, in the order of cells. */
  within(bounds: Bounds, visit: (node: number) => void): void;
}

/** @param isIn 0: this node is not to be found */
export function createNodeGrid(x: Float32Array, y: Float32Array, isIn: Uint8Array): NodeGrid {
  const bounds = boundsOf(x, y, isIn);
  // A node that was dragged very far away must not cost a grid of its own size.
  const wide = Math.max(1, bounds.right - bounds.left);
  const high = Math.max(1, bounds.bottom - bounds.top);
  const side = Math.max(cell, Math.sqrt((wide * high) / mostCells));
  const [columns, rows] = [Math.floor(wide / side) + 1, Math.floor(high / side) + 1];
  const column = (value: number) => Math.max(0, Math.min(columns - 1, Math.floor((value - bounds.left) / side)));
  const row = (value: number) => Math.max(0, Math.min(rows - 1, Math.floor((value - bounds.top) / side)));

  const start = new Uint32Array(columns * rows + 1);
  const cellOf = (node: number) => row(y[node] ?? 0) * columns + column(x[node] ?? 0);
  for (let node = 0; node < x.length; node++) {
    if (isIn[node] === 0) continue;
    const next = cellOf(node) + 1;
    start[next] = (start[next] ?? 0) + 1;
  }
  for (let i = 1; i < start.length; i++) start[i] = (start[i] ?? 0) + (start[i - 1] ?? 0);
  const nodes = new Uint32Array(start[start.length - 1] ?? 0);
  const at = start.slice();
  for (let node = 0; node < x.length; node++) {
    if (isIn[node] === 0) continue;
    const place = cellOf(node);
    nodes[at[place] ?? 0] = node;
    at[place] = (at[place] ?? 0) + 1;
  }

  return {
    within(area, visit) {
      if (area.right < bounds.left || area.left > bounds.right) return;
      if (area.bottom < bounds.top || area.top > bounds.bottom) return;
      const [firstColumn, lastColumn] = [column(area.left), column(area.right)];
      for (let r = row(area.top); r <= row(area.bottom); r++) {
        const [from, to] = [start[r * columns + firstColumn] ?? 0, start[r * columns + lastColumn + 1] ?? 0];
        for (let i = from; i < to; i++) {
          const node = nodes[i] ?? 0;
          const [nx, ny] = [x[node] ?? 0, y[node] ?? 0];
          if (nx >= area.left && nx <= area.right && ny >= area.top && ny <= area.bottom) visit(node);
        }
      }
    },
  };
}

function boundsOf(x: Float32Array, y: Float32Array, isIn: Uint8Array): Bounds {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let node = 0; node < x.length; node++) {
    if (isIn[node] === 0) continue;
    left = Math.min(left, x[node] ?? 0);
    right = Math.max(right, x[node] ?? 0);
    top = Math.min(top, y[node] ?? 0);
    bottom = Math.max(bottom, y[node] ?? 0);
  }
  return left <= right ? { left, top, right, bottom } : { left: 0, top: 0, right: 0, bottom: 0 };
}
