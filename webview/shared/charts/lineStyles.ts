/** How one line is drawn. Two lines of a chart differ by their dashes too, not by colour alone. */
export interface LineStyle {
  /** A name of the palette. */
  readonly color: LineColor;
  /** CSS pixels on and off; empty: solid. */
  readonly dash: readonly number[];
}

export const lineColors = ["blue", "orange", "green", "purple", "red", "yellow", "foreground"] as const;
export type LineColor = (typeof lineColors)[number];

/** As many as shares no divisor with the colours: together they tell 35 lines apart. */
const dashes: readonly (readonly number[])[] = [[], [6, 3], [2, 2], [9, 3, 2, 3], [13, 4]];

/** The rest of a chart's series, put together by the store's adapter. */
export const restName = "…";

/**
 * Gives the lines of one chart their places: a name keeps its place, and so its look, for as long as the chart is shown,
 * whatever the order in which the next reading brings it.
 */
export class LineBook {
  readonly #slots = new Map<string, number>();

  /** The places of these names; what is not among them is forgotten when its place is needed. */
  place(names: readonly string[]): readonly number[] {
    const present = new Set(names);
    const taken = new Set(names.flatMap((name) => this.#slots.get(name) ?? []));
    let free = 0;
    return names.map((name) => {
      const known = this.#slots.get(name);
      if (known !== undefined) return known;
      while (taken.has(free)) free++;
      for (const [other, slot] of this.#slots) if (slot === free && !present.has(other)) this.#slots.delete(other);
      taken.add(free);
      this.#slots.set(name, free);
      return free;
    });
  }
}

/** `slot` is the line's place in its chart, `name` as the store spells it: "p95", "503", "reviews-v2". */
export function lineStyle(name: string, slot: number, isCode: boolean): LineStyle {
  const dash = dashes[slot % dashes.length] ?? [];
  if (name === restName) return { color: "foreground", dash };
  return { color: (isCode ? codeColor(name) : undefined) ?? colorOf(slot), dash };
}

function colorOf(slot: number): LineColor {
  // The text's own colour is kept for the rest.
  return lineColors[slot % (lineColors.length - 1)] ?? "blue";
}

/** Response codes have colours that people know; "200 · gRPC 14" failed. */
function codeColor(code: string): LineColor | undefined {
  if (/gRPC (?!0\b)/u.test(code)) return "red";
  const first = /^[1-5](?=\d\d\b)/u.exec(code)?.[0];
  if (first === undefined) return code === "0" || code === "-" ? "purple" : undefined;
  return ({ 1: "blue", 2: "green", 3: "blue", 4: "orange", 5: "red" } as const)[first];
}
