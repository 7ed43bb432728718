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
  readonly path: FieldPath;
  readonly #found: RuleFinding[];

  constructor(value: unknown, path: FieldPath, found: RuleFinding[]) {
    this.value = value;
    this.path = path;
    this.#found = found;
  }

  at(name: string): Field {
    const fields = fieldsOf(this.value);
    return new Field(Object.hasOwn(fields, name) ? fields[name] : undefined, [...this.path, name], this.#found);
  }

  /** A message that is there, be it empty. */
  has(name: string): boolean {
    const { value } = this.at(name);
    return value !== undefined && value !== null;
  }

  /** True if the field differs from its zero value; lists and maps count if they hold something. */
  isFilled(name: string): boolean {
    const { value } = this.at(name);
    if (typeof value === "object" && value !== null) return Object.keys(value).length > 0;
    return value !== undefined && value !== null && value !== "" && value !== 0 && value !== false;
  }

  get items(): readonly Field[] {
    if (!Array.isArray(this.value)) return [];
    return this.value.map((item: unknown, index) => new Field(item, [...this.path, index], this.#found));
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
    return this.at(name).text;
  }

  numberAt(name: string): number {
    return this.at(name).number;
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
