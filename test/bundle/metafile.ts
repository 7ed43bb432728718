import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Metafile } from "esbuild";

export const root = fileURLToPath(new URL("../..", import.meta.url));

/** Of the extension and the command-line tool, or of the pages. */
export function readMetafile(name: "meta" | "webview.meta" = "meta"): Metafile {
  return JSON.parse(readFileSync(`${root}/dist/${name}.json`, "utf8")) as Metafile;
}

/** The output files that are loaded with an entry, without those that only `import()` reaches. */
export function eagerOutputs(metafile: Metafile, entry: string): string[] {
  const seen = new Set<string>();
  const visit = (output: string): void => {
    if (seen.has(output)) return;
    seen.add(output);
    for (const { path, kind, external } of metafile.outputs[output]?.imports ?? []) {
      if (!external && kind === "import-statement") visit(path);
    }
  };
  visit(entry);
  return [...seen];
}

/** Source files inside some outputs. */
export function inputsOf(metafile: Metafile, outputs: readonly string[]): string[] {
  return [...new Set(outputs.flatMap((output) => Object.keys(metafile.outputs[output]?.inputs ?? {})))];
}

export function bytesOf(metafile: Metafile, outputs: readonly string[]): number {
  return outputs.reduce((sum, output) => sum + (metafile.outputs[output]?.bytes ?? 0), 0);
}
