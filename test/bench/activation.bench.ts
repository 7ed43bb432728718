// A real VS Code: how long it takes to activate Foreyard in a fresh window, and what its extension host holds while a
// cluster of 5,000 services and 20,000 pods is shown.
//
//   npm run bench -- activation
//   FOREYARD_BENCH_RUNS=3 npm run bench -- activation

import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import { controlPlaneSkip, startControlPlane } from "../cluster/controlPlane.ts";
import { applyIstioCrds } from "../cluster/istioCrds.ts";
import { seedObjects } from "../cluster/seed.ts";
import { openWorkbench, root } from "../editor/support/workbench.ts";
import type { HostFigures } from "./activationHost.ts";
import { figure, heading } from "./figures.ts";
import { largeMesh, meshObjects } from "./largeMesh.ts";

const runs = Number(process.env["FOREYARD_BENCH_RUNS"] ?? 5);
const work = mkdtempSync(path.join(tmpdir(), "foreyard-activation-"));
const suite = path.join(work, "host.cjs");
await esbuild.build({
  entryPoints: [fileURLToPath(new URL("activationHost.ts", import.meta.url))],
  outfile: suite,
  bundle: true,
  platform: "node",
  format: "cjs",
  target: "node22",
  external: ["vscode"],
  logLevel: "warning",
});

try {
  heading("what ships");
  figure("  the part that every window loads", [eagerBytes() / 1024], "KB", 250);
  const all: HostFigures[] = [];
  for (let run = 0; run < runs; run++) all.push(await figuresOf({}));
  heading("the current VS Code, a fresh window each time");
  figure(
    "  activate(), as VS Code measures it",
    all.map(({ callMillis }) => callMillis),
    "ms",
    50,
  );
  figure(
    "  reading the bundle, as VS Code measures it",
    all.map(({ loadMillis }) => loadMillis),
    "ms",
  );
  figure(
    "  from asking to activate until it is answered, VS Code's own work included",
    all.map(({ activationMillis }) => activationMillis),
    "ms",
  );
  figure(
    "  heap that activation adds",
    all.map(({ heapActive, heapBefore }) => heapActive - heapBefore),
    "MB",
  );
  await largeCluster();
} finally {
  rmSync(work, { recursive: true, force: true });
}

async function largeCluster(): Promise<void> {
  heading(`the extension host with ${largeMesh.services} services and ${largeMesh.pods} pods shown`);
  const skip = await controlPlaneSkip({ bare: true });
  if (skip !== false) {
    console.log(`  ${skip}`);
    return;
  }
  const cluster = await startControlPlane({ bare: true });
  try {
    await applyIstioCrds(cluster);
    await seedObjects(cluster, meshObjects(largeMesh));
    const env = { KUBECONFIG: cluster.kubeconfigs.admin, FOREYARD_BENCH_CONNECT: "true" };
    const { heapBefore, heapConnected } = await figuresOf(env);
    figure("  heap of VS Code's own", [heapBefore], "MB");
    figure("  heap, everything in", [heapConnected ?? NaN], "MB", 200);
  } finally {
    await cluster.stop();
  }
}

/** One window, from its opening to the end of the suite in its extension host. */
async function figuresOf(env: Readonly<Record<string, string>>): Promise<HostFigures> {
  const report = path.join(work, "figures.json");
  let exited: (code: number) => void = () => undefined;
  const exit = new Promise<number>((resolve) => (exited = resolve));
  const workbench = await openWorkbench({
    linkExtension: false,
    env: { FOREYARD_BENCH_REPORT: report, ...env },
    files: { "app.yaml": "kind: Service\n" },
    payload: (authority) => [
      ["extensionDevelopmentPath", `vscode-remote://${authority}${root.replace(/\/$/, "")}`],
      ["extensionTestsPath", `vscode-remote://${authority}${suite}`],
    ],
    prepare: async (page) => {
      await page.exposeFunction("codeAutomationLog", () => undefined);
      await page.exposeFunction("codeAutomationExit", (code: number) => exited(code));
    },
  });
  try {
    await exit;
    return JSON.parse(readFileSync(report, "utf8")) as HostFigures;
  } finally {
    await workbench.close();
  }
}

/** The entry and the chunks that it imports at once. */
function eagerBytes(): number {
  const dist = path.join(root, "dist");
  const seen = new Set<string>();
  const add = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    const text = readFileSync(file, "utf8");
    for (const [, imported = ""] of text.matchAll(/(?:\bfrom|\bimport)\s*"(\.[^"]+)"/g)) {
      add(path.resolve(path.dirname(file), imported));
    }
  };
  add(path.join(dist, "extension.js"));
  return [...seen].reduce((sum, file) => sum + statSync(file).size, 0);
}
