import { countAt, fieldsAt, fieldsOf, listAt, textAt, textMapAt } from "../../model/fields.ts";
import { say } from "../../message.ts";
import type { FieldPath } from "../../yaml/fieldPath.ts";
import type { RuleFinding } from "../finding.ts";
import { kinds } from "../kinds.ts";
import { problems } from "../problems.ts";
import type { Rule } from "../rule.ts";
import { defineQuery } from "../world/query.ts";
import type { World } from "../world/world.ts";
import type { WorldObject } from "../world/worldObject.ts";
import { createdAt } from "./facts/createdAt.ts";
import { isPlainHttp, selectorText, serversOf, type GatewayServer } from "./facts/gatewayBindings.ts";

/** A server with its Gateway. */
interface ServerPlace {
  readonly gateway: WorldObject;
  readonly server: GatewayServer;
}

type Family = "http" | "tls" | "tcp";

/** All servers on a port of the same pods and address, the oldest first. */
interface PortServers {
  readonly families: Readonly<Record<Family, readonly ServerPlace[]>>;
  /** TLS servers by the names that clients call, in lower case. */
  readonly names: ReadonlyMap<string, readonly ServerPlace[]>;
}

const serversByPort = defineQuery((world): ReadonlyMap<string, PortServers> => {
  const ports = new Map<string, { families: Record<Family, ServerPlace[]>; names: Map<string, ServerPlace[]> }>();
  for (const gateway of inOrderOfAge(world)) {
    for (const server of serversIn(world, gateway)) {
      if (server.port === undefined) continue;
      const key = portKey(gateway, server);
      let port = ports.get(key);
      if (port === undefined) ports.set(key, (port = { families: { http: [], tls: [], tcp: [] }, names: new Map() }));
      const place = { gateway, server };
      const family = familyOf(server);
      port.families[family].push(place);
      if (family !== "tls") continue;
      for (const name of new Set(server.hosts.map(clientName))) {
        const known = port.names.get(name);
        if (known === undefined) port.names.set(name, [place]);
        else known.push(place);
      }
    }
  }
  return ports;
});

