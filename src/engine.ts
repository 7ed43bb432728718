import { createHash } from "node:crypto";
import { realpathSync } from "node:fs";
import { homedir } from "node:os";
import type { ConnectRequest, ContextList, Engine, EngineHost } from "./editor/engine.ts";
import { DrilldownHost } from "./editor/pages/drilldownHost.ts";
import type { DrilldownDesk, DrilldownServer } from "./editor/pages/drilldownServer.ts";
import { levelReader } from "./editor/pages/levelReader.ts";
import { TopologyHost } from "./editor/pages/topologyHost.ts";
import { ListsHost } from "./editor/pages/listsHost.ts";
import type { ListsDesk, ListsServer } from "./editor/pages/listsServer.ts";
import type { TopologyDesk, TopologyServer } from "./editor/pages/topologyServer.ts";
import { prometheusFor, type Settings } from "./editor/settings.ts";
import type { Disposable } from "./mesh/disposer.ts";
import { createLiveMesh, type LiveSettings } from "./mesh/live/createLiveMesh.ts";
import type { LiveMesh } from "./mesh/live/liveMesh.ts";
import { readTolerances, type Tolerances } from "./mesh/health/tolerances.ts";
import type { ClusterSource, FindTelemetry } from "./mesh/ports.ts";
import { redact } from "./mesh/redact.ts";
import { createDemoMesh } from "./sources/demo/demoMesh.ts";
import { readDemoProxyStatus } from "./sources/demo/proxyStatus.ts";
import { createReadProxyStatus } from "./sources/istiod/readProxyStatus.ts";
import { readKubeconfig, watchKubeconfig, type Kubeconfig } from "./sources/kubernetes/kubeconfig/kubeconfig.ts";
import { openCluster } from "./sources/kubernetes/openCluster.ts";
import { systemClock } from "./sources/kubernetes/systemClock.ts";
import { createFindPrometheus } from "./sources/prometheus/findPrometheus.ts";

/** Everything heavy, put together. The cluster client itself is loaded later still, by the first connection. */
export function createEngine(host: EngineHost): Engine {
  return new SourceEngine(host);
}

class SourceEngine implements Engine {
  readonly #host: EngineHost;
  /** What the editor holds is a list without secrets; this is what it was made from. */
  readonly #readings = new WeakMap<ContextList, Kubeconfig>();

  constructor(host: EngineHost) {
    this.#host = host;
  }

  async readContexts(files: readonly string[]): Promise<ContextList> {
    const read = await readKubeconfig({ files, env: process.env, home: homedir() });
    const list: ContextList = {
      files: read.files,
      currentContext: read.currentContext,
      contexts: read.contexts.map((entry) => ({
        ...entry,
        server: entry.server && redact(entry.server),
        definition: definitionOf(read, entry),
        runsProgramOf: this.#programFileOf(read, entry),
      })),
      problems: read.problems,
    };
    this.#readings.set(list, read);
    return list;
  }

  watchContexts(list: ContextList, onChange: () => void): Disposable {
    return watchKubeconfig(this.#readingOf(list), onChange);
  }

  connect({ list, contexts, expectedKeys, settings, namespaces }: ConnectRequest): LiveMesh {
    const kubeconfig = this.#readingOf(list);
    const { log } = this.#host;
    const options = { log, clock: systemClock, mayRun: (file: string) => this.#mayRun(file) };
    return createLiveMesh({
      clusters: contexts.map((context) => ({
        source: openCluster(kubeconfig, context, options),
        findTelemetry: this.#findPrometheus(settings, context),
        defaultNamespace: kubeconfig.contexts.find(({ name }) => name === context)?.namespace,
        expectedKey: expectedKeys.get(context),
      })),
      clock: systemClock,
      log,
      settings: this.#liveSettings(settings, namespaces),
      readProxyStatus: createReadProxyStatus(systemClock),
    });
  }

  connectDemo({ settings, namespaces }: Pick<ConnectRequest, "settings" | "namespaces">): LiveMesh {
    const { clusters, findTelemetry } = createDemoMesh({ clock: systemClock });
    return createLiveMesh({
      clusters: clusters.map((source) => ({ source, findTelemetry, defaultNamespace: undefined })),
      clock: systemClock,
      log: this.#host.log,
      settings: this.#liveSettings(settings, namespaces),
      readProxyStatus: readDemoProxyStatus,
    });
  }

  serveTopology(desk: TopologyDesk): TopologyServer {
    return new TopologyHost(desk, systemClock);
  }

  serveDrilldown(desk: DrilldownDesk): DrilldownServer {
    return new DrilldownHost(desk, systemClock, levelReader);
  }

  serveLists(desk: ListsDesk): ListsServer {
    return new ListsHost(desk, systemClock);
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

  #readingOf(list: ContextList): Kubeconfig {
    const kubeconfig = this.#readings.get(list);
    if (!kubeconfig) throw new Error("contexts are taken from a list that was read here");
    return kubeconfig;
  }

  /** A link in the workspace to a file outside of it, and the other way round, both count as the workspace's. */
  #mayRun(file: string): boolean {
    return this.#host.mayRun(file) && this.#host.mayRun(resolved(file));
  }

  #programFileOf({ users }: Kubeconfig, { user }: Kubeconfig["contexts"][number]): string | undefined {
    const defined = users.get(user);
    return defined?.fields.exec && this.#mayRun(defined.file) ? defined.file : undefined;
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

  #tolerances({ healthRules }: Settings): Tolerances {
    const tolerances = readTolerances(healthRules);
    if (tolerances.problems.length > 0) this.#host.complain?.(tolerances.problems);
    return tolerances;
  }

  #liveSettings(settings: Settings, namespaces: readonly string[] | undefined): LiveSettings {
    const { windowSeconds, refreshSeconds, appLabels, versionLabels, rowsPerGroup } = settings;
    return {
      ...{ windowSeconds, refreshSeconds, appLabels, versionLabels, namespaces },
      maxNodesPerGroup: rowsPerGroup,
      tolerances: this.#tolerances(settings),
      locale: this.#host.locale,
    };
  }
}

/** A digest, because what it is made of holds secrets. */
function definitionOf(
  { clusters, users }: Kubeconfig,
  { cluster, user, namespace }: Kubeconfig["contexts"][number],
): string {
  const parts = [clusters.get(cluster), users.get(user), namespace];
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}

function resolved(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return file; // Not there: then there is nothing to run either.
  }
}
