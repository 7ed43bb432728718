import { countAt, fieldsAt, fieldsOf, listAt, textAt, textMapAt, textsAt } from "../../model/fields.ts";
import { hasLabels } from "../../model/labelSelector.ts";
import type { ConfigObject } from "../config/configObject.ts";
import { protocolNamed, type PortProtocol } from "../../model/portProtocol.ts";
import { portNumbered, type MeshService } from "../config/meshServices.ts";
import { mostSpecific } from "../config/mostSpecific.ts";
import { destinationsOf, type RouteConfig } from "../config/routeConfig.ts";
import { consumersFirst } from "../config/routeIndex.ts";
import type { RoutingMesh } from "../config/routingMesh.ts";
import { meshGateway } from "../gatewayNames.ts";
import { isWildcard } from "../hostPatterns.ts";
import { ImportedHosts } from "./importedHosts.ts";
import type { Proxy } from "./proxy.ts";
import { ScopeServices } from "./scopeServices.ts";

/** What one egress listener of a Sidecar lets a proxy see; without a Sidecar there is one that lets it see all. */
export interface EgressListener {
  /** undefined: for all ports that no other listener names. */
  readonly port: { readonly number: number; readonly protocol: PortProtocol; readonly name: string } | undefined;
  /** An address to bind to; "" for the usual. */
  readonly bind: string;
  readonly bindsToPort: boolean;
  readonly services: readonly MeshService[];
  readonly routes: readonly RouteConfig[];
  /** By host of a service, the config whose host is the most specific of those that take it. */
  readonly owners: ReadonlyMap<string, RouteConfig>;
}

/** What istiod lets a proxy see of the mesh. */
export interface SidecarScope {
  /** The Sidecar resource; undefined where none applies. */
  readonly sidecar: ConfigObject | undefined;
  readonly listeners: readonly EgressListener[];
  /** By host: what it gets clusters for. */
  readonly services: ReadonlyMap<string, MeshService>;
  readonly allowsUnknownHosts: boolean;
  /** networking.istio.io's Destination of `outboundTrafficPolicy.egressProxy`. */
  readonly egressProxy: Readonly<Record<string, unknown>> | undefined;
}

/** The Sidecar resource for a pod: of its namespace, else the root namespace's without a selector (`getSidecarScope`). */
export function sidecarFor(mesh: RoutingMesh, proxy: Proxy): ConfigObject | undefined {
  const own = mesh.sidecars.find(
    ({ namespace, spec }) =>
      namespace === proxy.namespace && hasLabels(proxy.labels, textMapAt(fieldsAt(spec, "workloadSelector"), "labels")),
  );
  if (own !== undefined) return own;
  return mesh.sidecars.find(
    ({ namespace, spec }) => namespace === mesh.settings.rootNamespace && spec["workloadSelector"] === undefined,
  );
}

/** The scope of a sidecar whose Sidecar resource is `sidecar` (`convertToSidecarScope`). */
export function sidecarScope(mesh: RoutingMesh, namespace: string, sidecar: ConfigObject | undefined): SidecarScope {
  const said = listAt(sidecar?.spec, "egress");
  const egress = said.length === 0 ? [{ hosts: ["*/*"] }] : said;
  const listeners = egress.map((listener) => readEgress(mesh, namespace, listener));
  const policy = sidecar?.spec["outboundTrafficPolicy"];
  const services = new ScopeServices();
  for (const listener of listeners) {
    for (const service of listener.services) services.add(service);
    for (const routes of listener.routes) addDestinations(services, mesh, namespace, { routes, listener });
  }
  const egressProxy = fieldsOf(policy)["egressProxy"];
  return {
    sidecar,
    listeners,
    services: services.byHost,
    allowsUnknownHosts:
      policy === undefined ? mesh.settings.allowsUnknownHosts : textAt(policy, "mode") === "ALLOW_ANY",
    egressProxy: egressProxy === undefined ? undefined : fieldsOf(egressProxy),
  };
}

/** The scope of gateways in a namespace: all that is exported to it (`DefaultSidecarScopeForGateway`). */
export function gatewayScope(mesh: RoutingMesh, namespace: string): SidecarScope {
  const services = new ScopeServices();
  for (const service of mesh.services.visibleIn(namespace)) services.add(service);
  return {
    sidecar: undefined,
    listeners: [],
    services: services.byHost,
    allowsUnknownHosts: mesh.settings.allowsUnknownHosts,
    egressProxy: undefined,
  };
}

