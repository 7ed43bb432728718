import assert from "node:assert/strict";
import { runCommand } from "../../src/cli/runCommand.ts";
import { fill } from "../../src/mesh/message.ts";

/** A finding as JSON prints it. */
export interface FoundFinding {
  readonly code: string;
  readonly severity: string;
  readonly message: string;
  readonly file: string | null;
  readonly line: number | null;
  readonly path: string;
  readonly resource: { readonly kind: string; readonly namespace: string; readonly name: string } | null;
  readonly layer: string;
}

export interface Analyzed {
  readonly code: number;
  readonly out: string;
  readonly notes: readonly string[];
}

/** `foreyard analyze` in this process, printed as it is asked for. */
export async function analyzeText(args: readonly string[]): Promise<Analyzed> {
  let out = "";
  const notes: string[] = [];
  const code = await runCommand(
    ["analyze", ...args],
    {
      isColoured: false,
      columns: undefined,
      locale: "en",
      print: (text) => {
        out += text;
        return Promise.resolve();
      },
      note: (message) => void notes.push(fill(message)),
      fail: ({ words }) => void notes.push(fill(words)),
    },
    { error: () => undefined, info: () => undefined, debug: () => undefined },
    new AbortController().signal,
  );
  return { code, out, notes };
}

/** `foreyard analyze --format json` in this process. */
export async function analyze(
  args: readonly string[],
): Promise<Analyzed & { readonly findings: readonly FoundFinding[] }> {
  const analyzed = await analyzeText([...args, "--format", "json"]);
  assert.notEqual(analyzed.out, "", analyzed.notes.join("\n"));
  return { ...analyzed, findings: JSON.parse(analyzed.out) as readonly FoundFinding[] };
}
