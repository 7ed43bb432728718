import type { Format } from "../../../src/mesh/format/format.ts";
import type { WireTable } from "../../../src/protocol/drilldown/drilldownContract.ts";
import { cellText } from "./cells.ts";
import type { Row } from "./tableOrder.ts";

/** Columns are as wide as their texts, measured on so many rows, within these (characters). */
const measured = 200;
const [narrowest, widest] = [6, 36];
/** So much of a text is in sight before a narrow table scrolls sideways instead (characters). */
const readable = 20;

export interface ColumnWidths {
  /** For `grid-template-columns`. */
  readonly columns: string;
  /** All of them at their least, for `width`: rows are grids of their own, and share one width so that they line up. */
  readonly least: string;
}

export function columnWidths(
  { columns }: WireTable,
  rows: readonly Row[],
  { format, nameAt }: { readonly format: Format; readonly nameAt: number },
): ColumnWidths {
  const now = Date.now();
  const seen = rows.slice(0, measured);
  const parts = columns.map(({ title, isNumber }, column) => {
    let longest = 0;
    let hasBar = false;
    for (const { cells, share } of seen) {
      const cell = cells[column];
      const more = (cell?.is === "state" ? 3 : 0) + (column === nameAt && share > 0 ? 5 : 0);
      longest = Math.max(longest, cellText(cell, format, now).length + more);
      hasBar ||= cell?.is === "number" && cell.limit > 0;
    }
    const inHead = title.length + 2;
    if (isNumber) {
      const inRows = `${Math.max(narrowest, longest + 1)}ch + ${hasBar ? 36 : 0}px`;
      return { least: `(max(${inHead}ch, ${inRows}) + 14px)`, share: 0 };
    }
    const characters = Math.max(narrowest, Math.min(widest, Math.max(inHead, longest + 1)));
    return { least: `(${Math.min(characters, readable)}ch + 24px)`, share: characters };
  });
  const tracks = parts.map(({ least, share }) => (share > 0 ? `minmax(calc${least}, ${share}fr)` : `calc${least}`));
  return { columns: tracks.join(" "), least: `calc(${parts.map(({ least }) => least).join(" + ")} + 12px)` };
}
