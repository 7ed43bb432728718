import type { TextRange } from "./yamlFile.ts";

/**
 * The documents of a text as kubectl splits it: at lines that are `---`, which no scalar can hold at the begin of a line.
 * What follows `---` on its line belongs to the document.
 */
export function splitDocuments(text: string): readonly TextRange[] {
  const begins = text.startsWith("\uFEFF") ? 1 : 0;
  const ranges: TextRange[] = [];
  let start = begins;
  let at = begins;
  while (at <= text.length) {
    if (isSeparator(text, at)) {
      ranges.push({ start, end: at });
      start = at + 3;
    }
    const line = text.indexOf("\n", at);
    if (line < 0) break;
    at = line + 1;
  }
  ranges.push({ start, end: text.length });
  // Nothing but blanks before the first separator is no document.
  return ranges.filter(({ start: from, end }, index) => index > 0 || ranges.length === 1 || hasText(text, from, end));
}

function isSeparator(text: string, at: number): boolean {
  if (!text.startsWith("---", at)) return false;
  const next = text[at + 3];
  return next === undefined || next === "\n" || next === "\r" || next === " " || next === "\t";
}

function hasText(text: string, from: number, end: number): boolean {
  return text.slice(from, end).trim() !== "";
}
