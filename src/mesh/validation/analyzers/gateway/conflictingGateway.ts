import { say } from "../../../message.ts";
import { fieldsAt, listAt, textAt, textMapAt, textsAt } from "../../../model/fields.ts";
import { hasLabels } from "../../../model/labelSelector.ts";
import { kinds } from "../../kinds.ts";
import { problems } from "../../problems.ts";
import type { Rule } from "../../rule.ts";
import { defineQuery } from "../../world/query.ts";
import type { World } from "../../world/world.ts";
import type { WorldObject } from "../../world/worldObject.ts";
import { podsWith } from "../../world/workloads.ts";
import { referenceNotFound } from "../referenceNotFound.ts";
import { labelText } from "./ingressGatewayPort.ts";

/** Gateways of one selector and port by the host that they claim and what they bind it to. */
type Claims = ReadonlyMap<string, readonly WorldObject[]>;

/** Claims by the selector's text, then by port number. Of several servers of one Gateway on a port the last one counts. */
const bySelector = defineQuery<ReadonlyMap<string, ReadonlyMap<number, Claims>>>((world) => {
  const found = new Map<string, Map<number, Map<string, WorldObject[]>>>();
  for (const gateway of world.all(kinds.Gateway)) {
    const servers = listAt(gateway.object["spec"], "servers");
    if (servers.length === 0) continue;
    const ports = entryOf(
      found,
      labelText(textMapAt(gateway.object["spec"], "selector")),
      () => new Map<number, Map<string, WorldObject[]>>(),
    );
    const own = new Map(servers.map((server) => [portOf(server), server]));
    for (const [port, server] of own) {
      const claims = entryOf(ports, port, () => new Map<string, WorldObject[]>());
      for (const claim of claimsOf(server)) entryOf(claims, claim, (): WorldObject[] => []).push(gateway);
    }
  }
  return found;
});

/** The Gateways of a JSON list of port, selector and claim. */
const claimants = defineQuery<readonly WorldObject[]>((world, key) => {
  const [port, selector, claim] = JSON.parse(key) as [number, string, string];
  return world.ask(bySelector).get(selector)?.get(port)?.get(claim) ?? [];
});

const isClaimed = defineQuery<boolean>((world, selector) => world.ask(bySelector).has(selector));

const selectors = defineQuery<readonly string[]>((world) => [
  ...new Set(world.all(kinds.Gateway).map(({ object }) => labelText(textMapAt(object["spec"], "selector")))),
]);

/** The selectors of other Gateways that share a pod with a selector. */
const sharing = defineQuery<readonly string[]>((world, selector) =>
  world.ask(selectors).filter((other) => other === selector || shares(world, selector, other)),
);

/** Gateways that claim the same hosts of the same pods' port (istio-analysis, 3.16). */
export const conflictingGateway: Rule = {
  name: "gateway.ConflictingGatewayAnalyzer",
  layer: "analyzer",
  codes: [
    referenceNotFound,
    {
      code: "IST0145",
      severity: "error",
      title: "Gateways claim the same host and port",
      explanation:
        "The same pods would serve the same host on the same port by two Gateways; which one counts is undefined. Merge them, or change the host or the port.",
      source: "istio/istio pkg/config/analysis/msg/messages.yaml, ConflictingGateways",
    },
  ],
  kinds: [kinds.Gateway],
  reads: [kinds.Gateway, kinds.Pod],
  *check(object, world) {
    const labels = textMapAt(object.object["spec"], "selector");
    const selector = labelText(labels);
    const servers = listAt(object.object["spec"], "servers");
    const [first] = Object.keys(labels);
    if (
      servers.length === 0 &&
      first !== undefined &&
      !world.ask(sharing, selector).some((other) => world.ask(isClaimed, other))
    ) {
      yield {
        code: "IST0101",
        message: say("No pod has the labels {0} of the gateway's selector", selector),
        path: ["spec", "selector", first],
        problem: problems.noWorkloads,
        missingIn: object.namespace,
        missingKind: kinds.Pod,
      };
      return;
    }
    for (const [at, server] of servers.entries()) {
      const others = conflicts(world, object, server, selector);
      if (others.length === 0) continue;
      const names = others.map((other) => `${other.namespace}/${other.name}`).sort();
      yield {
        code: "IST0145",
        message: say(
          "Port {0} has a host that Gateway {1} of the same pods has, too",
          portOf(server),
          names.join(", "),
        ),
        path: ["spec", "servers", at, "hosts"],
        problem: problems.sameHostTwice,
        related: others.map((other) => ({ object: other, path: ["spec", "servers"], message: say("Claims it, too") })),
      };
    }
  },
};

function conflicts(world: World, object: WorldObject, server: unknown, selector: string): readonly WorldObject[] {
  const port = portOf(server);
  const found = new Set<WorldObject>();
  for (const other of world.ask(sharing, selector)) {
    for (const claim of claimsOf(server)) {
      for (const gateway of world.ask(claimants, JSON.stringify([port, other, claim]))) found.add(gateway);
    }
  }
  found.delete(object);
  return [...found];
}

/** The hosts of a server with what it binds them to. */
function claimsOf(server: unknown): ReadonlySet<string> {
  const bind = textAt(server, "bind") ?? "";
  return new Set(textsAt(server, "hosts").map((host) => `${host}\n${bind}`));
}

function entryOf<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make()));
  return value;
}

// Istio compares the texts of selectors, then looks for a pod that has both; who is exact looks for the pod only.
function shares(world: World, a: string, b: string): boolean {
  if (world.settings.isExactlyIstio && !a.includes(b) && !b.includes(a)) return false;
  const [first, second] = [labelsOf(a), labelsOf(b)];
  return podsWith(world, "*", first).some(({ labels }) => hasLabels(labels, second));
}

function labelsOf(text: string): Readonly<Record<string, string>> {
  if (text === "") return {};
  return Object.fromEntries(
    text.split(",").map((pair) => {
      const equals = pair.indexOf("=");
      return [pair.slice(0, equals), pair.slice(equals + 1)];
    }),
  );
}

function portOf(server: unknown): number {
  const number = fieldsAt(server, "port")["number"];
  return typeof number === "number" ? number : 0;
}
