import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { readKubeconfig, type Kubeconfig } from "../../../src/sources/kubernetes/kubeconfig/kubeconfig.ts";
import { withoutZeros, type KubeconfigCase } from "./kubeconfigCases.ts";

/** Writes a case's files into a new folder and calls back with it and with KUBECONFIG for it. */
export async function inFolder<T>(
  { files, kubeconfig }: KubeconfigCase,
  run: (folder: string, kubeconfig: string) => T | Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(path.join(tmpdir(), "foreyard-kubeconfig-"));
  try {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
      writeFileSync(path.join(folder, name), text);
    }
    const entries = kubeconfig.split(":").map((entry) => (entry === "" ? "" : path.join(folder, entry)));
    return await run(folder, entries.join(path.delimiter));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export async function ownReading(asked: KubeconfigCase): Promise<Kubeconfig> {
  return await inFolder(asked, (folder, KUBECONFIG) => readKubeconfig({ env: { KUBECONFIG }, home: folder }));
}

/** What the real kubectl makes of a case: its merged view, undefined where it refuses. */
export async function askKubectl(command: readonly [string, ...string[]], asked: KubeconfigCase): Promise<unknown> {
  const view = await runKubectl(command, asked, ["config", "view", "--raw", "-o", "json"]);
  return view === undefined ? undefined : withoutZeros(JSON.parse(view));
}

/** The current context as kubectl tells it; undefined where there is none, or where it refuses the files. */
export async function askCurrentContext(
  command: readonly [string, ...string[]],
  asked: KubeconfigCase,
): Promise<string | undefined> {
  return (await runKubectl(command, asked, ["config", "current-context"]))?.replace(/\n$/, "");
}

async function runKubectl(
  [program, ...first]: readonly [string, ...string[]],
  asked: KubeconfigCase,
  args: readonly string[],
): Promise<string | undefined> {
  return await inFolder(asked, async (folder, KUBECONFIG) => {
    const env = { PATH: process.env["PATH"], HOME: folder, KUBECONFIG };
    return await new Promise((resolve) => {
      execFile(program, [...first, ...args], { env }, (error, stdout) => resolve(error ? undefined : stdout));
    });
  });
}
