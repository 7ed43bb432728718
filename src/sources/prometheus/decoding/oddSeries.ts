import { byteOf, isSpace } from "./seriesReader.ts";
import { sampleValue } from "./sampleValue.ts";
import type { SeriesColumns } from "./seriesColumns.ts";

// For what the quick reader does not take: escapes in texts, and what is broken.

/**
 * Where an element of a list of series that begins at `at` ends; undefined where the bytes end before. Where its quotes
 * do not match, it ends before the next series: unescaped, the beginning of one stands in no text.
 */
export function endOfElement(bytes: Buffer, at: number, end: number): number | undefined {
  let depth = 0;
  let isText = false;
  for (let i = at; i < end; i++) {
    const byte = bytes[i] ?? 0;
    if (i > at && byte === byteOf.open && beginsSeries(bytes, i, end)) return i;
    if (isText) {
      if (byte === byteOf.backslash) i++;
      else if (byte === byteOf.quote) isText = false;
    } else if (byte === byteOf.quote) isText = true;
    else if (byte === byteOf.open || byte === byteOf.openList) depth++;
    else if (byte === byteOf.close || byte === byteOf.closeList) {
      if (depth === 0) return i;
      depth--;
      if (depth === 0) return i + 1;
    } else if (byte === byteOf.comma && depth === 0) return i;
  }
  return undefined;
}

/** The same for the last element of an answer that came whole, where {@link endOfElement} found no end. */
export function endOfLastElement(bytes: Buffer, at: number, end: number): number | undefined {
  const found = /\]\s*\}(?=\s*\])/.exec(bytes.toString("latin1", at, end));
  return found ? at + found.index + found[0].length : undefined;
}

const beginning = ['"metric"', ":", "{"];

function beginsSeries(bytes: Buffer, at: number, end: number): boolean {
  let i = at + 1;
  for (const token of beginning) {
    while (i < end && isSpace(bytes[i] ?? 0)) i++;
    for (let k = 0; k < token.length; k++, i++) if (i >= end || bytes[i] !== token.charCodeAt(k)) return false;
  }
  return true;
}

/** Adds the series that a text holds; false where it holds none. */
export function addSeries(text: string, columns: SeriesColumns): boolean {
  const series = parseObject(text);
  const labels = series?.["metric"];
  if (!series || typeof labels !== "object" || labels === null || Array.isArray(labels)) return false;
  const points: unknown = "values" in series ? series["values"] : [series["value"]];
  if (!Array.isArray(points)) return false;
  columns.clearPoints();
  for (const pair of points as readonly unknown[]) {
    const [seconds, told] = Array.isArray(pair) ? (pair as readonly unknown[]) : [];
    const value = typeof told === "string" ? sampleValue(told) : undefined;
    if (value === undefined || typeof seconds !== "number") return false;
    columns.setPoint(seconds, value);
  }
  columns.clearLabels();
  for (const [label, value] of Object.entries(labels)) {
    if (typeof value !== "string") return false;
    const column = columns.columnOf(label);
    if (column >= 0) columns.setLabel(column, columns.pool.internText(value));
  }
  columns.keep();
  return true;
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === "object" && parsed !== null ? (parsed as Readonly<Record<string, unknown>>) : undefined;
  } catch {
    return undefined;
  }
}
