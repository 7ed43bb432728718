import { listAt, countAt, textsAt } from "../../model/fields.ts";
import { endsHttps, isPassthrough, type GatewayServer } from "../config/gateways.ts";
import { isHttp } from "../../model/portProtocol.ts";
import { anyAddress } from "../config/meshServices.ts";
import type { RouteConfig, RouteRule } from "../config/routeConfig.ts";
import { hostsOverlap } from "../hostPatterns.ts";
import { gatewayTable, type GatewayContext } from "./gatewayRoutes.ts";
import { mergeGateways, type ServerGroup } from "./mergedGateways.ts";
import type { FilterChain, ProxyListener } from "./routeTable.ts";
import { streamOf } from "./sidecarStreams.ts";

type Base = Omit<GatewayContext, "merged">;

/** The listeners of a gateway's pod, by name (`buildGatewayListeners`). */
export function gatewayListeners(base: Base): ReadonlyMap<string, ProxyListener> {
  const merged = mergeGateways(base.mesh, base.proxy);
  const context: GatewayContext = { ...base, merged };
  const listeners = new Map<string, { readonly port: number; readonly chains: FilterChain[] }>();
  const sniHosts = new Map<number, Map<string, string>>();
  for (const group of merged.groups) {
    const name = `${group.bind === "" ? anyAddress : group.bind}_${group.port}`;
    const listener = listeners.get(name) ?? { port: group.port, chains: [] };
    listeners.set(name, listener);
    listener.chains.push(...chainsOf(context, group, sniHosts));
  }
  return new Map(
    [...listeners]
      .filter(([, { chains }]) => chains.length > 0)
      .map(([name, { port, chains }]) => [name, { name, port, chains, fallback: undefined }]),
  );
}

type SniHosts = Map<number, Map<string, string>>;

function chainsOf(context: GatewayContext, group: ServerGroup, sniHosts: SniHosts): readonly FilterChain[] {
  if (isHttp(group.protocol)) return [httpChain(context, group.tableName, [], false)];
  return group.servers.flatMap((server) => {
    if (endsHttps(server)) {
      const names = withoutNamespaces(server.hosts);
      return [httpChain(context, context.merged.tableOf.get(server) ?? "", names, true)];
    }
    if (server.tls !== undefined && isPassthrough(server)) return tlsChains(context, server, group.port, sniHosts);
    const chain = tcpChain(context, server);
    return chain === undefined ? [] : [chain];
  });
}

function httpChain(
  context: GatewayContext,
  tableName: string,
  serverNames: readonly string[],
  isTls: boolean,
): FilterChain {
  return { kind: "http", serverNames, isTls, table: () => gatewayTable(context, tableName) };
}

function withoutNamespaces(hosts: readonly string[]): readonly string[] {
  const names = hosts.map((host) => host.slice(host.indexOf("/") + 1)).sort();
  return names.includes("*") ? [] : names;
}

// buildGatewayNetworkFiltersFromTCPRoutes: the first rule of the first config counts.
function tcpChain(context: GatewayContext, server: GatewayServer): FilterChain | undefined {
  for (const config of configsFor(context, server)) {
    const rule =
      config.tcp.find((one) => hasRoute(one) && isTcpMatch(one, server)) ??
      (config.isGatewayApi ? config.tls.find((one) => isTcpMatch(one, server)) : undefined);
    if (rule === undefined) continue;
    const serverNames = server.tls === undefined ? [] : withoutNamespaces(server.hosts);
    return { kind: "stream", ...streamAt(context, server, rule), serverNames };
  }
  return undefined;
}

// buildGatewayNetworkFiltersFromTLSRoutes: a server name that an earlier rule has takes the whole match away.
function tlsChains(
  context: GatewayContext,
  server: GatewayServer,
  port: number,
  sniHosts: SniHosts,
): readonly FilterChain[] {
  const known = sniHosts.get(port) ?? new Map<string, string>();
  sniHosts.set(port, known);
  const chains: FilterChain[] = [];
  for (const rule of configsFor(context, server).flatMap(({ tls }) => tls)) {
    if (!hasRoute(rule)) continue;
    for (const match of listAt(rule.rule, "match")) {
      const names = textsAt(match, "sniHosts");
      if (!isMatch(match, server) || names.some((name) => known.get(name) === server.bind)) continue;
      for (const name of names) known.set(name, server.bind);
      const serverNames = names.includes("*") ? [] : [...names].sort();
      chains.push({ kind: "stream", ...streamAt(context, server, rule), serverNames });
    }
  }
  return chains;
}

function streamAt({ scope }: GatewayContext, server: GatewayServer, rule: RouteRule) {
  return streamOf(rule, { serviceOf: (host) => scope.services.get(host), port: server.port.number });
}

function hasRoute(rule: RouteRule): boolean {
  return listAt(rule.rule, "route").length > 0;
}

// pickMatchingGatewayHosts.
function configsFor({ mesh, proxy }: GatewayContext, server: GatewayServer): readonly RouteConfig[] {
  return mesh.routes.forGateway(proxy.namespace, server.gateway).filter((config) =>
    server.hosts.some((entry) => {
      const slash = entry.indexOf("/");
      if (slash >= 0 && entry.slice(0, slash) !== config.namespace) return false;
      return config.hosts.some((host) => hostsOverlap(entry.slice(slash + 1), host));
    }),
  );
}

function isTcpMatch(rule: RouteRule, server: GatewayServer): boolean {
  const matches = listAt(rule.rule, "match");
  return matches.length === 0 || matches.some((match) => isMatch(match, server));
}

// l4SingleMatch.
function isMatch(match: unknown, server: GatewayServer): boolean {
  const port = countAt(match, "port") ?? 0;
  const gateways = textsAt(match, "gateways");
  return (port === 0 || port === server.port.number) && (gateways.length === 0 || gateways.includes(server.gateway));
}
