import type { WireCell, WireTable } from "../../../src/protocol/drilldown/drilldownContract.ts";
import type { Order } from "../drilldownState.ts";
import { levelId } from "../paths.ts";

export type Row = WireTable["rows"][number];

const severity = { failing: 0, degraded: 1, unknown: 2, idle: 3, healthy: 4 } as const;

/** What a row is known by from one reading to the next. */
export function rowKey(row: Row, index: number): string {
  if (row.to !== null) return levelId(row.to);
  return row.id === "" ? `#${index}` : row.id;
}

/** Rows as a person sorted them: idle after the numbers, no data last, either way; the rest in the order they came in. */
export function ordered(table: WireTable, order: Order | undefined, locale: string): readonly Row[] {
  const column = order ? table.columns.findIndex(({ id }) => id === order.column) : -1;
  if (!order || column < 0) return table.rows;
  const collator = new Intl.Collator(locale, { numeric: true });
  const sign = order.isDescending ? -1 : 1;
  const by = (row: Row) => sortedBy(row.cells[column]);
  return table.rows.toSorted((a, b) => {
    const [left, right] = [by(a), by(b)];
    if (left.rank !== right.rank) return left.rank - right.rank;
    if (typeof left.value === "string" && typeof right.value === "string") {
      return sign * collator.compare(left.value, right.value);
    }
    return sign * (Number(left.value) - Number(right.value)) || 0;
  });
}

/** rank 0: something to compare; 1: idle; 2: nothing known. */
function sortedBy(cell: WireCell | undefined): { readonly rank: number; readonly value: number | string } {
  const known = (value: number) => ({ rank: Number.isNaN(value) ? 2 : 0, value });
  switch (cell?.is) {
    case undefined:
      return { rank: 2, value: 0 };
    case "text":
      return { rank: cell.text === "" ? 2 : 0, value: cell.text };
    case "state":
      return { rank: 0, value: severity[cell.state] };
    case "time":
      return known(cell.atMillis);
    case "number":
      return cell.isIdle ? { rank: 1, value: 0 } : known(cell.value);
  }
}
