import { countAt, fieldsAt, fieldsOf, listAt, textAt, textMapAt, textsAt } from "../../model/fields.ts";
import { hasLabels } from "../../model/labelSelector.ts";
import { anyAddress, type MeshService, type MeshServicePort } from "../config/meshServices.ts";
import { isTls } from "../../model/portProtocol.ts";
import type { RouteConfig, RouteRule } from "../config/routeConfig.ts";
import { meshGateway } from "../gatewayNames.ts";
import { hostsOverlap } from "../hostPatterns.ts";
import type { ChainPlan } from "./chainPlan.ts";
import { clusterName, destinationCluster } from "./cluster.ts";
import { serviceDomains } from "./domains.ts";
import type { StreamChain } from "./routeTable.ts";
import type { SidecarContext } from "./sidecarRoutes.ts";
import type { EgressListener } from "./sidecarScope.ts";

interface ServicePort {
  readonly egress: EgressListener;
  readonly service: MeshService;
  readonly port: MeshServicePort;
}

interface Binding {
  readonly bind: string;
  readonly subnets: readonly string[];
}

/** The TCP or TLS chains of a service's port at a sidecar (`buildSidecarOutboundTCPListenerOpts`). */
export function plansOfService(context: SidecarContext, at: ServicePort, binding: Binding): readonly ChainPlan[] {
  const configs = at.egress.routes.filter((config) =>
    config.hosts.some((host) => hostsOverlap(host, at.service.hostname)),
  );
  const chains = isTls(at.port.protocol)
    ? tlsChains(context, at, { ...binding, configs })
    : tcpChains(context, at, { ...binding, configs });
  return chains.map((chain) => ({ chain: { kind: "stream", ...chain }, isPlainHttp: false }));
}

interface ConfiguredBinding extends Binding {
  readonly configs: readonly RouteConfig[];
}

// buildSidecarOutboundTLSFilterChainOpts: a rule's subnets stay in force for the matches after it.
function tlsChains(context: SidecarContext, at: ServicePort, binding: ConfiguredBinding): readonly StreamChain[] {
  const chains: StreamChain[] = [];
  const seen = new Set<string>();
  let { subnets } = binding;
  for (const rule of binding.configs.flatMap(({ tls }) => tls)) {
    if (listAt(rule.rule, "route").length === 0) continue;
    for (const match of listAt(rule.rule, "match")) {
      if (!isForProxy(match, context, at.port.number)) continue;
      const own = textsAt(match, "destinationSubnets");
      if (own.length > 0) subnets = own;
      const serverNames = textsAt(match, "sniHosts");
      const key = `${serverNames.join(",")}|${own.join(",")}`;
      if (seen.has(key)) continue;
      seen.add(key);
      chains.push({ ...ruleChain(context, at, rule), serverNames: [...serverNames].sort(), subnets });
    }
  }
  if (chains.length > 0) return chains;
  return [{ ...ownChain(at), serverNames: ownServerNames(context, at, binding), subnets: binding.subnets }];
}

function ownServerNames({ proxy }: SidecarContext, { service }: ServicePort, binding: Binding): readonly string[] {
  const address = service.address.includes("/") ? "" : service.address;
  const isNamed =
    binding.subnets.length > 0 || address === "" || (address === anyAddress && binding.bind === anyAddress);
  if (!isNamed) return [];
  const aliases = service.aliases.flatMap((alias) => [
    ...serviceDomains({ ...service, hostname: alias, aliases: [], address: anyAddress }, proxy.namespace).all,
  ]);
  return [service.hostname, ...aliases].sort();
}

// buildSidecarOutboundTCPFilterChainOpts.
function tcpChains(context: SidecarContext, at: ServicePort, binding: ConfiguredBinding): readonly StreamChain[] {
  const chains: StreamChain[] = [];
  for (const rule of binding.configs.flatMap(({ tcp }) => tcp)) {
    if (listAt(rule.rule, "route").length === 0) continue;
    const matches = listAt(rule.rule, "match").filter((match) => isForProxy(match, context, at.port.number));
    const isOpen = listAt(rule.rule, "match").length === 0;
    if (isOpen || matches.some((match) => listAt(match, "destinationSubnets").length === 0)) {
      chains.push({ ...ruleChain(context, at, rule), subnets: binding.subnets });
      return chains;
    }
    const subnets = matches.flatMap((match) => textsAt(match, "destinationSubnets")).sort();
    if (subnets.length === 0) continue;
    chains.push({ ...ruleChain(context, at, rule), subnets, namesSource: false });
    if (subnets.join(",") === [...binding.subnets].sort().join(",")) return chains;
  }
  return [...chains, { ...ownChain(at), subnets: binding.subnets }];
}

/** `matchTLS`, `matchTCP`. */
function isForProxy(match: unknown, { proxy }: SidecarContext, port: number): boolean {
  const gateways = textsAt(match, "gateways");
  const said = countAt(match, "port") ?? 0;
  return (
    (gateways.length === 0 || gateways.includes(meshGateway)) &&
    hasLabels(proxy.labels, textMapAt(match, "sourceLabels")) &&
    (said === 0 || said === port) &&
    (textAt(match, "sourceNamespace") ?? proxy.namespace) === proxy.namespace
  );
}

function ruleChain({ scope }: SidecarContext, { port }: ServicePort, rule: RouteRule): StreamChain {
  const serviceOf = (host: string): MeshService | undefined => scope.services.get(host);
  return { ...streamOf(rule, { serviceOf, port: port.number }), namesSource: true };
}

/** A rule's destinations for connections (`buildOutboundNetworkFilters`). */
export function streamOf(
  rule: RouteRule,
  at: { readonly serviceOf: (host: string) => MeshService | undefined; readonly port: number },
): StreamChain {
  const routes = listAt(rule.rule, "route");
  const clusterOf = (route: unknown): string => {
    const destination = fieldsAt(route, "destination");
    return destinationCluster(destination, at.serviceOf(textAt(destination, "host") ?? ""), at.port);
  };
  const weighted = routes.flatMap((route) => {
    const { weight } = fieldsOf(route);
    return typeof weight === "number" && weight > 0 ? [{ cluster: clusterOf(route), weight }] : [];
  });
  const destinations = routes.length === 1 ? [{ cluster: clusterOf(routes[0]), weight: 100 }] : weighted;
  return { serverNames: [], subnets: [], destinations, rule, namesSource: false };
}

function ownChain({ service, port }: ServicePort): StreamChain {
  const [only, ...more] = service.ports;
  const number = only !== undefined && more.length === 0 ? only.number : port.number;
  const cluster = clusterName(service.hostname, number, "");
  return {
    serverNames: [],
    subnets: [],
    destinations: [{ cluster, weight: 100 }],
    rule: undefined,
    namesSource: false,
  };
}
