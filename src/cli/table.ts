import { displayWidth, printable } from "./displayWidth.ts";

export type Colour = "green" | "yellow" | "red" | "dim";

export interface Cell {
  readonly text: string;
  readonly colour?: Colour;
}

export interface Column {
  readonly title: string;
  readonly align: "left" | "right";
}

const codes: Readonly<Record<Colour, number>> = { green: 32, yellow: 33, red: 31, dim: 2 };
export const gap = "  ";

/** Rows under their titles, aligned by what a terminal shows; lines end in "\n" and never in spaces. */
export function table(columns: readonly Column[], rows: readonly (readonly Cell[])[], coloured: boolean): string {
  const shown = [columns.map(({ title }): Cell => ({ text: title })), ...rows].map((row) =>
    row.map((cell) => ({ ...cell, text: printable(cell.text) })),
  );
  const widths = columns.map((_, i) => Math.max(...shown.map((row) => displayWidth(row[i]?.text ?? ""))));
  const line = (row: readonly Cell[]) =>
    columns
      .map(({ align }, i) => {
        const { text, colour } = row[i] ?? { text: "" };
        const space = " ".repeat((widths[i] ?? 0) - displayWidth(text));
        const painted = coloured && colour ? `\u001b[${codes[colour]}m${text}\u001b[0m` : text;
        return align === "right" ? space + painted : painted + space;
      })
      .join(gap)
      .trimEnd();
  return shown.map((row) => `${line(row)}\n`).join("");
}
