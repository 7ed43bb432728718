import { EVENT_ID, getScalarValue, SCALAR_STYLE, type Event, type ScalarEvent } from "js-yaml";
import { say, type Message } from "../message.ts";
import { readPlainScalar } from "./scalars.ts";
import type { TextRange, YamlProblem } from "./yamlFile.ts";

export interface Constructed {
  readonly value: unknown;
  readonly problems: readonly Omit<YamlProblem, "path">[];
  /** Some key is a mapping or a list: in a template `{{ x }}` looks so. */
  readonly hasOddKey: boolean;
  /** Some mapping holds "$patch" or its kin. */
  readonly hasPatchDirective: boolean;
}

interface Anchored {
  readonly value: unknown;
  readonly size: number;
}

/** Values that aliases may stand for in all, beside as many as the document itself holds ten times over. */
const freeAliasNodes = 100_000;
/** Keys whose octal numbers are file modes: written so on purpose. */
const modeKey = /mode$/iu;

/** The value of one document's events, as kubectl reads it. Offsets of problems are of the text that the events are of. */
export function construct(events: readonly Event[], text: string): Constructed {
  return new Construction(events, text).run();
}

class Construction {
  readonly #events: readonly Event[];
  readonly #text: string;
  readonly #problems: Omit<YamlProblem, "path">[] = [];
  readonly #anchors = new Map<string, Anchored>();
  #at = 0;
  #nodes = 0;
  #aliasNodes = 0;
  #hasOddKey = false;
  #hasPatchDirective = false;

  constructor(events: readonly Event[], text: string) {
    this.#events = events;
    this.#text = text;
  }

  run(): Constructed {
    this.#at = 1;
    const value = this.#events[1] === undefined ? null : this.#node("");
    return {
      value,
      problems: this.#problems,
      hasOddKey: this.#hasOddKey,
      hasPatchDirective: this.#hasPatchDirective,
    };
  }

