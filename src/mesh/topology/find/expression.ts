import type { Message } from "../../message.ts";
import type { Flag, Operand } from "./operands.ts";

/** What a find or hide text says. Both sides of "and" can be asked of the same kind of thing. */
export type Expression =
  | { readonly what: "nothing" }
  | { readonly what: "all" | "any"; readonly parts: readonly Expression[] }
  | { readonly what: "not"; readonly part: Expression }
  | { readonly what: "flag"; readonly flag: Flag }
  | { readonly what: "text"; readonly operand: Operand; readonly comparison: Comparison; readonly value: string }
  /** In base units: 0 to 1, seconds, per second. */
  | { readonly what: "number"; readonly operand: Operand; readonly comparison: Comparison; readonly value: number };

export const comparisons = ["=", "!=", ">", ">=", "<", "<=", "*=", "^=", "$=", "!*=", "!^=", "!$="] as const;
export type Comparison = (typeof comparisons)[number];

/** Why a text could not be read; `at` is a place in it, 0 to its length. */
export interface FindError {
  readonly words: Message;
  readonly at: number;
}

export function isFindError(result: Expression | FindError): result is FindError {
  return "words" in result;
}
