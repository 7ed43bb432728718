import { hasLabels } from "../../model/labelSelector.ts";
import { endsHttps, type GatewayConfig, type GatewayServer } from "../config/gateways.ts";
import type { MeshService } from "../config/meshServices.ts";
import { isHttp, type PortProtocol } from "../../model/portProtocol.ts";
import type { RoutingMesh } from "../config/routingMesh.ts";
import type { Proxy } from "./proxy.ts";

/** Servers of one port, protocol and address, which share a listener's chains. */
export interface ServerGroup {
  /** Where the pod listens. */
  readonly port: number;
  readonly protocol: PortProtocol;
  readonly bind: string;
  readonly servers: GatewayServer[];
  /** Of plain HTTP: the route table that all of them share. */
  tableName: string;
}

/** The servers of all gateways that a pod serves (`mergeGateways`). */
export interface MergedGateways {
  readonly groups: readonly ServerGroup[];
  readonly serversByTable: ReadonlyMap<string, readonly GatewayServer[]>;
  /** Of servers that end TLS for HTTP. */
  readonly tableOf: ReadonlyMap<GatewayServer, string>;
}

interface Building {
  readonly groups: ServerGroup[];
  readonly serversByTable: Map<string, GatewayServer[]>;
  readonly tableOf: Map<GatewayServer, string>;
  readonly usedPorts: Set<number>;
  readonly plain: Map<number, ServerGroup>;
  /** By port, then by host: the addresses bound to. */
  readonly tlsHosts: Map<number, Map<string, string>>;
}

export function mergeGateways(mesh: RoutingMesh, proxy: Proxy): MergedGateways {
  const building: Building = {
    groups: [],
    serversByTable: new Map(),
    tableOf: new Map(),
    usedPorts: new Set(),
    plain: new Map(),
    tlsHosts: new Map(),
  };
  const services = mesh.services.selecting(proxy.namespace, proxy.labels);
  for (const gateway of mesh.gateways) {
    const serving = servicesFor(gateway, proxy, services);
    if (serving === undefined) continue;
    for (const server of gateway.servers) {
      for (const port of targetPorts(server.port.number, serving, gateway)) addServer(building, gateway, server, port);
    }
  }
  return building;
}

// undefined: the gateway is not for this pod.
function servicesFor(
  gateway: GatewayConfig,
  proxy: Proxy,
  services: readonly MeshService[],
): readonly MeshService[] | undefined {
  const { pods } = gateway;
  if (pods.by === "labels") return hasLabels(proxy.labels, pods.labels) ? services : undefined;
  const own = services.filter(
    ({ hostname, namespace }) => namespace === gateway.namespace && pods.hostnames.includes(hostname),
  );
  return own.length === 0 ? undefined : own;
}

// resolvePorts: a server's port is the service's; the pod listens at its target. Without a service it is the pod's own.
function targetPorts(number: number, services: readonly MeshService[], gateway: GatewayConfig): readonly number[] {
  const found = new Set<number>();
  for (const { ports } of services) {
    for (const port of ports) if (port.number === number && port.targetPort !== undefined) found.add(port.targetPort);
  }
  if (gateway.pods.by === "services") return [...found];
  const [first = number] = found;
  return [first];
}

function addServer(building: Building, gateway: GatewayConfig, server: GatewayServer, port: number): void {
  const tableName = tableNameOf(server, gateway, port);
  if (server.tls !== undefined) {
    if (isDuplicate(building, server, port)) return;
    building.tableOf.set(server, tableName);
  }
  const isPlain = server.tls === undefined || isHttp(server.port.protocol);
  if (!building.usedPorts.has(port)) {
    building.usedPorts.add(port);
    startGroup(building, { server, port, tableName, isPlain });
    return;
  }
  const plain = building.plain.get(port);
  if (plain === undefined) addBesideTls(building, { server, port, tableName, isPlain });
  else addBesidePlain(building, plain, { server, port, tableName, isPlain });
}

interface NewServer {
  readonly server: GatewayServer;
  readonly port: number;
  readonly tableName: string;
  readonly isPlain: boolean;
}

function startGroup(building: Building, { server, port, tableName, isPlain }: NewServer): void {
  const group = { port, protocol: server.port.protocol, bind: server.bind, servers: [server], tableName };
  building.groups.push(group);
  if (isPlain) building.plain.set(port, group);
  if (isHttp(server.port.protocol) || endsHttps(server)) building.serversByTable.set(tableName, [server]);
}

function addBesidePlain(building: Building, plain: ServerGroup, added: NewServer): void {
  const { server, tableName } = added;
  if (plain.bind !== server.bind) {
    const own = groupFor(building, added);
    if (own === undefined) startGroup(building, added);
    else join(building, own, added);
    return;
  }
  const canMerge = isHttp(server.port.protocol) && isHttp(plain.protocol);
  if (!canMerge || tableName === "") return;
  join(building, plain, added);
}

function addBesideTls(building: Building, added: NewServer): void {
  const { server, tableName, isPlain } = added;
  if (isPlain) {
    startGroup(building, added);
    return;
  }
  if (endsHttps(server)) {
    if (building.serversByTable.has(tableName)) return;
    building.serversByTable.set(tableName, [server]);
  }
  const own = groupFor(building, added);
  if (own === undefined) building.groups.push({ ...group(added), servers: [server], tableName: "" });
  else own.servers.push(server);
}

function group({ server, port }: NewServer): Pick<ServerGroup, "port" | "protocol" | "bind"> {
  return { port, protocol: server.port.protocol, bind: server.bind };
}

function groupFor(building: Building, { server, port }: NewServer): ServerGroup | undefined {
  return building.groups.find(
    (one) => one.port === port && one.protocol === server.port.protocol && one.bind === server.bind,
  );
}

function join(building: Building, into: ServerGroup, { server, tableName }: NewServer): void {
  into.servers.push(server);
  const known = building.serversByTable.get(tableName);
  if (known === undefined) building.serversByTable.set(tableName, [server]);
  else known.push(server);
}

// CheckDuplicates: a server with TLS is left out where another has one of its hosts.
function isDuplicate(building: Building, server: GatewayServer, port: number): boolean {
  const known = building.tlsHosts.get(port) ?? new Map<string, string>();
  building.tlsHosts.set(port, known);
  if (server.hosts.some((host) => known.get(host) === server.bind)) return true;
  for (const host of server.hosts) known.set(host, server.bind);
  return false;
}

// gatewayRDSRouteName.
function tableNameOf(server: GatewayServer, gateway: GatewayConfig, port: number): string {
  const bind = server.bind === "" ? "" : `.${server.bind}`;
  if (isHttp(server.port.protocol)) return `http.${port}${bind}`;
  if (!endsHttps(server)) return "";
  return `https.${server.port.number}.${server.port.name}.${gateway.name}.${gateway.namespace}${bind}`;
}
