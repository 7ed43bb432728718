import type { Cell, Columns } from "./columns.ts";

const rounds = 8;

interface Bounds {
  readonly from: number;
  readonly to: number;
}

/** Gives each cell a top: near the middle of its neighbours, in the order of its column, nothing too close. */
export function setHeights(columns: Columns, gap: number, slack: number): void {
  const heights = columns.map((column) => stack(column, gap));
  const tallest = Math.max(0, ...heights);
  const bounds = { from: -slack * tallest, to: (1 + slack) * tallest };
  for (const [index, column] of columns.entries()) {
    for (const cell of column) cell.y += (tallest - (heights[index] ?? 0)) / 2;
  }
  for (let round = 0; round < rounds; round++) {
    const isForward = round % 2 === 0;
    for (const column of isForward ? columns : [...columns].reverse()) {
      for (const cell of column)
        cell.wish = wishOf(cell, round >= rounds - 2 ? "both" : isForward ? "before" : "after");
      align(column, gap, bounds);
    }
  }
}

/** One below the other; returns the height of all. */
function stack(column: readonly Cell[], gap: number): number {
  let at = 0;
  for (const cell of column) {
    cell.y = at;
    at += cell.height + gap;
  }
  return Math.max(0, at - gap);
}

function wishOf(cell: Cell, side: "before" | "after" | "both"): number {
  let [sum, weights] = [0, 0];
  for (const near of [side === "after" ? [] : cell.before, side === "before" ? [] : cell.after]) {
    for (const { cell: other, weight } of near) {
      sum += (other.y + other.height / 2) * weight;
      weights += weight;
    }
  }
  return weights > 0 ? sum / weights - cell.height / 2 : cell.y;
}

interface Block {
  sum: number;
  readonly cells: Cell[];
}

/**
 * The tops nearest to the wishes (least squares) that keep order and gap: neighbours whose wishes are in each other's
 * way are joined to one block that stands at its mean wish.
 */
function align(column: readonly Cell[], gap: number, bounds: Bounds): void {
  const blocks: Block[] = [];
  const offsets = new Map<Cell, number>();
  let offset = 0;
  for (const cell of column) {
    offsets.set(cell, offset);
    let block: Block = { sum: cell.wish - offset, cells: [cell] };
    for (let above = blocks.at(-1); above && mean(above) >= mean(block); above = blocks.at(-1)) {
      blocks.pop();
      above.cells.push(...block.cells);
      block = { sum: above.sum + block.sum, cells: above.cells };
    }
    blocks.push(block);
    offset += cell.height + gap;
  }
  const highest = bounds.to - (offset - gap);
  for (const block of blocks) {
    const start = Math.min(Math.max(mean(block), bounds.from), Math.max(highest, bounds.from));
    for (const cell of block.cells) cell.y = start + (offsets.get(cell) ?? 0);
  }
}

function mean(block: Block): number {
  return block.sum / block.cells.length;
}
