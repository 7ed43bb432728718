import { say } from "../../../message.ts";
import { fieldsAt, fieldsOf, listAt, textMapAt, textsAt } from "../../../model/fields.ts";
import type { FieldPath } from "../../../yaml/fieldPath.ts";
import { kinds } from "../../kinds.ts";
import { problems } from "../../problems.ts";
import type { Rule } from "../../rule.ts";
import { defineQuery } from "../../world/query.ts";
import type { World } from "../../world/world.ts";
import type { WorldObject } from "../../world/worldObject.ts";
import { namesOf } from "../related.ts";
import { covers, wildcardsOver } from "../registry/serviceHost.ts";

/** One host of one server. */
interface Listening {
  readonly gateway: WorldObject;
  readonly path: FieldPath;
  /** Workload labels and port. */
  readonly socket: string;
  /** The VirtualServices that may bind: "*" or a namespace. */
  readonly namespace: string;
  readonly host: string;
  readonly text: string;
}

export const sameHostAndPort: Rule = {
  name: "kialiSameHostAndPort",
  layer: "kiali",
  codes: [
    {
      code: "KIA0301",
      severity: "warning",
      title: "Several Gateways for a host and port",
      explanation:
        "Another server on the same gateway workload and port has this host, or covers it. Which one a connection meets depends on the order of the Gateways. Give each host to one Gateway.",
      source: "networking.istio.io Gateway, servers; Kiali's gateways/multi_match_checker.go",
    },
  ],
  kinds: [kinds.Gateway],
  reads: [kinds.Gateway],
  *check(gateway, world) {
    for (const own of listeningsOf(gateway)) {
      const rivals = rivalsOf(world, own);
      if (rivals.length === 0) continue;
      const others = [...new Set(rivals.map((rival) => rival.gateway))].filter(({ id }) => id !== gateway.id);
      yield {
        code: "KIA0301",
        path: pathOf(own, rivals),
        problem: problems.sameHostTwice,
        message:
          others.length > 0
            ? say("Host {0} on this port is one of {1} too", own.text, namesOf(others))
            : say("Host {0} on this port stands twice in this Gateway", own.text),
        related: rivals.slice(0, 10).map((rival) => ({
          object: rival.gateway,
          path: rival.path,
          message: say("Also takes {0}", rival.text),
        })),
      };
    }
  },
};

// Where hosts are equal as written, Istio's own analysis finds the same and points at the server's list of hosts.
function pathOf(own: Listening, rivals: readonly Listening[]): FieldPath {
  const isWritten = rivals.some(({ gateway, text }) => gateway.id !== own.gateway.id && text === own.text);
  return isWritten ? own.path.slice(0, -1) : own.path;
}

const mostRivals = 20;

function rivalsOf(world: World, own: Listening): readonly Listening[] {
  const found: Listening[] = [];
  for (const other of candidates(world, own)) {
    if (found.length >= mostRivals) break;
    if (isSame(own, other) || !shareNamespace(own.namespace, other.namespace)) continue;
    if (meetHosts(own.host, other.host)) found.push(other);
  }
  return found;
}

function* candidates(world: World, { socket, host }: Listening): Generator<Listening> {
  const { all, byHost, under } = world.ask(listeningsOn, socket);
  if (host === "*") return yield* all;
  yield* byHost.get(host) ?? [];
  if (host.includes("*")) {
    yield* byHost.get("*") ?? [];
    yield* under.get(host) ?? [];
  } else {
    for (const wildcard of wildcardsOver(host)) yield* byHost.get(wildcard) ?? [];
  }
}

function isSame(a: Listening, b: Listening): boolean {
  return a.gateway.id === b.gateway.id && a.path.join() === b.path.join();
}

function shareNamespace(a: string, b: string): boolean {
  return a === "*" || b === "*" || a === b;
}

// Two different wildcards do not conflict: the narrower one is taken first.
function meetHosts(a: string, b: string): boolean {
  if (a === b || a === "*" || b === "*") return true;
  return a.startsWith("*") !== b.startsWith("*") && (covers(a, b) || covers(b, a));
}

interface Socket {
  readonly all: readonly Listening[];
  readonly byHost: ReadonlyMap<string, readonly Listening[]>;
  /** Exact hosts by the wildcards that cover them. */
  readonly under: ReadonlyMap<string, readonly Listening[]>;
}

const bySocket = defineQuery<ReadonlyMap<string, Socket>>((world) => {
  const sockets = new Map<string, Listening[]>();
  for (const listening of world.all(kinds.Gateway).flatMap(listeningsOf)) put(sockets, listening.socket, listening);
  return new Map([...sockets].map(([key, all]) => [key, socketOf(all)]));
});

function socketOf(all: readonly Listening[]): Socket {
  const byHost = new Map<string, Listening[]>();
  const under = new Map<string, Listening[]>();
  for (const listening of all) {
    put(byHost, listening.host, listening);
    if (listening.host.includes("*")) continue;
    for (const wildcard of wildcardsOver(listening.host)) put(under, wildcard, listening);
  }
  return { all, byHost, under };
}

function put(map: Map<string, Listening[]>, key: string, listening: Listening): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [listening]);
  else list.push(listening);
}

const noSocket: Socket = { all: [], byHost: new Map(), under: new Map() };
const listeningsOn = defineQuery<Socket>((world, key) => world.ask(bySocket).get(key) ?? noSocket);

function listeningsOf(gateway: WorldObject): readonly Listening[] {
  const spec = fieldsAt(gateway.object, "spec");
  const selector = Object.entries(textMapAt(spec, "selector")).map((pair) => pair.join("="));
  return listAt(spec, "servers").flatMap((server, at) => {
    const { number } = fieldsAt(server, "port");
    const port = typeof number === "number" ? String(number) : undefined;
    if (port === undefined) return [];
    const { bind } = fieldsOf(server);
    const socket = `${selector.sort().join(",")} ${port} ${typeof bind === "string" ? bind : ""}`;
    return textsAt(server, "hosts").map((text, index) => {
      const slash = text.indexOf("/");
      const place = slash < 0 ? "*" : text.slice(0, slash);
      return {
        gateway,
        path: ["spec", "servers", at, "hosts", index],
        socket,
        namespace: place === "." ? gateway.namespace : place,
        host: text.slice(slash + 1).toLowerCase(),
        text,
      };
    });
  });
}
