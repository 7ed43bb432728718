/** An object as a document names it. */
export interface NamedObject {
  readonly kind: string;
  /** "" where the document does not say. */
  readonly namespace: string;
  readonly name: string;
}

/**
 * The Kubernetes object of the YAML document that a line (0-based) is in. Read by lines, because a text that is being
 * typed is rarely whole: `apiVersion` and `kind` at the left, `name` and `namespace` directly below `metadata`.
 */
export function objectInYaml(text: string, line: number): NamedObject | undefined {
  const lines = text.split(/\r?\n/);
  const isBreak = (each: string): boolean => /^---(\s|$)/.test(each) || /^\.\.\.(\s|$)/.test(each);
  let first = Math.min(line, lines.length - 1);
  while (first > 0 && !isBreak(lines[first] ?? "")) first--;
  let last = Math.max(first, Math.min(line, lines.length - 1)) + 1;
  while (last < lines.length && !isBreak(lines[last] ?? "")) last++;
  const own = lines.slice(first, last).filter((each) => !isBreak(each));
  const kind = valueOf(own, /^kind:(.*)$/);
  if (kind === undefined || valueOf(own, /^apiVersion:(.*)$/) === undefined) return undefined;
  const metadata = childrenOf(own, "metadata");
  const name = valueOf(metadata, /^name:(.*)$/);
  if (name === undefined) return undefined;
  return { kind, namespace: valueOf(metadata, /^namespace:(.*)$/) ?? "", name };
}

function valueOf(lines: readonly string[], pattern: RegExp): string | undefined {
  for (const line of lines) {
    const found = pattern.exec(line)?.[1];
    if (found !== undefined) return scalar(found);
  }
  return undefined;
}

/** The lines directly below a key at the left, without their indent. */
function childrenOf(lines: readonly string[], key: string): readonly string[] {
  const start = lines.findIndex((line) => new RegExp(`^${key}:\\s*(#.*)?$`).test(line)) + 1;
  if (start === 0) return [];
  const below = lines.slice(start);
  const end = below.findIndex((line) => /^[^\s#]/.test(line));
  const block = (end < 0 ? below : below.slice(0, end)).filter((line) => /^\s+[^\s#]/.test(line));
  const indent = /^\s*/.exec(block[0] ?? "")?.[0] ?? "";
  return block.flatMap((line) => (line.startsWith(indent) ? [line.slice(indent.length)] : []));
}

/** A plain or quoted word; undefined for what is empty, a template or a structure. */
function scalar(text: string): string | undefined {
  const value = text.replace(/\s+#.*$/, "").trim();
  const bare = /^(["'])(.*)\1$/.exec(value)?.[2] ?? value;
  return /^[\w./:-]+$/.test(bare) ? bare : undefined;
}
