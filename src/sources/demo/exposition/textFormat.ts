// Prometheus' text format, version 0.0.4.

export type Labels = readonly (readonly [name: string, value: string])[];

export const contentType = "text/plain; version=0.0.4; charset=utf-8";

/** `a="b",c="d"` without braces; a label with an empty value is the same as none and is left out. */
export function labelText(labels: Labels): string {
  let out = "";
  for (const [name, value] of labels) {
    if (value === "") continue;
    out += `${out === "" ? "" : ","}${name}="${escapeValue(value)}"`;
  }
  return out;
}

function escapeValue(value: string): string {
  return /["\\\n]/.test(value) ? value.replace(/[\\"]/g, "\\$&").replaceAll("\n", "\\n") : value;
}

export function header(name: string, type: "counter" | "gauge" | "histogram", help: string): string {
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`;
}

/** One sample; `labels` as of {@link labelText}. */
export function sample(name: string, labels: string, value: number): string {
  return labels === "" ? `${name} ${numberText(value)}\n` : `${name}{${labels}} ${numberText(value)}\n`;
}

/** A millionth is precise enough for anything that is counted here, and keeps the text short. */
export function numberText(value: number): string {
  if (value === Infinity) return "+Inf";
  return String(Math.round(value * 1e6) / 1e6);
}

/** Joins small pieces into chunks that are worth a write. */
export function* chunked(pieces: Iterable<string>, size = 65_536): Generator<string, void, undefined> {
  let chunk = "";
  for (const piece of pieces) {
    chunk += piece;
    if (chunk.length < size) continue;
    yield chunk;
    chunk = "";
  }
  if (chunk !== "") yield chunk;
}
