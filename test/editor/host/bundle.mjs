// Bundles the suites that run inside the extension host, where no TypeScript is read.

import path from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

/** Writes `run.cjs` into a folder and returns its path. */
export async function bundleHostTests(folder) {
  const outfile = path.join(folder, "run.cjs");
  await esbuild.build({
    entryPoints: [fileURLToPath(new URL("run.ts", import.meta.url))],
    outfile,
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node22",
    external: ["vscode"],
    logLevel: "warning",
  });
  return outfile;
}
