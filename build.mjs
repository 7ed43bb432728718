// Builds what ships: dist/extension.js (loaded by VS Code) with the chunks that it loads on first use, dist/cli.js (bin),
// and the pages in dist/webview.
//
//   node build.mjs            minified, for people
//   node build.mjs --watch    with source maps, again on every change
//
// dist/meta.json is esbuild's metafile; the bundle test reads it.

import { existsSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import { notices } from "./tools/notices.mjs";
import { buildPages } from "./tools/pages.mjs";

const root = fileURLToPath(new URL(".", import.meta.url));
const watch = process.argv.includes("--watch");
const outdir = path.join(root, "dist");

// The cluster client brings its own HTTP stack, which would take the place of the host's global one.
const undiciShim = path.join(root, "src/sources/kubernetes/undiciShim.ts");

// The two are built apart: shared chunks would be cut into dozens of small ones, by who else loads them. What the
// extension loads at activation must be small; the command line is one file, whose parts run when they are imported.
const entries = [
  { entryPoints: { extension: "src/extension.ts" }, splitting: true },
  { entryPoints: { cli: "src/cli/main.ts" }, splitting: false },
];

/** @type {esbuild.BuildOptions} */
const options = {
  absWorkingDir: root,
  outdir,
  entryNames: "[name]",
  chunkNames: "chunks/[name]-[hash]",
  bundle: true,
  format: "esm",
  platform: "node",
  target: "node20",
  external: ["vscode"],
  alias: {
    ...(existsSync(undiciShim) ? { undici: undiciShim } : {}),
    // Its main file asks for its parts by names that only Node's own loader follows.
    "jsonc-parser": "jsonc-parser/lib/esm/main.js",
  },
  define: { "process.env.FOREYARD_BUNDLED": '"1"' },
  // CommonJS packages inside an ES module ask for Node's own modules by require().
  banner: { js: 'import{createRequire as fyRequire}from"node:module";const require=fyRequire(import.meta.url);' },
  minify: !watch,
  keepNames: false,
  sourcemap: watch,
  legalComments: "none",
  metafile: true,
  logLevel: "info",
};

await rm(outdir, { recursive: true, force: true });
await mkdir(outdir, { recursive: true });
const pages = await buildPages({ outdir: path.join(outdir, "webview"), minify: !watch });

if (watch) {
  for (const entry of entries) await (await esbuild.context({ ...options, ...entry })).watch();
} else {
  const builds = entries.map((entry) => esbuild.build({ ...options, ...entry, logLevel: "warning" }));
  const metafiles = (await Promise.all(builds)).map(({ metafile }) => metafile);
  const inputs = Object.assign({}, ...metafiles.map((each) => each.inputs));
  const outputs = Object.assign({}, ...metafiles.map((each) => each.outputs));
  await writeFile(path.join(outdir, "meta.json"), JSON.stringify({ inputs, outputs }));
  await writeFile(path.join(outdir, "webview.meta.json"), JSON.stringify(pages));
  const all = { ...pages.inputs, ...inputs };
  await writeFile(path.join(outdir, "THIRD_PARTY_NOTICES.txt"), notices(root, { inputs: all }));
}
