export type ChartKey =
  | { readonly move: "left" | "right" | "first" | "last"; readonly isFar: boolean; readonly selects: boolean }
  | "apply"
  | "clear"
  | "table";

const moves = { ArrowLeft: "left", ArrowRight: "right", Home: "first", End: "last" } as const;
/** Points that a move with Ctrl goes. */
const far = 10;

export function chartKey(event: KeyboardEvent): ChartKey | undefined {
  const { key, shiftKey, ctrlKey, metaKey, altKey } = event;
  if (altKey) return undefined;
  if (Object.hasOwn(moves, key)) {
    return { move: moves[key as keyof typeof moves], isFar: ctrlKey || metaKey, selects: shiftKey };
  }
  if (ctrlKey || metaKey || shiftKey) return undefined;
  return ({ Enter: "apply", Escape: "clear", t: "table" } as const)[key];
}

export interface Cursored {
  /** Index of a time; null: none. */
  readonly at: number | null;
  readonly part: readonly [from: number, to: number] | null;
  /** Asked for: the selection's ends, the earlier first. */
  readonly range: readonly [from: number, to: number] | null;
}

/** The cursor of one chart as the keyboard moves it. */
export class CursorKeys {
  #start: number | null = null;

  clear(): void {
    this.#start = null;
  }

  /** `points`: how many times there are; `at`: where the cursor is. */
  act(key: Exclude<ChartKey, "table">, points: number, at: number | null): Cursored {
    if (key === "clear") {
      const hadPart = this.#start !== null;
      this.#start = null;
      return { at: hadPart ? at : null, part: null, range: null };
    }
    if (key === "apply") {
      const from = this.#start;
      this.#start = null;
      const isRange = from !== null && at !== null && from !== at;
      return { at, part: null, range: isRange ? [Math.min(from, at), Math.max(from, at)] : null };
    }
    const last = points - 1;
    const step = key.isFar ? far : 1;
    // The first press shows the newest values, where a person's question begins.
    const to = { left: (at ?? last + step) - step, right: (at ?? last) + step, first: 0, last }[key.move];
    const next = Math.max(0, Math.min(last, to));
    if (!key.selects) this.#start = null;
    else this.#start ??= at ?? next;
    const start = this.#start;
    const part = start === null || start === next ? null : ([Math.min(start, next), Math.max(start, next)] as const);
    return { at: next, part, range: null };
  }
}
