// What activation.bench.ts has VS Code run inside its extension host, bundled, by `extensionTestsPath`.

import { writeFileSync } from "node:fs";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { commands, extensions, workspace } from "vscode";

export interface HostFigures {
  /** From asking VS Code to activate until it is: import of the bundle, `activate()` and VS Code's own work. */
  readonly activationMillis: number;
  /** As VS Code itself measured: reading the bundle, and the call of `activate()` until what it returned resolved. */
  readonly loadMillis: number;
  readonly callMillis: number;
  /** Megabytes in use after collections. */
  readonly heapBefore: number;
  readonly heapActive: number;
  /** With a real cluster shown, where the bench gave one. */
  readonly heapConnected: number | undefined;
}

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** Writes HostFigures to the file that FOREYARD_BENCH_REPORT names. */
export async function run(): Promise<void> {
  const heapBefore = heap();
  const began = performance.now();
  await extensions.getExtension("foreyard.foreyard")?.activate();
  const activationMillis = performance.now() - began;
  const heapActive = heap();
  const own = await measuredByVsCode();
  const heapConnected = process.env["FOREYARD_BENCH_CONNECT"] === "true" ? await connected() : undefined;
  const figures: HostFigures = { activationMillis, ...own, heapBefore, heapActive, heapConnected };
  writeFileSync(process.env["FOREYARD_BENCH_REPORT"] ?? "", JSON.stringify(figures));
}

/** What "Developer: Startup Performance" says: a table with load code, call activate, finish activate in milliseconds. */
async function measuredByVsCode(): Promise<Pick<HostFigures, "loadMillis" | "callMillis">> {
  await commands.executeCommand("perfview.show");
  for (let tries = 0; tries < 40; tries++) {
    const text = workspace.textDocuments.map((document) => document.getText()).find((all) => all.includes("Load Code"));
    const row = text?.split("\n").find((line) => /^\|\s*foreyard\.foreyard\b/i.test(line));
    const [load = NaN, call = NaN, finish = NaN] = (row?.match(/\|\s*\d+(?=\s*\|)/g) ?? []).map((cell) =>
      Number(cell.slice(1)),
    );
    if (!Number.isNaN(finish)) return { loadMillis: load, callMillis: call + finish };
    await wait(250);
  }
  console.error(
    workspace.textDocuments.map((document) => `${document.uri.toString()}\n${document.getText()}`).join("\n"),
  );
  return { loadMillis: NaN, callMillis: NaN };
}

function heap(): number {
  collect();
  collect();
  return process.memoryUsage().heapUsed / 1e6;
}

/** Picks the current context, as a person would, opens the views and waits until the heap grows no more. */
async function connected(): Promise<number> {
  const choosing = commands.executeCommand("foreyard.chooseContexts");
  const isChosen = choosing.then(() => true);
  for (let ended = false; !ended; ended = await Promise.race([isChosen, wait(500).then(() => false)])) {
    await commands.executeCommand("workbench.action.acceptSelectedQuickOpenItem");
  }
  await commands.executeCommand("foreyard.services.focus");
  const least = 20_000;
  const began = performance.now();
  for (let last = heap(), still = 0; still < 3 || performance.now() - began < least;) {
    await wait(3000);
    const now = heap();
    still = Math.abs(now - last) < 1 ? still + 1 : 0;
    last = now;
    if (performance.now() - began > 120_000) break;
  }
  return heap();
}

function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
