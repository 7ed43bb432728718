import { textAt } from "../../model/fields.ts";
import { compareSpecific } from "../config/mostSpecific.ts";
import type { GatewayServer } from "../config/gateways.ts";
import { isVisibleIn } from "../config/exportTo.ts";
import type { MeshService } from "../config/meshServices.ts";
import type { RouteConfig } from "../config/routeConfig.ts";
import { serverHostsFor, sharedHosts } from "../hostPatterns.ts";
import { destinationHash } from "./hashPolicies.ts";
import { routesOf } from "./httpRoutes.ts";
import type { MergedGateways } from "./mergedGateways.ts";
import type { Route } from "./route.ts";
import type { RouteTable, VirtualHost } from "./routeTable.ts";
import type { SidecarContext } from "./sidecarRoutes.ts";

export interface GatewayContext extends SidecarContext {
  readonly merged: MergedGateways;
}

interface Building {
  readonly name: string;
  readonly domains: string[];
  routes: Route[];
  requiresTls: boolean;
}

/** The routes of a gateway's port (`buildGatewayHTTPRouteConfig`). */
export function gatewayTable(context: GatewayContext, name: string): RouteTable {
  const servers = context.merged.serversByTable.get(name) ?? [];
  const hosts = new Map<string, Building>();
  // Equal routes are the same list, by which hosts with the same routes are told.
  const built = new Map<string, readonly Route[]>();
  for (const server of servers) {
    addRoutes(context, server, { hosts, built });
    if (server.tls?.isRedirect === true) addRedirects(server, hosts);
  }
  const port = servers[0]?.port.number ?? 0;
  if (hosts.size === 0)
    return { name, hosts: [{ name: `blackhole:${port}`, domains: ["*"], routes: [], requiresTls: false }] };
  return { name, hosts: joined(hosts).map(inOrder) };
}

interface Tables {
  readonly hosts: Map<string, Building>;
  readonly built: Map<string, readonly Route[]>;
}

function addRoutes(context: GatewayContext, server: GatewayServer, { hosts, built }: Tables): void {
  const { mesh, proxy } = context;
  const [gatewayNamespace = ""] = server.gateway.split("/");
  for (const config of mesh.routes.forGateway(proxy.namespace, server.gateway)) {
    const own = serverHostsFor(server.hosts, gatewayNamespace, config.namespace);
    const shared = sharedHosts(own, config.hosts);
    if (shared.length === 0) continue;
    const key = `${server.gateway}|${config.name}/${config.namespace}`;
    const routes = built.get(key) ?? routesAt(context, server, config);
    if (routes.length === 0) continue;
    built.set(key, routes);
    for (const host of shared.map((one) => one.toLowerCase())) {
      const isRedirect = server.tls?.isRedirect === true;
      const known = hosts.get(host);
      if (known === undefined)
        hosts.set(host, {
          name: `${host}:${server.port.number}`,
          domains: [host],
          routes: [...routes],
          requiresTls: isRedirect,
        });
      else {
        known.routes.push(...routes);
        known.requiresTls ||= isRedirect;
      }
    }
  }
}

function routesAt(context: GatewayContext, server: GatewayServer, config: RouteConfig): readonly Route[] {
  const { mesh, proxy } = context;
  return routesOf(config, {
    listener: {
      gateway: server.gateway,
      labels: proxy.labels,
      namespace: proxy.namespace,
      port: server.port.number,
    },
    isTls: server.tls !== undefined,
    defaultRetries: mesh.settings.defaultRetries,
    serviceOf: (host) => serviceFor(context, host, config.namespace),
    hashOf: (destination) => {
      const service = context.scope.services.get(textAt(destination, "host") ?? "");
      if (service === undefined) return undefined;
      return destinationHash(mesh.destinationRules.for(service.hostname, service.namespace, proxy), destination);
    },
  });
}

// buildNameToServiceMapForHTTPRoutes: the config's own namespace's service before what the gateway's sees.
function serviceFor({ mesh, proxy, scope }: GatewayContext, host: string, namespace: string): MeshService | undefined {
  const own = mesh.services.ofHost(host).get(namespace);
  if (own !== undefined && isVisibleIn(own.exportTo, proxy.namespace)) return own;
  return scope.services.get(host);
}

function addRedirects(server: GatewayServer, hosts: Map<string, Building>): void {
  for (const host of server.hosts.map((one) => one.toLowerCase())) {
    const known = hosts.get(host);
    if (known !== undefined) known.requiresTls = true;
    else hosts.set(host, { name: `${host}:${server.port.number}`, domains: [host], routes: [], requiresTls: true });
  }
}

// collapseDuplicateRoutes: hosts with the same routes become one, named after the most specific.
function joined(hosts: ReadonlyMap<string, Building>): readonly Building[] {
  const kept: Building[] = [];
  const last = new Map<string, Building>();
  const ids = new Map<Route, number>();
  for (const [, host] of [...hosts].sort(([a], [b]) => compareSpecific(a, b))) {
    const key = host.routes.map((route) => idOf(route, ids)).join(",");
    const same = last.get(key);
    if (same !== undefined && same.requiresTls === host.requiresTls) same.domains.push(...host.domains);
    else {
      kept.push(host);
      last.set(key, host);
    }
  }
  return kept;
}

function idOf(route: Route, ids: Map<Route, number>): number {
  const known = ids.get(route);
  if (known !== undefined) return known;
  ids.set(route, ids.size);
  return ids.size - 1;
}

// SortVHostRoutes.
function inOrder(host: Building): VirtualHost {
  const routes = [
    ...host.routes.filter(({ match }) => !match.isCatchAll),
    ...host.routes.filter(({ match }) => match.isCatchAll),
  ];
  return { ...host, routes };
}
