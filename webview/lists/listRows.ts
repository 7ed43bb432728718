import type { Health } from "../../src/mesh/health/verdict.ts";
import type { ListSnapshot } from "../../src/protocol/lists/listsContract.ts";
import { isText, stateAt, textColumns, trafficNumbers, type ColumnId } from "./columns.ts";

export interface Order {
  readonly column: ColumnId;
  readonly isDescending: boolean;
}

export interface Filter {
  /** Words that all have to occur, each in any of the texts. */
  readonly text: string;
  readonly hiddenStates: readonly Health[];
}

/** Columns that are searched. */
const searched = ["name", "namespace", "cluster", "configuration", "notes"] as const;

/** Worst first is descending. */
const severity: Readonly<Record<Health, number>> = { failing: 4, degraded: 3, unknown: 2, idle: 1, healthy: 0 };

/** Rows that a filter leaves, in the order they came in. */
export function filteredRows(list: ListSnapshot, { text, hiddenStates }: Filter): Uint32Array {
  const hidden = new Set(hiddenStates);
  const terms = folded(text).split(/\s+/u).filter(Boolean);
  const texts = terms.length > 0 ? list.strings.map(folded) : [];
  const hits = terms.map((term) => Uint8Array.from(texts, (one) => Number(one.includes(term))));
  const columns = searched.map((id) => list[textColumns[id]]);
  const rows: number[] = [];
  for (let row = 0; row < list.length; row++) {
    if (hidden.has(stateAt(list, row))) continue;
    if (hits.every((hit) => columns.some((column) => hit[column[row] ?? 0] === 1))) rows.push(row);
  }
  return Uint32Array.from(rows);
}

/** Rows as a person sorted them: idle after the numbers, no data last, either way; what is equal keeps its order. */
export function orderedRows(list: ListSnapshot, rows: Uint32Array, order: Order, locale: string): Uint32Array {
  const keys = keysOf(list, order.column, locale);
  const ranks = Uint8Array.from(keys, (key, row) => rankOf(list, order.column, row, key));
  const sign = order.isDescending ? -1 : 1;
  return rows.toSorted(
    (a, b) =>
      (ranks[a] ?? 0) - (ranks[b] ?? 0) || (ranks[a] === 0 ? sign * ((keys[a] ?? 0) - (keys[b] ?? 0)) : 0) || a - b,
  );
}

/** 0: something to compare; 1: idle; 2: nothing known. */
function rankOf(list: ListSnapshot, id: ColumnId, row: number, key: number): number {
  if (list.idle[row] === 1 && (trafficNumbers.has(id) || id === "spark")) return 1;
  return Number.isNaN(key) ? 2 : 0;
}

function keysOf(list: ListSnapshot, id: ColumnId, locale: string): Float64Array {
  if (isText(id)) return textKeys(list, list[textColumns[id]], locale);
  if (id === "state") return Float64Array.from({ length: list.length }, (_, row) => severity[stateAt(list, row)]);
  if (id === "spark") return Float64Array.from({ length: list.length }, (_, row) => change(list, row));
  return list.numbers[id];
}

/** Places of texts among each other: each is compared once, however many rows have it. */
function textKeys(list: ListSnapshot, column: Uint32Array, locale: string): Float64Array {
  const collator = new Intl.Collator(locale, { numeric: true });
  const used = [...new Set(column)].filter((index) => list.strings[index] !== "");
  const texts = list.strings;
  used.sort((a, b) => collator.compare(texts[a] ?? "", texts[b] ?? ""));
  const places = new Float64Array(texts.length).fill(NaN);
  let place = 0;
  for (const [i, index] of used.entries()) {
    const before = used[i - 1];
    if (before !== undefined && collator.compare(texts[before] ?? "", texts[index] ?? "") !== 0) place++;
    places[index] = place;
  }
  return Float64Array.from(column, (index) => places[index] ?? NaN);
}

/** By how much of its height a line rises from its first half to its second; NaN where there is nothing to compare. */
function change(list: ListSnapshot, row: number): number {
  const points = list.sparks.subarray(row * list.sparkLength, (row + 1) * list.sparkLength);
  const middle = Math.floor(points.length / 2);
  const [before, after] = [meanOf(points.subarray(0, middle)), meanOf(points.subarray(middle))];
  const most = Math.max(before, after);
  return most > 0 ? (after - before) / most : most;
}

function meanOf(points: Float64Array): number {
  let [sum, count] = [0, 0];
  for (const point of points) {
    if (Number.isNaN(point)) continue;
    sum += point;
    count++;
  }
  return count > 0 ? sum / count : NaN;
}

function folded(text: string): string {
  return text.normalize("NFKC").toLowerCase();
}