function readEgress(mesh: RoutingMesh, namespace: string, listener: unknown): EgressListener {
  const said = fieldsAt(listener, "port");
  const number = countAt(said, "number");
  const protocol = protocolNamed(textAt(said, "protocol") ?? "");
  const port = number === undefined ? undefined : { number, protocol, name: textAt(said, "name") ?? "" };
  const needsPort = port !== undefined && number !== 0 && protocol !== "HTTP_PROXY";
  const hosts = new ImportedHosts(textsAt(listener, "hosts"), namespace);
  const services = importedServices(mesh, namespace, hosts, needsPort ? number : undefined);
  const routes = mesh.routes
    .tiers(namespace, meshGateway)
    .flatMap((tier) => consumersFirst(tier, namespace))
    .filter((config) => hosts.hasRoutes(config.hosts, config.namespace, config.isGatewayApi));
  return {
    port,
    bind: textAt(listener, "bind") ?? "",
    bindsToPort: textAt(listener, "captureMode") === "NONE",
    services,
    routes: [...new Set(routes)],
    owners: ownersOf(services, routes),
  };
}

// selectServices: of several namespaces' services of one host the client's own counts, then a Kubernetes Service.
function importedServices(
  mesh: RoutingMesh,
  namespace: string,
  hosts: ImportedHosts,
  port: number | undefined,
): readonly MeshService[] {
  const imported = mesh.services
    .visibleIn(namespace)
    .filter((service) => hosts.hasService(service.hostname, service.namespace))
    .flatMap((service) => (port === undefined ? [service] : atPorts(service, new Set([port]))))
    .map((service) => withVisibleAliases(service, hosts));
  const chosen = new Map<string, MeshService>();
  for (const service of imported) {
    const known = chosen.get(service.hostname);
    const isBetter =
      known === undefined ||
      service.namespace === namespace ||
      (!known.isKubernetes && service.isKubernetes && known.namespace !== namespace);
    if (isBetter) chosen.set(service.hostname, service);
  }
  return imported.filter((service) => chosen.get(service.hostname)?.namespace === service.namespace);
}

function withVisibleAliases(service: MeshService, hosts: ImportedHosts): MeshService {
  if (service.aliases.length === 0) return service;
  const aliases = service.aliases.filter((alias) => hosts.hasService(alias, service.namespace));
  return aliases.length === service.aliases.length ? service : { ...service, aliases };
}

function atPorts(service: MeshService, numbers: ReadonlySet<number>): readonly MeshService[] {
  const ports = service.ports.filter(({ number }) => numbers.has(number));
  if (ports.length === service.ports.length) return [service];
  return ports.length === 0 ? [] : [{ ...service, ports }];
}

// collectImportedServices: what a visible rule forwards to is visible too, whatever the hosts of the Sidecar are.
function addDestinations(
  services: ScopeServices,
  mesh: RoutingMesh,
  namespace: string,
  { routes, listener }: { readonly routes: RouteConfig; readonly listener: EgressListener },
): void {
  for (const [host, ports] of destinationsOf(routes, namespace)) {
    const service = mesh.services.bestFor(host, namespace);
    if (service === undefined) continue;
    if (listener.port !== undefined && listener.port.protocol !== "HTTP_PROXY") {
      const { number } = listener.port;
      if (portNumbered(service, number) !== undefined)
        for (const part of atPorts(service, new Set([number]))) services.add(part);
    } else for (const part of ports.has(0) ? [service] : atPorts(service, ports)) services.add(part);
  }
}

// computeWildcardHostVirtualServiceIndex.
function ownersOf(services: readonly MeshService[], routes: readonly RouteConfig[]): ReadonlyMap<string, RouteConfig> {
  const exact = new Map<string, RouteConfig>();
  const wildcard = new Map<string, RouteConfig>();
  for (const config of routes) {
    for (const host of config.hosts) {
      const hosts = isWildcard(host) ? wildcard : exact;
      if (!hosts.has(host)) hosts.set(host, config);
    }
  }
  const owners = new Map<string, RouteConfig>();
  if (wildcard.size === 0 && exact.size === 0) return owners;
  for (const { hostname } of services) {
    const owner = mostSpecific(hostname, { exact, wildcard });
    if (owner !== undefined) owners.set(hostname, owner);
  }
  return owners;
}
