import { mayBeHttp } from "../../model/portProtocol.ts";
import { portNumbered, type MeshService, type MeshServicePort } from "../config/meshServices.ts";
import type { RouteConfig } from "../config/routeConfig.ts";
import type { RoutingMesh } from "../config/routingMesh.ts";
import { textAt } from "../../model/fields.ts";
import { meshGateway } from "../gatewayNames.ts";
import { hostsOverlap, isWildcard } from "../hostPatterns.ts";
import { destinationCluster, passthroughCluster } from "./cluster.ts";
import { serviceDomains } from "./domains.ts";
import { destinationHash, serviceHash } from "./hashPolicies.ts";
import { defaultRoute, plainForward, plainRoute, routesOf } from "./httpRoutes.ts";
import type { Proxy } from "./proxy.ts";
import type { RouteTable, VirtualHost } from "./routeTable.ts";
import type { EgressListener, SidecarScope } from "./sidecarScope.ts";
import type { Route } from "./route.ts";

export interface SidecarContext {
  readonly mesh: RoutingMesh;
  readonly proxy: Proxy;
  readonly scope: SidecarScope;
}

/** A service with its one port of a listener. */
interface PortedService {
  readonly service: MeshService;
  readonly port: MeshServicePort;
}

/** The routes of all HTTP services of a port (`BuildSidecarOutboundVirtualHosts`). */
export function sidecarTable(context: SidecarContext, listener: EgressListener, port: number): RouteTable {
  return { name: String(port), hosts: [...virtualHosts(context, listener, port), unknownHost(context.scope)] };
}

/** The routes of a listener of one service's own address: whatever name the request says, that service's. */
export function serviceTable(
  context: SidecarContext,
  listener: EgressListener,
  service: MeshService,
  port: number,
): RouteTable {
  const name = `${service.hostname}:${port}`;
  const own = virtualHosts(context, listener, port).filter(({ domains }) => domains.includes(service.hostname));
  const [only, ...more] = own;
  return { name, hosts: only === undefined || more.length > 0 ? own : [{ ...only, domains: ["*"] }] };
}

interface Wrapper {
  readonly hosts: readonly string[];
  readonly services: readonly PortedService[];
  readonly routes: readonly Route[];
}

function virtualHosts(context: SidecarContext, listener: EgressListener, port: number): readonly VirtualHost[] {
  const known = new Map<string, PortedService>();
  for (const service of listener.services) {
    const own = portNumbered(service, port);
    if (own !== undefined)
      known.set(service.hostname.toLowerCase(), { service: { ...service, ports: [own] }, port: own });
  }
  // Hosts that are no known service count on port 80 only.
  const routes = port === 80 ? listener.routes : listener.routes.filter((config) => isForSome(config, known));
  const wrappers = routes.flatMap((config) => wrapperOf(config, { context, listener, port, known }));
  const taken = new Set(wrappers.flatMap(({ services }) => services.map(({ service }) => service)));
  for (const ported of known.values()) {
    if (taken.has(ported.service) || ported.service.resolution === "alias" || !mayBeHttp(ported.port.protocol))
      continue;
    wrappers.push({ hosts: [], services: [ported], routes: [ownRoute(context, ported)] });
  }
  return hostsOf(wrappers, context.proxy.namespace, port);
}

// selectVirtualServices.
function isForSome(config: RouteConfig, known: ReadonlyMap<string, PortedService>): boolean {
  return config.hosts.some((host) => {
    const name = host.toLowerCase();
    if (known.has(name)) return true;
    for (const service of known.keys()) {
      if ((isWildcard(name) || isWildcard(service)) && hostsOverlap(name, service)) return true;
    }
    return false;
  });
}

interface WrapperContext {
  readonly context: SidecarContext;
  readonly listener: EgressListener;
  readonly port: number;
  readonly known: ReadonlyMap<string, PortedService>;
}

