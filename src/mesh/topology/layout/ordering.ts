import type { Cell, Columns } from "./columns.ts";

const sweeps = 8;
/** Above it, crossings are not counted: the last order is taken. */
const countable = 600;

/** Orders each column by the middle of its neighbours, from left to right and back, and keeps the best order seen. */
export function orderColumns(columns: Columns): void {
  number(columns);
  const links = columns.reduce((sum, column) => sum + column.reduce((all, cell) => all + cell.after.length, 0), 0);
  let best = columns.map((column) => [...column]);
  let fewest = links <= countable ? crossings(columns) : Infinity;
  for (let sweep = 0; sweep < sweeps && fewest > 0; sweep++) {
    const isForward = sweep % 2 === 0;
    for (const column of isForward ? columns : [...columns].reverse()) sortColumn(column, isForward);
    if (links > countable) continue;
    const found = crossings(columns);
    if (found >= fewest) continue;
    fewest = found;
    best = columns.map((column) => [...column]);
  }
  if (links > countable) return;
  for (const [index, column] of columns.entries()) column.splice(0, column.length, ...(best[index] ?? []));
  number(columns);
}

/** While ordering, a cell's `y` is its place in the column, 0 to 1. */
function number(columns: Columns): void {
  for (const column of columns) numberColumn(column);
}

function numberColumn(column: readonly Cell[]): void {
  for (const [index, cell] of column.entries()) cell.y = (index + 0.5) / column.length;
}

function sortColumn(column: Cell[], isForward: boolean): void {
  for (const cell of column) {
    const near = isForward ? cell.before : cell.after;
    let [sum, weights] = [0, 0];
    for (const { cell: other, weight } of near) {
      sum += other.y * weight;
      weights += weight;
    }
    cell.wish = weights > 0 ? sum / weights : cell.y;
  }
  column.sort((a, b) => a.wish - b.wish || a.y - b.y);
  numberColumn(column);
}

function crossings(columns: Columns): number {
  let count = 0;
  for (const column of columns) {
    const ends = column.flatMap((cell) => cell.after.map((to) => [cell.y, to.cell.y, to.cell.column] as const));
    for (const [at, [startA, endA, columnA]] of ends.entries()) {
      for (let next = at + 1; next < ends.length; next++) {
        const [startB, endB, columnB] = ends[next] ?? [0, 0, -1];
        if (columnA === columnB && (startA - startB) * (endA - endB) < 0) count++;
      }
    }
  }
  return count;
}
