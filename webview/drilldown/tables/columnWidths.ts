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
  let [totalCharacters, totalPixels] = [0, 12];
  const tracks = columns.map(({ title, isNumber }, column) => {
    let longest = title.length + 2;
    let hasBar = false;
    for (const { cells, share } of seen) {
      const cell = cells[column];
      const more = (cell?.is === "state" ? 3 : 0) + (column === nameAt && share > 0 ? 5 : 0);
      longest = Math.max(longest, cellText(cell, format, now).length + more);
      hasBar ||= cell?.is === "number" && cell.limit > 0;
    }
    const characters = Math.max(narrowest, Math.min(widest, longest + 1));
    const pixels = isNumber ? (hasBar ? 50 : 14) : 24;
    const least = isNumber ? characters : Math.min(characters, readable);
    totalCharacters += least;
    totalPixels += pixels;
    const width = `calc(${least}ch + ${pixels}px)`;
    return isNumber ? width : `minmax(${width}, ${characters}fr)`;
  });
  return { columns: tracks.join(" "), least: `calc(${totalCharacters}ch + ${totalPixels}px)` };
}
