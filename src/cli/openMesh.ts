import { existsSync } from "node:fs";
import { homedir } from "node:os";
import process from "node:process";
import { createLiveMesh, type LiveOptions } from "../mesh/live/createLiveMesh.ts";
import type { LiveMesh } from "../mesh/live/liveMesh.ts";
import type { LiveCluster } from "../mesh/live/clusterSession.ts";
import { MeshError } from "../mesh/meshError.ts";
import { say, type Message } from "../mesh/message.ts";
import type { Log } from "../mesh/ports.ts";
import type { Kubeconfig } from "../sources/kubernetes/kubeconfig/kubeconfig.ts";
import { createReadProxyStatus } from "../sources/istiod/readProxyStatus.ts";
import { systemClock } from "../sources/kubernetes/systemClock.ts";
import type { Where } from "./commandLine.ts";
import { needClusterClient } from "./nodeVersion.ts";
import type { Terminal } from "./terminal.ts";

/** An hour has happened before the command starts, so that one call has numbers. */
const demoHistorySeconds = 3600;

export interface MeshOptions {
  readonly where: Where;
  readonly namespaces: readonly string[] | undefined;
  readonly windowSeconds: number;
  /** Milliseconds since 1970; undefined: now. */
  readonly atMillis?: number | undefined;
}

/** The clusters of a command line, joined to a mesh and not connected yet. Throws a MeshError where there are none. */
export async function openMesh(options: MeshOptions, terminal: Terminal, log: Log): Promise<LiveMesh> {
  const { where, namespaces, windowSeconds, atMillis } = options;
  if (where.demo && windowSeconds > demoHistorySeconds) {
    const used = demoHistorySeconds / 60;
    terminal.note(say("The demo mesh has {0} minutes of history: its rates are of these, not of --window.", used));
  }
  if (where.demo && atMillis !== undefined && atMillis < systemClock.now() - demoHistorySeconds * 1000) {
    const kept = demoHistorySeconds / 60;
    terminal.note(say("The demo mesh has {0} minutes of history: it has no data at the time of --at.", kept));
  }
  const { clusters, readProxyStatus } = where.demo
    ? await demoClusters(where)
    : { clusters: await realClusters(where, terminal, log), readProxyStatus: createReadProxyStatus(systemClock) };
  return createLiveMesh({
    clusters,
    clock: systemClock,
    log,
    settings: {
      windowSeconds,
      refreshSeconds: 15,
      // The editor's defaults (package.json, foreyard.labels).
      appLabels: ["service.istio.io/canonical-name", "app.kubernetes.io/name", "app"],
      versionLabels: ["service.istio.io/canonical-revision", "app.kubernetes.io/version", "version"],
      namespaces,
      locale: terminal.locale,
    },
    readProxyStatus,
  });
}

/** The clusters of a command line, not connected yet. Throws a MeshError where there are none. */
export async function openClusters(where: Where, terminal: Terminal, log: Log): Promise<readonly LiveCluster[]> {
  return where.demo ? (await demoClusters(where)).clusters : realClusters(where, terminal, log);
}

async function demoClusters({ contexts, fault }: Where): Promise<Pick<LiveOptions, "clusters" | "readProxyStatus">> {
  const { createDemoMesh } = await import("../sources/demo/demoMesh.ts");
  const { readDemoProxyStatus } = await import("../sources/demo/proxyStatus.ts");
  const historySeconds = demoHistorySeconds;
  const { clusters, findTelemetry } = createDemoMesh({ clock: systemClock, historySeconds, fault });
  const names = clusters.map(({ context }) => context);
  const unknown = contexts.find((context) => !names.includes(context));
  if (unknown !== undefined) throw unknownContext(unknown, names);
  const chosen = clusters.filter(({ context }) => contexts.length === 0 || contexts.includes(context));
  return {
    clusters: chosen.map((source) => ({ source, findTelemetry, defaultNamespace: undefined })),
    readProxyStatus: readDemoProxyStatus,
  };
}

async function realClusters(where: Where, terminal: Terminal, log: Log): Promise<readonly LiveCluster[]> {
  needClusterClient(process.versions.node);
  const { readKubeconfig } = await import("../sources/kubernetes/kubeconfig/kubeconfig.ts");
  const files = where.kubeconfig === undefined ? {} : { files: [where.kubeconfig] };
  const kubeconfig = await readKubeconfig({ ...files, env: process.env, home: homedir() });
  if (kubeconfig.contexts.length === 0) throw nothingThere(kubeconfig);
  for (const problem of kubeconfig.problems) terminal.note(problem);
  const contexts = where.contexts.length > 0 ? where.contexts : [currentContext(kubeconfig)];
  if (where.contexts.length === 0) terminal.note(say("Context: {0}", contexts.join(", ")));
  const { openCluster } = await import("../sources/kubernetes/openCluster.ts");
  const { createFindPrometheus } = await import("../sources/prometheus/findPrometheus.ts");
  const token = process.env["FOREYARD_PROMETHEUS_TOKEN"];
  if (token && where.prometheus.size === 0) {
    terminal.note(
      say("FOREYARD_PROMETHEUS_TOKEN has no effect: it is sent to an address given with --prometheus only."),
    );
  }
  // Whoever typed the command has chosen the kubeconfig, and with it the programs that it starts.
  const options = { log, clock: systemClock, mayRun: () => true };
  return contexts.map((context) => {
    const entry = kubeconfig.contexts.find(({ name }) => name === context);
    if (!entry)
      throw unknownContext(
        context,
        kubeconfig.contexts.map(({ name }) => name),
      );
    const url = where.prometheus.get(context) ?? where.prometheus.get("");
    const credentials = token ? { credentials: { bearer: token } } : {};
    const settings = url === undefined ? {} : { url, ...credentials };
    return {
      source: openCluster(kubeconfig, context, options),
      findTelemetry: createFindPrometheus(settings, options),
      defaultNamespace: entry.namespace,
    };
  });
}

function currentContext({ currentContext, contexts }: Kubeconfig): string {
  if (currentContext !== undefined && currentContext !== "") return currentContext;
  throw new MeshError("misconfigured", say("The kubeconfig names no current context"), {
    hint: say("Choose one with --context: {0}", contexts.map(({ name }) => name).join(", ")),
  });
}

function nothingThere({ files, problems }: Kubeconfig): MeshError {
  return new MeshError("misconfigured", problems[0] ?? noContexts(files), {
    hint: say("Name a kubeconfig with --kubeconfig, or add --demo to look at the demo mesh"),
  });
}

/** Why no file had anything to say though none was wrong: they hold no contexts, or are not there. */
function noContexts(files: readonly string[]): Message {
  const present = files.filter((file) => existsSync(file));
  if (present.length > 0) return say("The kubeconfig {0} holds no contexts", present.join(", "));
  return files.length > 0
    ? say("No kubeconfig was found at {0}", files.join(", "))
    : say("No kubeconfig was found: KUBECONFIG names no file");
}

function unknownContext(context: string, known: readonly string[]): MeshError {
  return new MeshError("misconfigured", say("There is no context {0}", context), {
    hint: say("There are: {0}", known.join(", ")),
  });
}
