import { say } from "../../../message.ts";
import { fieldsAt, listAt, textAt } from "../../../model/fields.ts";
import { listenersOf, type Listener } from "../../gateway/listener.ts";
import { kinds } from "../../kinds.ts";
import { problems } from "../../problems.ts";
import type { Rule } from "../../rule.ts";
import { defineQuery } from "../../world/query.ts";
import type { WorldObject } from "../../world/worldObject.ts";
import { namesOf, relatedTo } from "../related.ts";

function listenerKey({ value, port, protocol }: Listener): string | undefined {
  const hostname = textAt(value, "hostname");
  return hostname === undefined ? undefined : JSON.stringify([hostname, port, protocol]);
}

function addressKeys({ object }: WorldObject): readonly string[] {
  return listAt(fieldsAt(object, "spec"), "addresses").map((address) =>
    JSON.stringify([textAt(address, "type") ?? "IPAddress", textAt(address, "value") ?? ""]),
  );
}

/** Gateways by what they listen on and by their addresses. */
const gatewaysByPlace = defineQuery<ReadonlyMap<string, readonly WorldObject[]>>((world) => {
  const found = new Map<string, WorldObject[]>();
  for (const gateway of world.all(kinds.KubernetesGateway)) {
    const keys = listenersOf(gateway).flatMap((listener) => listenerKey(listener) ?? []);
    for (const key of new Set([...keys, ...addressKeys(gateway)])) {
      const gateways = found.get(key);
      if (gateways === undefined) found.set(key, [gateway]);
      else gateways.push(gateway);
    }
  }
  return found;
});

const gatewaysAt = defineQuery((world, key): readonly WorldObject[] => world.ask(gatewaysByPlace).get(key) ?? []);

/** Gateways that share a host and port, or an address. */
export const sameListener: Rule = {
  name: "kialiSameListener",
  layer: "kiali",
  codes: [
    {
      code: "KIA1501",
      severity: "warning",
      title: "Several Gateways for a host and port (Gateway API)",
      explanation:
        "Another Gateway has a listener with the same host name, port and protocol. Where both are served by the same pods only one gets the requests.",
      source: "Gateway, listeners; Kiali's k8sgateways/multi_match_checker.go",
    },
    {
      code: "KIA1502",
      severity: "warning",
      title: "Several Gateways for an address (Gateway API)",
      explanation: "Another Gateway asks for the same address, so their listeners share ports.",
      source: "Gateway, addresses; Kiali's k8sgateways/multi_match_checker.go",
    },
    {
      code: "KIA1503",
      severity: "error",
      title: "Listeners of one Gateway are not distinct",
      explanation: "Each listener of a Gateway has its own combination of host name, port and protocol.",
      source: "Gateway, listeners; Kiali's k8sgateways/multi_match_checker.go",
    },
  ],
  kinds: [kinds.KubernetesGateway],
  reads: [kinds.KubernetesGateway],
  *check(gateway, world) {
    const seen = new Map<string, Listener>();
    for (const listener of listenersOf(gateway)) {
      const key = listenerKey(listener);
      if (key === undefined) continue;
      const others = world.ask(gatewaysAt, key).filter(({ name }) => name !== gateway.name);
      if (others.length > 0) {
        yield {
          code: "KIA1501",
          message: say("{0} has a listener for this host, port and protocol, too", namesOf(others)),
          path: [...listener.path, "hostname"],
          related: relatedTo(others, ["spec", "listeners"], say("Listens for it, too")),
        };
      }
      const first = seen.get(key);
      if (first === undefined) seen.set(key, listener);
      else {
        yield {
          code: "KIA1503",
          message: say("Listener {0} has this host name, port and protocol already", first.name),
          path: [...listener.path, "hostname"],
          problem: problems.sameHostTwice,
          related: relatedTo([gateway], first.path, say("The first one")),
        };
      }
    }
    for (const [index, key] of addressKeys(gateway).entries()) {
      const others = world.ask(gatewaysAt, key).filter(({ name }) => name !== gateway.name);
      if (others.length === 0) continue;
      yield {
        code: "KIA1502",
        message: say("{0} has this address, too", namesOf(others)),
        path: ["spec", "addresses", index, "value"],
        related: relatedTo(others, ["spec", "addresses"], say("Has the address, too")),
      };
    }
  },
};
