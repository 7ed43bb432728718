import { isHttp, isTcp, type PortProtocol } from "../../model/portProtocol.ts";
import { anyAddress, type MeshService, type MeshServicePort } from "../config/meshServices.ts";
import { hasConflict, type ChainPlan } from "./chainPlan.ts";
import type { FilterChain, ProxyListener } from "./routeTable.ts";
import { serviceTable, sidecarTable, type SidecarContext } from "./sidecarRoutes.ts";
import type { EgressListener } from "./sidecarScope.ts";
import { plansOfService } from "./sidecarStreams.ts";
import { passthroughCluster } from "./cluster.ts";

interface Entry {
  readonly name: string;
  readonly port: number;
  protocol: PortProtocol;
  plans: ChainPlan[];
  /** Listeners of a Sidecar's explicit ports are left alone by what comes after. */
  isLocked: boolean;
}

/** The outbound listeners of a sidecar, by name (`buildSidecarOutboundListeners`). */
export function sidecarListeners(context: SidecarContext): ReadonlyMap<string, ProxyListener> {
  const entries = new Map<string, Entry>();
  for (const egress of context.scope.listeners) {
    if (egress.port === undefined) for (const entry of entries.values()) entry.isLocked = true;
    for (const service of egress.services) {
      const { port } = egress;
      const ports = port === undefined ? service.ports : [{ ...port, targetPort: undefined }];
      for (const one of ports) addPort(entries, context, { egress, service, port: one });
    }
  }
  return new Map([...entries.values()].map((entry) => [entry.name, listenerOf(entry, context)]));
}

interface ServicePort {
  readonly egress: EgressListener;
  readonly service: MeshService;
  readonly port: MeshServicePort;
}

function addPort(entries: Map<string, Entry>, context: SidecarContext, at: ServicePort): void {
  const { egress, service, port } = at;
  if (service.resolution === "alias" || port.protocol === "UDP") return;
  // Headless services listen at their pods' addresses, which are not known here.
  const isStream = isTcp(port.protocol) || port.protocol === "auto";
  const isHeadless = service.isKubernetes && service.resolution === "passthrough" && service.address === anyAddress;
  if (isStream && isHeadless && egress.bind === "") return;
  const { bind, subnets } = bindOf(at);
  const name = `${bind}_${port.number}`;
  const known = entries.get(name);
  if (known?.isLocked === true) return;
  const plans = plansFor(context, at, { bind, subnets, known });
  if (plans === undefined) return;
  const isWildcardHttp = isHttp(port.protocol) && bind === anyAddress && port.protocol !== "HTTP_PROXY";
  const protocol = isWildcardHttp ? "auto" : port.protocol;
  const isAutoOverHttp = port.protocol === "auto" && known !== undefined && isHttp(known.protocol);
  if (known === undefined || isAutoOverHttp) {
    entries.set(name, { name, port: port.number, protocol, plans: [...plans], isLocked: false });
    return;
  }
  if (isServerFirst(port.protocol, known.protocol)) return;
  for (const plan of plans) if (!known.plans.some((own) => hasConflict(own, plan))) known.plans.push(plan);
  const isMixed = isHttp(port.protocol) || port.protocol === "auto" || isHttp(known.protocol);
  if (isMixed) known.protocol = "auto";
}

function bindOf({ egress, service, port }: ServicePort): {
  readonly bind: string;
  readonly subnets: readonly string[];
} {
  if (egress.bind !== "") return { bind: egress.bind, subnets: [] };
  if (egress.bindsToPort) return { bind: "127.0.0.1", subnets: [] };
  if (isHttp(port.protocol)) return { bind: anyAddress, subnets: [] };
  return service.address.includes("/")
    ? { bind: anyAddress, subnets: [service.address] }
    : { bind: service.address, subnets: [] };
}

interface Binding {
  readonly bind: string;
  readonly subnets: readonly string[];
  readonly known: Entry | undefined;
}

// undefined: the listener that is there already serves this service too.
function plansFor(context: SidecarContext, at: ServicePort, binding: Binding): readonly ChainPlan[] | undefined {
  const { port } = at;
  const { known } = binding;
  if (isHttp(port.protocol)) {
    if (known !== undefined && !isTcp(known.protocol)) return undefined;
    return [httpPlan(context, at, binding)];
  }
  const streams = plansOfService(context, at, binding);
  if (port.protocol !== "auto") return streams;
  if (known !== undefined && !isHttp(known.protocol) && !isTcp(known.protocol)) return undefined;
  return [...streams, httpPlan(context, at, binding)];
}

function httpPlan(context: SidecarContext, { egress, service, port }: ServicePort, { bind }: Binding): ChainPlan {
  const isOwn = port.protocol === "auto" && bind !== anyAddress;
  const table = isOwn
    ? () => serviceTable(context, egress, service, port.number)
    : () => sidecarTable(context, egress, port.number);
  const isTold = port.protocol === "auto" || bind === anyAddress;
  return { chain: { kind: "http", serverNames: [], isTls: false, table }, isPlainHttp: isTold };
}

// Servers of these protocols speak first: a listener cannot tell them from others by what the client sends.
function isServerFirst(a: PortProtocol, b: PortProtocol): boolean {
  const speaksFirst = (protocol: PortProtocol): boolean => protocol === "Mongo" || protocol === "MySQL";
  return a !== b && (speaksFirst(a) || speaksFirst(b));
}

function listenerOf(entry: Entry, context: SidecarContext): ProxyListener {
  const chains = entry.plans.filter((plan) => !takesAll(plan)).map(({ chain }) => chain);
  const open = entry.plans.findLast(takesAll)?.chain;
  const shared = { name: entry.name, port: entry.port };
  if (open === undefined) return { ...shared, chains, fallback: unknownStream(context) };
  return chains.length === 0
    ? { ...shared, chains: [open], fallback: undefined }
    : { ...shared, chains, fallback: open };
}

function takesAll({ chain, isPlainHttp }: ChainPlan): boolean {
  if (isPlainHttp) return false;
  const isAnyName = chain.serverNames.length === 0 || chain.serverNames.includes("*");
  return isAnyName && (chain.kind === "http" || chain.subnets.length === 0);
}

function unknownStream({ scope }: SidecarContext): FilterChain {
  const cluster = scope.allowsUnknownHosts ? passthroughCluster : "BlackHoleCluster";
  return {
    kind: "stream",
    serverNames: [],
    subnets: [],
    destinations: [{ cluster, weight: 100 }],
    rule: undefined,
    namesSource: false,
  };
}
