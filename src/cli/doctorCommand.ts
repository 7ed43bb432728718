import { homedir } from "node:os";
import process from "node:process";
import { doctorReport, type DoctorKubeconfig } from "../mesh/doctor/doctorReport.ts";
import { createFormat } from "../mesh/format/format.ts";
import { fill } from "../mesh/message.ts";
import type { Log } from "../mesh/ports.ts";
import { redact } from "../mesh/redact.ts";
import { systemClock } from "../sources/kubernetes/systemClock.ts";
import type { DoctorCommand, Where } from "./commandLine.ts";
import { openMesh } from "./openMesh.ts";
import { readMesh } from "./readMesh.ts";
import type { Terminal } from "./terminal.ts";
import { packageVersion } from "./version.ts";

const proxySettings = ["HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY", "https_proxy", "http_proxy", "no_proxy"];

/** Prints the diagnosis; that something is wrong is its content, so the exit code is 0 unless it cannot be made. */
export async function doctorCommand(
  { where }: DoctorCommand,
  terminal: Terminal,
  log: Log,
  signal: AbortSignal,
): Promise<number> {
  const live = await openMesh({ where, namespaces: undefined, windowSeconds: 60 }, terminal, log);
  try {
    await readMesh(live, signal);
    const contexts = await live.diagnose(signal);
    const { clusters, meshes } = live;
    const kubeconfig = where.demo ? undefined : await kubeconfigFacts(where);
    const surroundings = await surroundingFacts();
    const facts = { takenAt: systemClock.now(), surroundings, kubeconfig, clusters, meshes, contexts };
    await terminal.print(doctorReport(facts, createFormat(terminal.locale), fill));
    return 0;
  } finally {
    live.dispose();
  }
}

async function kubeconfigFacts({ kubeconfig }: Where): Promise<DoctorKubeconfig> {
  const { readKubeconfig } = await import("../sources/kubernetes/kubeconfig/kubeconfig.ts");
  const files = kubeconfig === undefined ? {} : { files: [kubeconfig] };
  const read = await readKubeconfig({ ...files, env: process.env, home: homedir() });
  return {
    files: read.files,
    currentContext: read.currentContext,
    contexts: read.contexts.map(({ name }) => name),
    problems: read.problems,
  };
}

async function surroundingFacts(): Promise<Readonly<Record<string, string>>> {
  const set = [...proxySettings, "KUBECONFIG"].flatMap((name) => {
    const value = process.env[name];
    return value === undefined || value === "" ? [] : [[name, redact(value)] as const];
  });
  return {
    Foreyard: await packageVersion(),
    "Node.js": process.version,
    Platform: `${process.platform} ${process.arch}`,
    ...Object.fromEntries(set),
  };
}