// buildSidecarVirtualHostsForVirtualService.
function wrapperOf(config: RouteConfig, { context, listener, port, known }: WrapperContext): readonly Wrapper[] {
  const { mesh, proxy } = context;
  const routes = routesOf(config, {
    listener: { gateway: meshGateway, labels: proxy.labels, namespace: proxy.namespace, port },
    isTls: false,
    defaultRetries: mesh.settings.defaultRetries,
    serviceOf: (host) => known.get(host)?.service,
    hashOf: (destination) => hashFor(context, destination),
  });
  if (routes.length === 0) return [];
  const { hosts, services } = hostsAndServices(config, listener, known);
  // A route of the Gateway API is for clients of its own namespace, or for services of its own.
  const isConsumer = proxy.namespace === config.namespace;
  const visible = config.isGatewayApi
    ? services.filter(({ service }) => isConsumer || service.namespace === config.namespace)
    : services;
  if (config.isGatewayApi && visible.length === 0) return [];
  const http = visible.filter((ported) => mayBeHttp(ported.port.protocol));
  return http.length === 0 && port !== 80 ? [] : [{ hosts, services: http, routes }];
}

function hashFor({ mesh, proxy, scope }: SidecarContext, destination: unknown) {
  const service = scope.services.get(textAt(destination, "host") ?? "");
  if (service === undefined) return undefined;
  return destinationHash(mesh.destinationRules.for(service.hostname, service.namespace, proxy), destination);
}

// separateVSHostsAndServices: of wildcards that take a service the most specific counts.
function hostsAndServices(
  config: RouteConfig,
  listener: EgressListener,
  known: ReadonlyMap<string, PortedService>,
): { readonly hosts: readonly string[]; readonly services: readonly PortedService[] } {
  const hosts: string[] = [];
  const services: PortedService[] = [];
  const wildcards: string[] = [];
  for (const host of config.hosts.map((name) => name.toLowerCase())) {
    if (isWildcard(host)) {
      wildcards.push(host);
      continue;
    }
    const ported = known.get(host);
    if (ported === undefined) hosts.push(host);
    else services.push(ported);
  }
  for (const wildcard of wildcards) {
    if (config.isGatewayApi) {
      hosts.push(wildcard);
      continue;
    }
    const covered = [...known].filter(([host]) => hostsOverlap(host, wildcard));
    if (covered.length === 0) hosts.push(wildcard);
    services.push(...covered.filter(([host]) => listener.owners.get(host) === config).map(([, ported]) => ported));
  }
  return { hosts, services };
}

function ownRoute(context: SidecarContext, { service, port }: PortedService): Route {
  const { mesh, proxy } = context;
  const rule = mesh.destinationRules.for(service.hostname, service.namespace, proxy);
  const hash = serviceHash(rule, port.number);
  return defaultRoute(service, port.number, { defaultRetries: mesh.settings.defaultRetries, hash });
}

// Names and domains are given once, to whoever comes first (buildVirtualHost, dedupeDomains).
function hostsOf(wrappers: readonly Wrapper[], namespace: string, port: number): readonly VirtualHost[] {
  const names = new Set<string>();
  const taken = new Set<string>();
  const full = new Set(wrappers.flatMap(({ services }) => services.map(({ service }) => service.hostname)));
  const made: VirtualHost[] = [];
  const add = (host: string, routes: readonly Route[], said: readonly string[], short?: ReadonlySet<string>): void => {
    const name = `${host}:${port}`;
    if (names.has(name)) return;
    names.add(name);
    const domains = said
      .map((domain) => domain.toLowerCase())
      .filter((domain) => !taken.has(domain) && !(short?.has(domain) === true && full.has(domain)));
    for (const domain of domains) taken.add(domain);
    if (domains.length > 0) made.push({ name, domains, routes, requiresTls: false });
  };
  for (const { hosts, services, routes } of wrappers) {
    for (const host of hosts) add(host, routes, [host]);
    for (const { service } of services) {
      const { all, short } = serviceDomains({ ...service, hostname: service.hostname.toLowerCase() }, namespace);
      add(service.hostname.toLowerCase(), routes, all, short);
    }
  }
  return made;
}

// buildCatchAllVirtualHost.
function unknownHost(scope: SidecarScope): VirtualHost {
  const named = (name: string, route: Route): VirtualHost => ({
    name,
    domains: ["*"],
    routes: [route],
    requiresTls: false,
  });
  if (!scope.allowsUnknownHosts)
    return named("block_all", plainRoute("block_all", { kind: "direct", status: 502, body: undefined }));
  const { egressProxy } = scope;
  const cluster = egressProxy === undefined ? passthroughCluster : destinationCluster(egressProxy, undefined, 0);
  return named("allow_any", plainRoute("allow_any", plainForward(cluster)));
}
