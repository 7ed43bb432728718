import type { RoutingMesh } from "../config/routingMesh.ts";
import { portNumbered } from "../config/meshServices.ts";
import { clusterParts, passthroughCluster } from "../proxy/cluster.ts";
import { gatewayListeners } from "../proxy/gatewayListeners.ts";
import type { Proxy } from "../proxy/proxy.ts";
import type { ProxyListener, RouteTable } from "../proxy/routeTable.ts";
import { sidecarListeners } from "../proxy/sidecarListeners.ts";
import type { SidecarContext } from "../proxy/sidecarRoutes.ts";
import { gatewayScope, sidecarFor, sidecarScope, type SidecarScope } from "../proxy/sidecarScope.ts";

/** What istiod gives one proxy, built where it is asked for. */
export class ProxyConfiguration {
  readonly context: SidecarContext;
  #listeners: ReadonlyMap<string, ProxyListener> | undefined;
  readonly #tables = new Map<() => RouteTable, RouteTable>();

  constructor(mesh: RoutingMesh, proxy: Proxy, scope: SidecarScope) {
    this.context = { mesh, proxy, scope };
  }

  get listeners(): ReadonlyMap<string, ProxyListener> {
    const { proxy } = this.context;
    this.#listeners ??= proxy.kind === "gateway" ? gatewayListeners(this.context) : sidecarListeners(this.context);
    return this.#listeners;
  }

  /** The routes of a chain. */
  table(build: () => RouteTable): RouteTable {
    const known = this.#tables.get(build);
    if (known !== undefined) return known;
    const table = build();
    this.#tables.set(build, table);
    return table;
  }

  /** True if the proxy knows the cluster: the service is in its scope, with the port and the subset. */
  hasCluster(name: string): boolean {
    if (name === passthroughCluster || name === "BlackHoleCluster") return true;
    const parts = clusterParts(name);
    if (parts === undefined) return false;
    const { mesh, proxy, scope } = this.context;
    const service = scope.services.get(parts.host);
    if (service === undefined || service.resolution === "alias") return false;
    const port = portNumbered(service, parts.port);
    if (port === undefined || port.protocol === "UDP") return false;
    if (parts.subset === "") return true;
    const rule = mesh.destinationRules.for(service.hostname, service.namespace, proxy);
    return rule?.subsets.some((subset) => subset["name"] === parts.subset) ?? false;
  }
}

/** The configurations of a mesh's proxies; those of one Sidecar's or namespace's share what they see. */
export class ProxyConfigurations {
  readonly #mesh: RoutingMesh;
  readonly #scopes = new Map<string, SidecarScope>();
  readonly #known = new Map<string, ProxyConfiguration>();

  constructor(mesh: RoutingMesh) {
    this.#mesh = mesh;
  }

  for(proxy: Proxy): ProxyConfiguration {
    const labels = Object.entries(proxy.labels).sort(([a], [b]) => (a < b ? -1 : 1));
    const key = JSON.stringify([proxy.kind, proxy.namespace, labels]);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    if (this.#known.size >= mostKept) this.#known.clear();
    const configuration = new ProxyConfiguration(this.#mesh, proxy, this.#scopeOf(proxy));
    this.#known.set(key, configuration);
    return configuration;
  }

  #scopeOf(proxy: Proxy): SidecarScope {
    const sidecar = proxy.kind === "gateway" ? undefined : sidecarFor(this.#mesh, proxy);
    const key = JSON.stringify([proxy.kind, proxy.namespace, sidecar?.namespace, sidecar?.name]);
    const known = this.#scopes.get(key);
    if (known !== undefined) return known;
    const scope =
      proxy.kind === "gateway"
        ? gatewayScope(this.#mesh, proxy.namespace)
        : sidecarScope(this.#mesh, proxy.namespace, sidecar);
    this.#scopes.set(key, scope);
    return scope;
  }
}

const mostKept = 256;
