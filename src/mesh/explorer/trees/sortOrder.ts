import type { Health } from "../../health/verdict.ts";
import type { SortOrder } from "../../live/liveMesh.ts";

/** What rows are sorted, counted and judged by. */
export interface Ranking {
  readonly name: string;
  /** Tells apart rows of one name. */
  readonly id: string;
  readonly state: Health;
  readonly kind: "flowing" | "idle" | "none";
  readonly inMesh: boolean;
  readonly rps: number | undefined;
  readonly errorShare: number | undefined;
  readonly p95: number | undefined;
}

const collator = new Intl.Collator("en", { numeric: true });

/** By name, or highest first; what has no such number comes after, idle behind that, without data last. */
export function compareRows(a: Ranking, b: Ranking, order: SortOrder): number {
  return (order === "name" ? 0 : byNumber(a, b, order)) || byName(a, b);
}

function byNumber(a: Ranking, b: Ranking, order: Exclude<SortOrder, "name">): number {
  return group(a, order) - group(b, order) || (valueOf(b, order) ?? 0) - (valueOf(a, order) ?? 0);
}

function group(row: Ranking, order: Exclude<SortOrder, "name">): number {
  if (row.kind === "none") return 3;
  if (row.kind === "idle") return 2;
  return valueOf(row, order) === undefined ? 1 : 0;
}

function valueOf(row: Ranking, order: Exclude<SortOrder, "name">): number | undefined {
  switch (order) {
    case "rps":
      return row.rps;
    case "errors":
      return row.errorShare;
    case "latency":
      return row.p95;
  }
}

// Collation calls some different names equal; an order has to be total, or rows would trade places.
function byName(a: Ranking, b: Ranking): number {
  return collator.compare(a.name, b.name) || compare(a.name, b.name) || compare(a.id, b.id);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
