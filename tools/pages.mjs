// Builds the pages: one script and one style sheet each, nothing loaded later, because a page may fetch nothing.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));

/**
 * The controls' library looks for the global object in old browsers by code made of text. It never gets there where there
 * is a globalThis, but a page's script holds no such code at all (W1), so that a search for it finds nothing.
 */
const withoutCodeOfText = {
  name: "without-code-of-text",
  setup(build) {
    build.onLoad({ filter: /fast-element[\\/]dist[\\/]esm[\\/]platform\.js$/ }, ({ path: file }) => ({
      contents: readFileSync(file, "utf8").replaceAll('new Function("return this")()', "globalThis"),
      loader: "js",
    }));
  },
};

/** The folders of `webview` that are pages: those with a main.ts. */
export function pageNames() {
  return readdirSync(path.join(root, "webview")).filter((name) =>
    existsSync(path.join(root, "webview", name, "main.ts")),
  );
}

/** @returns {esbuild.BuildOptions} what all of a page's parts are built with */
function shared({ minify }) {
  return {
    absWorkingDir: root,
    bundle: true,
    format: "esm",
    platform: "browser",
    target: "chrome134",
    minify,
    sourcemap: minify ? false : "inline",
    legalComments: "none",
    metafile: true,
    logLevel: "warning",
    loader: { ".ttf": "file" },
    assetNames: "[name]",
  };
}

/** The layout worker as text: it is started from a Blob, since a page may load no other script. */
async function workerText(options) {
  const entry = path.join(root, "webview/topology/layoutWorker.ts");
  if (!existsSync(entry)) return { text: "", inputs: {} };
  const built = await esbuild.build({
    ...shared(options),
    sourcemap: false,
    loader: {},
    entryPoints: [entry],
    write: false,
  });
  return { text: built.outputFiles[0].text, inputs: built.metafile.inputs };
}

/**
 * Builds every page into `outdir`.
 * @returns the metafile's inputs and outputs of all of them
 */
export async function buildPages({ outdir, minify }) {
  const names = pageNames();
  if (names.length === 0) return { inputs: {}, outputs: {} };
  const worker = await workerText({ minify });
  const { metafile } = await esbuild.build({
    ...shared({ minify }),
    plugins: [withoutCodeOfText],
    entryPoints: Object.fromEntries(names.map((name) => [name, `webview/${name}/main.ts`])),
    entryNames: "[name]",
    outdir,
    define: { FOREYARD_LAYOUT_WORKER: JSON.stringify(worker.text) },
  });
  return { inputs: { ...worker.inputs, ...metafile.inputs }, outputs: metafile.outputs };
}
