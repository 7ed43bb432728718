import { displayWidth, printable } from "./displayWidth.ts";
import { gap, type Cell, type Column } from "./table.ts";

export interface Fitting {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
  /** Titles of what was left out, in the order of the columns. */
  readonly leftOut: readonly string[];
}

/**
 * The table without the columns that a terminal has no room for: `spare` names them, the first to go first. What is left
 * may still be too wide; names are never cut, because half a name is the name of something else.
 */
export function fitColumns(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  spare: readonly string[],
  room: number | undefined,
): Fitting {
  const widths = columns.map(({ title }, i) =>
    Math.max(displayWidth(title), ...rows.map((row) => displayWidth(printable(row[i]?.text ?? "")))),
  );
  const gone = new Set<number>();
  const width = () => widths.reduce((sum, each, i) => (gone.has(i) ? sum : sum + each + gap.length), -gap.length);
  for (const title of spare) {
    if (room === undefined || width() <= room) break;
    const at = columns.findIndex((column) => column.title === title);
    if (at >= 0) gone.add(at);
  }
  // The last to go may have made room for a narrower one that went before.
  for (const at of [...gone].reverse()) {
    gone.delete(at);
    if (room !== undefined && width() > room) gone.add(at);
  }
  const stays = (_: unknown, i: number) => !gone.has(i);
  return {
    columns: columns.filter(stays),
    rows: rows.map((row) => row.filter(stays)),
    leftOut: columns.filter((_, i) => gone.has(i)).map(({ title }) => title),
  };
}