  #node(key: string): unknown {
    const event = this.#events[this.#at];
    if (event === undefined || event.type === EVENT_ID.POP || event.type === EVENT_ID.DOCUMENT) return null;
    this.#at += 1;
    this.#nodes += 1;
    if (event.type === EVENT_ID.ALIAS) return this.#alias(event);
    const before = this.#nodes + this.#aliasNodes;
    const value =
      event.type === EVENT_ID.SCALAR
        ? this.#scalar(event, key)
        : event.type === EVENT_ID.SEQUENCE
          ? this.#sequence()
          : this.#mapping();
    if (event.anchorStart >= 0) {
      const size = this.#nodes + this.#aliasNodes - before + 1;
      this.#anchors.set(this.#text.slice(event.anchorStart, event.anchorEnd), { value, size });
    }
    return value;
  }

  #alias({ anchorStart, anchorEnd }: { readonly anchorStart: number; readonly anchorEnd: number }): unknown {
    const anchored = this.#anchors.get(this.#text.slice(anchorStart, anchorEnd));
    const range = { start: anchorStart - 1, end: anchorEnd };
    if (anchored === undefined) {
      this.#tell("FY0001", "error", range, say("No anchor of this name stands before this alias"));
      return null;
    }
    this.#aliasNodes += anchored.size;
    if (this.#aliasNodes > freeAliasNodes + 10 * this.#nodes) {
      if (!this.#problems.some(({ code }) => code === "FY0009")) {
        this.#tell("FY0009", "error", range, say("The aliases up to here stand for {0} values", this.#aliasNodes));
      }
      return null;
    }
    return anchored.value;
  }

  #sequence(): unknown[] {
    const items: unknown[] = [];
    while (!this.#isAtEnd()) items.push(this.#node(""));
    this.#at += 1;
    return items;
  }

  #mapping(): Record<string, unknown> {
    const fields: Record<string, unknown> = {};
    const merged: unknown[] = [];
    while (!this.#isAtEnd()) {
      const event = this.#events[this.#at];
      const key = this.#key();
      if (key === undefined) {
        this.#node("");
        continue;
      }
      if (key === "<<" && event?.type === EVENT_ID.SCALAR && event.style === SCALAR_STYLE.PLAIN) {
        this.#tell("FY0006", "hint", rangeOf(event), say("kubectl merges this into the mapping"));
        merged.push(this.#node(""));
        continue;
      }
      if (key.startsWith("$") && (key === "$patch" || key === "$retainKeys" || key.startsWith("$setElementOrder/"))) {
        this.#hasPatchDirective = true;
      }
      if (Object.hasOwn(fields, key) && event?.type === EVENT_ID.SCALAR) {
        this.#tell("FY0003", "warning", rangeOf(event), say("{0} is given twice; this later one counts", key));
      }
      define(fields, key, this.#node(key));
    }
    this.#at += 1;
    for (const source of merged.flatMap((one) => (Array.isArray(one) ? (one as unknown[]) : [one]))) {
      if (typeof source !== "object" || source === null || Array.isArray(source)) continue;
      for (const [name, value] of Object.entries(source)) if (!Object.hasOwn(fields, name)) define(fields, name, value);
    }
    return fields;
  }

  /** undefined for what can be no key; it is then skipped. */
  #key(): string | undefined {
    const event = this.#events[this.#at];
    if (event?.type === EVENT_ID.SCALAR && isPlain(event)) {
      this.#at += 1;
      this.#nodes += 1;
      const text = event.valueStart < 0 ? "" : getScalarValue(this.#text, event);
      const { value, surprise } = readPlainScalar(text);
      if (surprise === "boolean") {
        this.#tell("FY0004", "warning", rangeOf(event), say("kubectl reads the key {0} as {1}", text, String(value)));
      }
      if (value !== null) return String(value);
      this.#hasOddKey = true;
      this.#tell("FY0012", "error", rangeOf(event), say("null cannot be a key"));
      return undefined;
    }
    const start = event === undefined ? 0 : startOf(event);
    const key = this.#node("");
    if (typeof key === "string" || typeof key === "number" || typeof key === "boolean") return String(key);
    this.#hasOddKey = true;
    this.#tell("FY0012", "error", { start, end: start + 1 }, say("A mapping or a list cannot be a key"));
    return undefined;
  }

  #scalar(event: ScalarEvent, key: string): unknown {
    if (event.valueStart < 0 && event.tagStart < 0) return null;
    const text = event.valueStart < 0 ? "" : getScalarValue(this.#text, event);
    const tag = event.tagStart < 0 ? "" : this.#text.slice(event.tagStart, event.tagEnd);
    if (tag === "!!str" || tag === "!!binary" || tag === "!" || (tag === "" && event.style !== SCALAR_STYLE.PLAIN)) {
      return text;
    }
    if (tag !== "" && event.style !== SCALAR_STYLE.PLAIN && !/^!!(?:bool|int|float|null)$/u.test(tag)) return text;
    const { value, surprise } = readPlainScalar(text);
    if (tag === "" && surprise !== undefined) this.#surprised(event, { text, key }, value, surprise);
    return value;
  }

  #surprised(
    event: ScalarEvent,
    { text, key }: { readonly text: string; readonly key: string },
    value: unknown,
    surprise: "boolean" | "number" | "unholdable",
  ): void {
    const range = rangeOf(event);
    if (surprise === "unholdable") this.#tell("FY0012", "error", range, say("JSON has no number {0}", text));
    else if (surprise === "boolean") {
      this.#tell("FY0004", "warning", range, say("kubectl reads {0} as {1}", text, String(value)));
    } else if (!modeKey.test(key)) {
      this.#tell("FY0005", "hint", range, say("kubectl reads {0} as the number {1}", text, String(value)));
    }
  }

  #isAtEnd(): boolean {
    const event = this.#events[this.#at];
    return event === undefined || event.type === EVENT_ID.POP;
  }

  #tell(code: string, severity: YamlProblem["severity"], range: TextRange, message: Message): void {
    // A document of nothing but mistakes needs no list of all of them.
    if (this.#problems.length < 200) this.#problems.push({ code, severity, range, message });
  }
}

// "__proto__" is a key as any other.
function define(fields: Record<string, unknown>, key: string, value: unknown): void {
  if (key === "__proto__") {
    Object.defineProperty(fields, key, { value, enumerable: true, configurable: true, writable: true });
  } else fields[key] = value;
}

function isPlain({ style, tagStart, anchorStart }: ScalarEvent): boolean {
  return style === SCALAR_STYLE.PLAIN && tagStart < 0 && anchorStart < 0;
}

/** A scalar's text, its quotes included. */
export function rangeOf({ valueStart, valueEnd, style }: ScalarEvent): TextRange {
  if (valueStart < 0) return { start: 0, end: 0 };
  const isQuoted = style === SCALAR_STYLE.SINGLE_QUOTED || style === SCALAR_STYLE.DOUBLE_QUOTED;
  return isQuoted ? { start: valueStart - 1, end: valueEnd + 1 } : { start: valueStart, end: valueEnd };
}

function startOf(event: Event): number {
  switch (event.type) {
    case EVENT_ID.SCALAR:
      return rangeOf(event).start;
    case EVENT_ID.ALIAS:
      return event.anchorStart - 1;
    case EVENT_ID.MAPPING:
    case EVENT_ID.SEQUENCE:
      return event.start;
    case EVENT_ID.DOCUMENT:
    case EVENT_ID.POP:
      return 0;
  }
}
