// Validation from cold on the command line, and after a keystroke in the editor's process.
//
//   npm run bench validation
//
// With FOREYARD_ISTIOCTL the path of an istioctl, the same files also go through `istioctl analyze --use-kube=false`.

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createCheck, prepare } from "../../src/editor/yaml/checker.ts";
import type { WorkspaceCheck } from "../../src/mesh/validation/engine/workspaceCheck.ts";
import { figure, heading, heapMegabytes } from "./figures.ts";
import { meshFiles, writeMeshFiles } from "./meshFiles.ts";

const runs = Number(process.env["FOREYARD_BENCH_RUNS"] ?? 5);
const cli = path.join(import.meta.dirname, "../../dist/cli.js");
const istioctl = process.env["FOREYARD_ISTIOCTL"];
const folder = mkdtempSync(path.join(tmpdir(), "foreyard-bench-"));

try {
  await prepare();
  for (const [services, budget] of [
    [230, 0.35],
    [1150, 0.7],
    [4600, 2.5],
    [11_600, undefined],
  ] as const) {
    commandLine(services, budget);
  }
  editor();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function commandLine(services: number, budget: number | undefined): void {
  const files = path.join(folder, String(services));
  writeMeshFiles(files, services);
  const count = meshFiles(services).reduce((sum, { text }) => sum + text.split(/^---$/mu).length, 0);
  heading(`${count} objects, all rules, from process start to exit`);
  const args = [cli, "analyze", "--fail-on", "never", files];
  figure("  foreyard analyze", times(process.execPath, args), "s", budget);
  if (istioctl === undefined) return;
  figure("  istioctl analyze", times(istioctl, ["analyze", "--use-kube=false", "--all-namespaces", files]), "s");
}

function times(program: string, args: readonly string[]): readonly number[] {
  return Array.from({ length: runs }, () => {
    const start = performance.now();
    const { error } = spawnSync(program, args, { stdio: "ignore" });
    if (error) throw error;
    return (performance.now() - start) / 1000;
  });
}

function editor(): void {
  heading("In the editor's process, 4,934 objects loaded");
  const files = meshFiles(1150);
  const before = heapMegabytes();
  const check = newCheck();
  for (const { name, text } of files) check.putFile(name, text);
  const slices: number[] = [];
  finish(check, slices);
  figure("  longest step of the first check", [Math.max(...slices)], "ms", 20);
  figure("  heap", [heapMegabytes() - before], "MB");

  const edited = files.find(({ text }) => text.includes("kind: VirtualService"));
  if (edited === undefined) throw new Error("No VirtualService among the files.");
  const own = keystrokes(check, edited.name, (at) => edited.text.replace("timeout: 3s", `timeout: ${(at % 9) + 1}s`));
  figure("  keystroke to findings, a file of 300 lines", percentile(own), "ms", 20);
  const shared = keystrokes(check, edited.name, (at) =>
    edited.text.replace(
      /kind: Service\nmetadata:\n {2}name: \w+/u,
      `kind: Service\nmetadata:\n  name: renamed${at % 2}`,
    ),
  );
  figure("  keystroke to findings, other files see the change", percentile(shared), "ms", 50);

  heading("In the editor's process, 19,734 objects loaded");
  const all = newCheck();
  const heapBefore = heapMegabytes();
  for (const { name, text } of meshFiles(4600)) all.putFile(name, text);
  finish(all, []);
  figure("  heap", [heapMegabytes() - heapBefore], "MB", 120);
}

function newCheck(): WorkspaceCheck {
  return createCheck(
    {
      validationEnabled: true,
      validationRules: {},
      validationSuppress: [],
      istioVersion: "1.31",
      yamlEngine: "builtin",
    },
    [],
    { overlay: undefined, changed: () => undefined },
  );
}

function finish(check: WorkspaceCheck, slices: number[]): ReadonlySet<string> {
  const update = check.update();
  for (;;) {
    const start = performance.now();
    const step = update.next();
    slices.push(performance.now() - start);
    if (step.done === true) return step.value;
  }
}

function keystrokes(check: WorkspaceCheck, name: string, textOf: (at: number) => string): readonly number[] {
  const texts = Array.from({ length: 60 }, (_, at) => textOf(at));
  return texts.map((text) => {
    const start = performance.now();
    check.putFile(name, text);
    for (const file of new Set([name, ...finish(check, [])])) check.findingsIn(file);
    return performance.now() - start;
  });
}

function percentile(values: readonly number[]): readonly number[] {
  return [[...values].sort((a, b) => a - b)[Math.floor(values.length * 0.95)] ?? NaN];
}
