import { say } from "../../message.ts";
import { comparisons, type Comparison, type FindError } from "./expression.ts";

export interface Token {
  readonly what: "word" | "quoted" | "comparison" | "open" | "close" | "and" | "or" | "not";
  /** A quoted one without its quotes. */
  readonly text: string;
  readonly at: number;
  readonly end: number;
}

export interface Tokens {
  readonly tokens: readonly Token[];
  /** A quote that is never closed; the token before it is complete. */
  readonly error: FindError | undefined;
}

const longestFirst = [...comparisons].sort((a, b) => b.length - a.length);
const connectives: Readonly<Record<string, "and" | "or" | "not">> = { and: "and", or: "or", not: "not" };

/** Cuts a text into its parts. Reads every text: what is no sign is part of a word. */
export function tokensOf(text: string): Tokens {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const sign = text.charAt(at);
    if (/\s/u.test(sign)) {
      at++;
      continue;
    }
    const token = sign === '"' || sign === "'" ? quotedAt(text, at, sign) : (signAt(text, at) ?? wordAt(text, at));
    if (!token) return { tokens, error: { words: say("This quote is never closed."), at } };
    tokens.push(token);
    at = token.end;
  }
  return { tokens, error: undefined };
}

function quotedAt(text: string, at: number, quote: string): Token | undefined {
  let content = "";
  for (let next = at + 1; next < text.length; next++) {
    const sign = text.charAt(next);
    if (sign === quote) return { what: "quoted", text: content, at, end: next + 1 };
    content += sign === "\\" && next + 1 < text.length ? text.charAt(++next) : sign;
  }
  return undefined;
}

function signAt(text: string, at: number): Token | undefined {
  const pair = text.slice(at, at + 2);
  if (pair === "&&" || pair === "||") return { what: pair === "&&" ? "and" : "or", text: pair, at, end: at + 2 };
  const comparison = comparisonAt(text, at);
  if (comparison !== undefined) return { what: "comparison", text: comparison, at, end: at + comparison.length };
  const sign = text.charAt(at);
  const what = sign === "(" ? "open" : sign === ")" ? "close" : sign === "!" ? "not" : undefined;
  return what && { what, text: sign, at, end: at + 1 };
}

function comparisonAt(text: string, at: number): Comparison | undefined {
  return longestFirst.find((sign) => text.startsWith(sign, at));
}

function wordAt(text: string, at: number): Token {
  let end = at + 1;
  while (end < text.length && !/[\s()"'!]/u.test(text.charAt(end)) && !signAt(text, end)) end++;
  const word = text.slice(at, end);
  const known = Object.hasOwn(connectives, word.toLowerCase()) ? connectives[word.toLowerCase()] : undefined;
  return { what: known ?? "word", text: word, at, end };
}
