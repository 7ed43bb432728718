import type { Message } from "../../message.ts";
import { fieldsOf } from "../../model/fields.ts";
import type { FieldPath } from "../../yaml/fieldPath.ts";
import type { RuleFinding } from "../finding.ts";
import { duration } from "../values/durations.ts";

type Details = Pick<RuleFinding, "problem" | "at" | "tags" | "related" | "severity">;

/**
 * A field of an object and its place, read as proto reads it: what is absent or of another type (the layer `schema`
 * tells) is the zero value. Findings go to one list for the whole object.
 */
export class Field {
  readonly value: unknown;
  readonly #step: string | number | undefined;
  readonly #parent: Field | undefined;
  readonly #found: RuleFinding[];

  /** The top of an object, or what `step` leads to from a field. */
  constructor(value: unknown, found: RuleFinding[], step?: string | number, parent?: Field) {
    this.value = value;
    this.#step = step;
    this.#parent = parent;
    this.#found = found;
  }

  // Put together when it is asked for: of most fields nothing is told.
  get path(): FieldPath {
    return this.#parent === undefined || this.#step === undefined ? [] : [...this.#parent.path, this.#step];
  }

  at(name: string): Field {
    return new Field(valueAt(this.value, name), this.#found, name, this);
  }

  /** A message that is there, be it empty. */
  has(name: string): boolean {
    const value = valueAt(this.value, name);
    return value !== undefined && value !== null;
  }

  /** True if the field differs from its zero value; lists and maps count if they hold something. */
  isFilled(name: string): boolean {
    const value = valueAt(this.value, name);
    if (typeof value === "object" && value !== null) return Object.keys(value).length > 0;
    return value !== undefined && value !== null && value !== "" && value !== 0 && value !== false;
  }

  get items(): readonly Field[] {
    if (!Array.isArray(this.value)) return [];
    return this.value.map((item: unknown, index) => new Field(item, this.#found, index, this));
  }

  get entries(): readonly (readonly [string, Field])[] {
    return Object.keys(fieldsOf(this.value)).map((name) => [name, this.at(name)] as const);
  }

  get isSet(): boolean {
    return this.value !== undefined && this.value !== null;
  }

  get text(): string {
    return typeof this.value === "string" ? this.value : "";
  }

  get number(): number {
    return typeof this.value === "number" ? this.value : 0;
  }

  get flag(): boolean {
    return this.value === true;
  }

  /** Nanoseconds; undefined if absent or unreadable. */
  get duration(): number | undefined {
    return duration(this.text);
  }

  list(name: string): readonly Field[] {
    return this.at(name).items;
  }

  textAt(name: string): string {
    const value = valueAt(this.value, name);
    return typeof value === "string" ? value : "";
  }

  numberAt(name: string): number {
    const value = valueAt(this.value, name);
    return typeof value === "number" ? value : 0;
  }

  error(message: Message, details: Details = {}): void {
    this.#found.push({ code: "IST0106", message, path: this.path, ...details });
  }

  warn(message: Message, details: Details = {}): void {
    this.report("IST0133", message, details);
  }

  report(code: string, message: Message, details: Details = {}): void {
    this.#found.push({ code, message, path: this.path, ...details });
  }
}

function valueAt(value: unknown, name: string): unknown {
  const fields = fieldsOf(value);
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}