function inOrderOfAge(world: World): readonly WorldObject[] {
  return [...world.all(kinds.Gateway), ...world.all(kinds.KubernetesGateway)]
    .map((gateway) => ({ gateway, age: createdAt(world, gateway) ?? Infinity }))
    .sort((a, b) => {
      if (a.age !== b.age) return a.age - b.age;
      return compareText(a.gateway.name, b.gateway.name) || compareText(a.gateway.namespace, b.gateway.namespace);
    })
    .map(({ gateway }) => gateway);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The servers of a Gateway, or the listeners of a Gateway of the Gateway API. */
function serversIn(world: World, gateway: WorldObject): readonly GatewayServer[] {
  if (gateway.kind === kinds.Gateway) return world.ask(serversOf, `${gateway.namespace}/${gateway.name}`);
  return listAt(fieldsAt(gateway.object, "spec"), "listeners").map((listener, index) => ({
    index,
    port: countAt(listener, "port"),
    protocol: textAt(listener, "protocol") ?? "",
    hosts: [textAt(listener, "hostname") ?? "*"],
    bind: "",
    tls: {},
    routes: "",
  }));
}

// istiod gives the pods of a Gateway of the Gateway API this label, and an Istio Gateway may select it.
const nameLabel = "gateway.networking.k8s.io/gateway-name";

function portKey(gateway: WorldObject, { port, bind }: GatewayServer): string {
  const isIstio = gateway.kind === kinds.Gateway;
  const selector = isIstio ? textMapAt(fieldsAt(gateway.object, "spec"), "selector") : { [nameLabel]: gateway.name };
  return JSON.stringify([port, bind, selectorText(selector)]);
}

function protocolPath({ gateway, server }: ServerPlace): FieldPath {
  return gateway.kind === kinds.Gateway
    ? ["spec", "servers", server.index, "port", "protocol"]
    : ["spec", "listeners", server.index, "protocol"];
}

function hostsPath({ gateway, server }: ServerPlace): FieldPath {
  return gateway.kind === kinds.Gateway
    ? ["spec", "servers", server.index, "hosts"]
    : ["spec", "listeners", server.index, "hostname"];
}

const serversAtPort = defineQuery((world, key): PortServers | undefined => world.ask(serversByPort).get(key));

/** Servers on one port of the same gateway pods that cannot both be served. */
export const gatewayPorts: Rule = {
  name: "gatewayPorts",
  layer: "foreyard",
  codes: [
    {
      code: "FY1060",
      severity: "warning",
      title: "Protocol conflict on a gateway's port",
      explanation:
        "Servers for the same gateway pods use one port with protocols that cannot share it: plain HTTP goes with plain HTTP, " +
        "TLS with TLS, and plain TCP with nothing. istiod leaves out one of them. Use another port.",
      source: "Gateway spec.servers; istio/istio pilot/pkg/model/gateway.go, mergeGateways",
    },
    {
      code: "FY1061",
      severity: "warning",
      title: "Server names served twice on a port",
      explanation:
        "Two TLS servers for the same gateway pods, port and address name the same host. istiod keeps the first and leaves " +
        "out the other with all its hosts. The namespace before the slash does not tell them apart for the client.",
      source: "istio/istio pilot/pkg/model/gateway.go, CheckDuplicates",
    },
  ],
  kinds: [kinds.Gateway, kinds.KubernetesGateway],
  reads: [],
  *check(object, world) {
    if (world.get(object.kind, object.namespace, object.name) !== object) return;
    for (const server of serversIn(world, object)) {
      const servers = server.port === undefined ? undefined : world.ask(serversAtPort, portKey(object, server));
      if (servers === undefined) continue;
      yield* protocolConflict({ gateway: object, server }, servers);
      yield* namesTwice({ gateway: object, server }, servers);
    }
  },
};

// canMergeProtocols: plain HTTP goes with plain HTTP, and TLS servers are told apart by server name.
const conflicting: Readonly<Record<Family, readonly Family[]>> = {
  http: ["tcp", "tls"],
  tls: ["http", "tcp"],
  tcp: ["http", "tls", "tcp"],
};

function* protocolConflict(own: ServerPlace, { families }: PortServers): Generator<RuleFinding> {
  const other = conflicting[familyOf(own.server)]
    .map((family) => families[family].find((place) => isRival(place, own) && !isSameOrLater(place, own)))
    .find((place) => place !== undefined);
  if (other === undefined) return;
  const { protocol, port } = own.server;
  const isSame = other.gateway === own.gateway;
  yield {
    code: "FY1060",
    message: isSame
      ? say(
          "Port {0} is {1} here and {2} in servers[{3}]: one port cannot be both",
          port ?? 0,
          protocol,
          other.server.protocol,
          other.server.index,
        )
      : say(
          "Port {0} of the same pods is {1} here and {2} in Gateway {3}: one port cannot be both",
          port ?? 0,
          protocol,
          other.server.protocol,
          `${other.gateway.namespace}/${other.gateway.name}`,
        ),
    path: protocolPath(own),
    related: [
      {
        object: other.gateway,
        path: protocolPath(other),
        message: say("The other protocol"),
      },
    ],
    problem: problems.conflictingFields,
  };
}

function isSelf(place: ServerPlace, own: ServerPlace): boolean {
  return place.gateway === own.gateway && place.server.index === own.server.index;
}

// Gateways of the Gateway API have pods of their own, and what is within one is judged by its conditions.
function isRival(place: ServerPlace, own: ServerPlace): boolean {
  return place.gateway.kind === kinds.Gateway || own.gateway.kind === kinds.Gateway;
}

/** Itself, or a further server of its Gateway, which tells of the conflict on its own. */
function isSameOrLater(place: ServerPlace, own: ServerPlace): boolean {
  return place.gateway === own.gateway && place.server.index >= own.server.index;
}

function familyOf({ protocol, tls }: GatewayServer): Family {
  if (isPlainHttp(protocol)) return "http";
  return protocol === "HTTPS" || protocol === "TLS" || Object.keys(fieldsOf(tls)).length > 0 ? "tls" : "tcp";
}

function* namesTwice(own: ServerPlace, { names }: PortServers): Generator<RuleFinding> {
  if (familyOf(own.server) !== "tls") return;
  for (const [at, host] of own.server.hosts.entries()) {
    const name = clientName(host);
    const other = names.get(name)?.find((place) => isSelf(place, own) || isRival(place, own));
    if (other === undefined || isSelf(other, own)) continue;
    yield {
      code: "FY1061",
      message: say(
        "Server name {0} on port {1} is already served by Gateway {2}, servers[{3}]",
        name,
        own.server.port ?? 0,
        `${other.gateway.namespace}/${other.gateway.name}`,
        other.server.index,
      ),
      path: own.gateway.kind === kinds.Gateway ? [...hostsPath(own), at] : hostsPath(own),
      related: [{ object: other.gateway, path: hostsPath(other), message: say("Served here") }],
      problem: problems.sameHostTwice,
    };
  }
}

function clientName(host: string): string {
  return host.slice(host.indexOf("/") + 1).toLowerCase();
}
