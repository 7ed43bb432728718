import { say, type Message } from "../message.ts";
import { redact } from "../redact.ts";

/** One line: a name and what it is. */
export interface Item {
  readonly name: Message;
  readonly value: Message;
  /** Went well, did not, or cannot be told; undefined where that is no question. */
  readonly mark?: "yes" | "no" | "unknown";
  /** What follows from it, e.g. what to do. */
  readonly hint?: Message | undefined;
}

export interface Section {
  readonly title: Message;
  readonly level: number;
  readonly items: readonly Item[];
}

const marks = { yes: "✓ ", no: "✗ ", unknown: "? " } as const;

/**
 * Headings and lists. What comes from clusters and servers is shown as it is: no HTML, no links, no line breaks, nothing
 * that turns the direction of text. Secrets are removed from each text before its marks are written out: an escaped
 * token no longer looks like one.
 */
export function markdown(sections: readonly Section[], words: (message: Message) => string): string {
  const lines = sections.flatMap(({ title, level, items }) => [
    `${"#".repeat(level)} ${shown(words(title))}`,
    "",
    ...(items.length > 0 ? items.map((item) => line(item, words)) : [`- ${shown(words(say("nothing")))}`]),
    "",
  ]);
  return lines.join("\n");
}

/** Text exactly as somebody else spelled it. */
export function plainText(text: string): Message {
  return say("{0}", text);
}

function line({ name, value, mark, hint }: Item, words: (message: Message) => string): string {
  const sign = mark === undefined ? "" : marks[mark];
  const advice = hint ? ` ${shown(words(hint))}` : "";
  const label = words(name);
  return `- **${sign}${shown(label)}**: ${escaped(redactedValue(label, words(value)))}${advice}`;
}

// Some values are secrets only by what they are called: "Authorization", "password".
function redactedValue(name: string, value: string): string {
  const prefix = `${name}: `;
  const both = redact(prefix + value);
  return both.startsWith(prefix) ? both.slice(prefix.length) : redact(value);
}

function shown(text: string): string {
  return escaped(redact(text));
}

function escaped(text: string): string {
  return text
    .replace(/[\r\n\u2028\u2029]+/g, " ")
    .replace(invisible, codePoint)
    .replace(/[\\`*_[\]<>#|~&$]/g, (character) => `\\${character}`);
}

// Control characters, and what is not seen itself but turns or hides the text around it.
// eslint-disable-next-line no-control-regex -- they are what is looked for
const invisible = /[\u0000-\u001f\u007f-\u009f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

function codePoint(character: string): string {
  return `⟨U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}⟩`;
}
