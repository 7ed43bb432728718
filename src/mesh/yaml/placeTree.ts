import { COLLECTION_STYLE, EVENT_ID, getScalarValue, SCALAR_STYLE, type Event } from "js-yaml";
import { rangeOf } from "./construct.ts";
import type { FieldPath } from "./fieldPath.ts";
import { readPlainScalar } from "./scalars.ts";
import type { Positions, TextRange } from "./yamlFile.ts";

/** The place of a value with the places of what it holds. */
export interface Place {
  readonly key: TextRange | undefined;
  readonly value: TextRange;
  readonly children: ReadonlyMap<string | number, Place>;
}

const none: ReadonlyMap<string | number, Place> = new Map();

/** The places of one document's events; offsets are of the text that the events are of. */
export function placeTree(events: readonly Event[], text: string): Place {
  return new Placing(events, text).node(undefined, 1, 0).place;
}

interface Placed {
  readonly place: Place;
  /** The index of the next event. */
  readonly next: number;
}

class Placing {
  readonly #events: readonly Event[];
  readonly #text: string;

  constructor(events: readonly Event[], text: string) {
    this.#events = events;
    this.#text = text;
  }

  /** @param fallback Where a value that is not written is thought to stand. */
  node(key: TextRange | undefined, at: number, fallback: number): Placed {
    const event = this.#events[at];
    const missing = key ?? { start: fallback, end: fallback };
    if (event === undefined || event.type === EVENT_ID.POP || event.type === EVENT_ID.DOCUMENT) {
      return { place: { key, value: missing, children: none }, next: at };
    }
    switch (event.type) {
      case EVENT_ID.ALIAS:
        return {
          place: { key, value: { start: event.anchorStart - 1, end: event.anchorEnd }, children: none },
          next: at + 1,
        };
      case EVENT_ID.SCALAR: {
        const value = event.valueStart < 0 ? missing : trimmed(rangeOf(event), this.#text);
        return { place: { key, value, children: none }, next: at + 1 };
      }
      case EVENT_ID.SEQUENCE:
        return this.#sequence(key, at, event);
      case EVENT_ID.MAPPING:
        return this.#mapping(key, at, event);
    }
  }

  #sequence(key: TextRange | undefined, at: number, event: { readonly start: number; readonly style: number }): Placed {
    const children = new Map<string | number, Place>();
    let next = at + 1;
    let end = event.start + 1;
    while (this.#isInside(next)) {
      const placed = this.node(undefined, next, end);
      children.set(children.size, placed.place);
      end = Math.max(end, placed.place.value.end);
      next = placed.next;
    }
    const value = { start: event.start, end: this.#endOf(event.style, end, "]") };
    return { place: { key, value, children }, next: next + 1 };
  }

  #mapping(key: TextRange | undefined, at: number, event: { readonly start: number; readonly style: number }): Placed {
    const children = new Map<string | number, Place>();
    let next = at + 1;
    let end = event.start + 1;
    while (this.#isInside(next)) {
      const name = this.node(undefined, next, end);
      const text = this.#keyAt(next);
      const placed = this.node(name.place.value, name.next, name.place.value.end);
      if (text !== undefined) children.set(text, placed.place);
      end = Math.max(end, name.place.value.end, placed.place.value.end);
      next = placed.next;
    }
    const value = { start: event.start, end: this.#endOf(event.style, end, "}") };
    return { place: { key, value, children }, next: next + 1 };
  }

  #keyAt(at: number): string | undefined {
    const event = this.#events[at];
    if (event?.type !== EVENT_ID.SCALAR) return undefined;
    const text = event.valueStart < 0 ? "" : getScalarValue(this.#text, event);
    return event.style === SCALAR_STYLE.PLAIN && event.tagStart < 0 ? String(readPlainScalar(text).value) : text;
  }

  #isInside(at: number): boolean {
    const event = this.#events[at];
    return event !== undefined && event.type !== EVENT_ID.POP;
  }

  // The events do not say where a collection ends: a flow one at its bracket, which only blanks, commas and comments precede.
  #endOf(style: number, lastEnd: number, bracket: string): number {
    if (style !== COLLECTION_STYLE.FLOW) return lastEnd;
    let at = lastEnd;
    while (at < this.#text.length && this.#text[at] !== bracket) {
      if (this.#text[at] === "#") {
        const line = this.#text.indexOf("\n", at);
        if (line < 0) return lastEnd;
        at = line;
      }
      at += 1;
    }
    return Math.min(at + 1, this.#text.length);
  }
}

// Block scalars reach to the next line's begin.
function trimmed({ start, end }: TextRange, text: string): TextRange {
  let last = end;
  while (last > start && /\s/u.test(text[last - 1] ?? "")) last -= 1;
  return { start, end: last };
}

/** Places by path; of a path that names nothing the nearest one around it. */
export function positionsOf(root: Place, offset: number): Positions {
  const find = (path: FieldPath): { readonly place: Place; readonly isWhole: boolean } => {
    let place = root;
    for (const step of path) {
      const child = place.children.get(step);
      if (child === undefined) return { place, isWhole: false };
      place = child;
    }
    return { place, isWhole: true };
  };
  const moved = ({ start, end }: TextRange): TextRange => ({ start: start + offset, end: end + offset });
  return {
    keyRange: (path) => {
      const { place } = find(path);
      return moved(place.key ?? place.value);
    },
    valueRange: (path) => moved(find(path).place.value),
    has: (path) => find(path).isWhole,
  };
}
