import { csvText, type CsvCell } from "../../src/mesh/format/csv.ts";
import type { ListNumber, ListSnapshot } from "../../src/protocol/lists/listsContract.ts";
import { columnTitle, isNumber, isText, stateAt, textAt, type ColumnId } from "./columns.ts";

/** Numbers stand as they are; the head says in what. */
const unitNames: Partial<Readonly<Record<ListNumber, string>>> = {
  rps: "rps",
  errorRate: "0-1",
  p50: "s",
  p95: "s",
  p99: "s",
  receivedBytesPerSecond: "B/s",
  sentBytesPerSecond: "B/s",
};

/** A list as it is shown: its rows and columns, in their order. Lines are pictures and left out. */
export function listCsv(list: ListSnapshot, rows: Uint32Array, columns: readonly ColumnId[]): string {
  const written = columns.filter((id) => id !== "spark");
  const cell = (id: ColumnId, row: number): CsvCell => {
    if (isNumber(id)) return list.numbers[id][row];
    return isText(id) ? textAt(list, id, row) : stateAt(list, row);
  };
  const head = written.map((id) => {
    const unit = isNumber(id) ? unitNames[id] : undefined;
    const title = columnTitle(id, list.what);
    return unit === undefined ? title : `${title} (${unit})`;
  });
  return csvText([head, ...Array.from(rows, (row) => written.map((id) => cell(id, row)))]);
}
