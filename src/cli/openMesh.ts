import { homedir } from "node:os";
import process from "node:process";
import { createLiveMesh } from "../mesh/live/createLiveMesh.ts";
import type { LiveMesh } from "../mesh/live/liveMesh.ts";
import type { LiveCluster } from "../mesh/live/clusterSession.ts";
import { MeshError } from "../mesh/meshError.ts";
import { fill, say } from "../mesh/message.ts";
import type { Log } from "../mesh/ports.ts";
import type { Kubeconfig } from "../sources/kubernetes/kubeconfig.ts";
import { systemClock } from "../sources/kubernetes/systemClock.ts";
import type { Where } from "./commandLine.ts";
import { needClusterClient } from "./nodeVersion.ts";
import type { Terminal } from "./terminal.ts";

export interface MeshOptions {
  readonly where: Where;
  readonly namespaces: readonly string[] | undefined;
  readonly windowSeconds: number;
}

/** The clusters of a command line, joined to a mesh and not connected yet. Throws a MeshError where there are none. */
export async function openMesh(options: MeshOptions, terminal: Terminal, log: Log): Promise<LiveMesh> {
  const { where, namespaces, windowSeconds } = options;
  const clusters = where.demo ? await demoClusters(where) : await realClusters(where, terminal, log);
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
  });
}

async function demoClusters({ contexts }: Where): Promise<readonly LiveCluster[]> {
  const { createDemoMesh } = await import("../sources/demo/demoMesh.ts");
  const { clusters, findTelemetry } = createDemoMesh({ clock: systemClock });
  const names = clusters.map(({ context }) => context);
  const unknown = contexts.find((context) => !names.includes(context));
  if (unknown !== undefined) throw unknownContext(unknown, names);
  return clusters
    .filter(({ context }) => contexts.length === 0 || contexts.includes(context))
    .map((source) => ({ source, findTelemetry, defaultNamespace: undefined }));
}

async function realClusters(where: Where, terminal: Terminal, log: Log): Promise<readonly LiveCluster[]> {
  needClusterClient(process.versions.node);
  const { readKubeconfig } = await import("../sources/kubernetes/kubeconfig.ts");
  const files = where.kubeconfig === undefined ? {} : { files: [where.kubeconfig] };
  const kubeconfig = await readKubeconfig({ ...files, env: process.env, home: homedir() });
  if (kubeconfig.contexts.length > 0) for (const problem of kubeconfig.problems) terminal.note(problem);
  const contexts = where.contexts.length > 0 ? where.contexts : [currentContext(kubeconfig)];
  if (where.contexts.length === 0) terminal.note(say("Context: {0}", contexts.join(", ")));
  const { openCluster } = await import("../sources/kubernetes/openCluster.ts");
  const { createFindPrometheus } = await import("../sources/prometheus/findPrometheus.ts");
  const token = process.env["FOREYARD_PROMETHEUS_TOKEN"];
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
    const settings = { ...(url === undefined ? {} : { url }), ...(token ? { credentials: { bearer: token } } : {}) };
    return {
      source: openCluster(kubeconfig, context, options),
      findTelemetry: createFindPrometheus(settings, options),
      defaultNamespace: entry.namespace,
    };
  });
}

function currentContext({ currentContext, contexts, files, problems }: Kubeconfig): string {
  if (currentContext !== undefined && currentContext !== "") return currentContext;
  if (contexts.length > 0) {
    throw new MeshError("misconfigured", say("The kubeconfig names no current context"), {
      hint: say("Choose one with --context: {0}", contexts.map(({ name }) => name).join(", ")),
    });
  }
  const places = files.join(", ");
  const why = problems[0] ? fill(problems[0]) : "";
  throw new MeshError(
    "misconfigured",
    why === "" ? say("No kubeconfig was found at {0}", places) : say("The kubeconfig has no contexts: {0}", why),
    { hint: say("Name a kubeconfig with --kubeconfig, or add --demo to look at the demo mesh") },
  );
}

function unknownContext(context: string, known: readonly string[]): MeshError {
  return new MeshError("misconfigured", say("There is no context {0}", context), {
    hint: known.length > 0 ? say("There are: {0}", known.join(", ")) : say("The kubeconfig has no contexts"),
  });
}
