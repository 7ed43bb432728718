import { realpathSync } from "node:fs";
import { homedir } from "node:os";
import type { ConnectRequest, ContextList, Engine, EngineHost } from "./editor/engine.ts";
import { prometheusFor, type Settings } from "./editor/settings.ts";
import type { Disposable } from "./mesh/disposer.ts";
import { createLiveMesh, type LiveSettings } from "./mesh/live/createLiveMesh.ts";
import type { LiveMesh } from "./mesh/live/liveMesh.ts";
import type { ClusterSource, FindTelemetry } from "./mesh/ports.ts";
import { redact } from "./mesh/redact.ts";
import { createDemoMesh } from "./sources/demo/demoMesh.ts";
import { readKubeconfig, watchKubeconfig, type Kubeconfig } from "./sources/kubernetes/kubeconfig.ts";
import { openCluster } from "./sources/kubernetes/openCluster.ts";
import { systemClock } from "./sources/kubernetes/systemClock.ts";
import { createFindPrometheus } from "./sources/prometheus/findPrometheus.ts";

/** Everything heavy, put together. The cluster client itself is loaded later still, by the first connection. */
export function createEngine(host: EngineHost): Engine {
  return new SourceEngine(host);
}

class SourceEngine implements Engine {
  readonly #host: EngineHost;
  #kubeconfig: Kubeconfig | undefined;

  constructor(host: EngineHost) {
    this.#host = host;
  }

  async readContexts(files: readonly string[]): Promise<ContextList> {
    const read = await readKubeconfig({ files, env: process.env, home: homedir() });
    this.#kubeconfig = read;
    return {
      files: read.files,
      currentContext: read.currentContext,
      contexts: read.contexts.map((entry) => ({ ...entry, server: entry.server && redact(entry.server) })),
      problems: read.problems,
    };
  }

  watchContexts(onChange: () => void): Disposable {
    return this.#kubeconfig ? watchKubeconfig(this.#kubeconfig, onChange) : { dispose: () => undefined };
  }

  connect({ contexts, settings, namespaces }: ConnectRequest): LiveMesh {
    const kubeconfig = this.#kubeconfig;
    if (!kubeconfig) throw new Error("connect needs contexts that were read");
    const { log } = this.#host;
    const options = { log, clock: systemClock, mayRun: (file: string) => this.#mayRun(file) };
    return createLiveMesh({
      clusters: contexts.map((context) => ({
        source: openCluster(kubeconfig, context, options),
        findTelemetry: this.#findPrometheus(settings, context),
        defaultNamespace: kubeconfig.contexts.find(({ name }) => name === context)?.namespace,
      })),
      clock: systemClock,
      log,
      settings: this.#liveSettings(settings, namespaces),
    });
  }

  connectDemo({ settings, namespaces }: Omit<ConnectRequest, "contexts">): LiveMesh {
    const { clusters, findTelemetry } = createDemoMesh({ clock: systemClock });
    return createLiveMesh({
      clusters: clusters.map((source) => ({ source, findTelemetry, defaultNamespace: undefined })),
      clock: systemClock,
      log: this.#host.log,
      settings: this.#liveSettings(settings, namespaces),
    });
  }

  surroundings(): Readonly<Record<string, string>> {
    const proxies = ["HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY", "https_proxy", "http_proxy", "no_proxy"];
    return {
      "Node.js": process.version,
      Platform: `${process.platform} ${process.arch}`,
      ...Object.fromEntries(
        [...proxies, "KUBECONFIG"].flatMap((name) => {
          const value = process.env[name];
          return value ? [[name, redact(value)]] : [];
        }),
      ),
    };
  }

  /** A link in the workspace to a file outside of it, and the other way round, both count as the workspace's. */
  #mayRun(file: string): boolean {
    return this.#host.mayRun(file) && this.#host.mayRun(resolved(file));
  }

  /** Credentials belong to a cluster, which has a name of its own only once it has answered. */
  #findPrometheus(settings: Settings, context: string): FindTelemetry {
    const { log, credentials: credentialsOf } = this.#host;
    return async (cluster: ClusterSource, signal: AbortSignal) => {
      const { key } = await cluster.identity(signal);
      const credentials = await credentialsOf(key);
      const source = { ...prometheusFor(settings, context), ...(credentials ? { credentials } : {}) };
      return createFindPrometheus(source, { log, clock: systemClock })(cluster, signal);
    };
  }

  #liveSettings(settings: Settings, namespaces: readonly string[] | undefined): LiveSettings {
    const { windowSeconds, refreshSeconds, appLabels, versionLabels, rowsPerGroup } = settings;
    return {
      ...{ windowSeconds, refreshSeconds, appLabels, versionLabels, namespaces },
      maxNodesPerGroup: rowsPerGroup,
      locale: this.#host.locale,
    };
  }
}

function resolved(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return file; // Not there: then there is nothing to run either.
  }
}
