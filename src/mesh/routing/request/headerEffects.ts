import type { HeaderOperations } from "../proxy/route.ts";

/** Header lines by name in lower case. */
export type HeaderLines = ReadonlyMap<string, readonly string[]>;

/** What header values may ask of the request: `%PROTOCOL%`, `%REQ(name)%`. */
export interface FormatValues {
  readonly request: HeaderLines;
}

/** Headers after the operations: removed first, then overwritten, then added (Envoy's HeaderParser). */
export function afterOperations(
  headers: HeaderLines,
  operations: readonly HeaderOperations[],
  values: FormatValues,
): HeaderLines {
  const lines = new Map(headers);
  for (const { set, add, remove } of operations) {
    for (const name of remove) lines.delete(name.toLowerCase());
    for (const [name, value] of Object.entries(set)) lines.set(name.toLowerCase(), [formatted(value, values)]);
    for (const [name, value] of Object.entries(add)) {
      const key = name.toLowerCase();
      lines.set(key, [...(lines.get(key) ?? []), formatted(value, values)]);
    }
  }
  return lines;
}

/** A header's value with Envoy's commands filled in; commands that depend on more than the request stay as they are. */
function formatted(text: string, { request }: FormatValues): string {
  return text.replaceAll(/%%|%PROTOCOL%|%REQ\(([^)?]*)(?:\?([^)]*))?\)(?::\d+)?%/gu, (command, ...groups) => {
    if (command === "%%") return "%";
    if (command === "%PROTOCOL%") return "HTTP/1.1";
    const [main, other] = groups as readonly (string | undefined)[];
    const named = [main, other].flatMap((name) => (name === undefined ? [] : (request.get(name.toLowerCase()) ?? [])));
    return named[0] ?? "-";
  });
}

export interface HeaderChanges {
  /** Names with their values; several lines are joined by ",". */
  readonly added: Readonly<Record<string, string>>;
  readonly removed: readonly string[];
}

/** What is new or another, and what is gone. */
export function headerChanges(before: HeaderLines, after: HeaderLines): HeaderChanges {
  const added: [string, string][] = [];
  for (const [name, lines] of after) {
    const known = before.get(name);
    if (known?.length !== lines.length || known.some((line, at) => line !== lines[at]))
      added.push([name, lines.join(",")]);
  }
  return { added: Object.fromEntries(added), removed: [...before.keys()].filter((name) => !after.has(name)).sort() };
}
