import { say } from "../../../message.ts";
import { fieldsOf, listAt, textAt, textsAt } from "../../../model/fields.ts";
import { kinds } from "../../kinds.ts";
import { problems } from "../../problems.ts";
import type { Rule } from "../../rule.ts";
import { scopesOf } from "../../world/hosts.ts";
import { defineQuery } from "../../world/query.ts";
import type { World } from "../../world/world.ts";
import type { WorldObject } from "../../world/worldObject.ts";

interface Claim {
  readonly object: WorldObject;
  readonly protocol: string;
}

/** What ServiceEntries say of a "scope/host/port". */
const claims = defineQuery<ReadonlyMap<string, readonly Claim[]>>((world) => {
  const found = new Map<string, Claim[]>();
  for (const object of world.all(kinds.ServiceEntry)) {
    for (const { key, protocol } of keysOf(object)) {
      const known = found.get(key);
      if (known === undefined) found.set(key, [{ object, protocol }]);
      else known.push({ object, protocol });
    }
  }
  return found;
});

const scopesOfHost = defineQuery<ReadonlyMap<string, readonly string[]>>((world) => {
  const found = new Map<string, string[]>();
  for (const key of world.ask(claims).keys()) {
    const slash = key.indexOf("/");
    const rest = key.slice(slash + 1);
    found.set(rest, [...(found.get(rest) ?? []), key.slice(0, slash)]);
  }
  return found;
});

const claimants = defineQuery<readonly Claim[]>(
  (world, key) => {
    const all = world.ask(claims);
    const rest = key.slice(key.indexOf("/") + 1);
    const own = all.get(key) ?? [];
    return key.startsWith("*/") ? own : [...own, ...(all.get(`*/${rest}`) ?? [])];
  },
  (a, b) =>
    a.length === b.length &&
    a.every(({ object, protocol }, at) => object === b[at]?.object && protocol === b[at].protocol),
);

/** ServiceEntries that give the same host and port different protocols (istio-analysis, 3.33). */
export const conflictingProtocol: Rule = {
  name: "serviceentry.ConflictingServiceEntryProtocolAnalyzer",
  layer: "analyzer",
  codes: [
    {
      code: "IST0177",
      severity: "warning",
      title: "Different protocols for the same host and port",
      explanation: "Istio takes one of the protocols for all of these ServiceEntries. Give them the same.",
      source: "istio/istio pkg/config/analysis/msg/messages.yaml, ConflictingServiceEntryProtocol",
    },
  ],
  kinds: [kinds.ServiceEntry],
  reads: [kinds.ServiceEntry],
  *check(object, world) {
    for (const { key, at, host, port } of keysOf(object)) {
      const all = conflicting(world, key);
      if (all === undefined) continue;
      const others = [...new Set(all.map((claim) => claim.object))].filter((other) => other !== object);
      const protocols = [...new Set(all.map(({ protocol }) => protocol))].sort();
      yield {
        code: "IST0177",
        message: say("{0}:{1} has different protocols: {2}", host, port, protocols.join(", ")),
        path: ["spec", "ports", at, "protocol"],
        problem: problems.protocolConflict,
        related: others.map((other) => ({ object: other, path: ["spec", "ports"], message: say("Has the host, too") })),
      };
      // Istio says it once for each ServiceEntry.
      return;
    }
  },
};

// What is for everybody also meets what is for single namespaces.
function conflicting(world: World, key: string): readonly Claim[] | undefined {
  const rest = key.slice(key.indexOf("/") + 1);
  const scopes = key.startsWith("*/") ? (world.ask(scopesOfHost).get(rest) ?? []) : [key.slice(0, key.indexOf("/"))];
  for (const scope of scopes) {
    const all = world.ask(claimants, `${scope}/${rest}`);
    if (new Set(all.map(({ protocol }) => protocol)).size > 1) return all;
  }
  return undefined;
}

interface Key {
  readonly key: string;
  readonly protocol: string;
  readonly host: string;
  readonly port: number;
  readonly at: number;
}

function* keysOf({ object, namespace }: WorldObject): Generator<Key> {
  const spec = object["spec"];
  const ports = listAt(spec, "ports");
  for (const scope of scopesOf(textsAt(spec, "exportTo"), namespace)) {
    for (const host of textsAt(spec, "hosts")) {
      for (const [at, value] of ports.entries()) {
        const number = fieldsOf(value)["number"];
        const port = typeof number === "number" ? number : 0;
        const protocol = (textAt(value, "protocol") ?? "").toUpperCase();
        yield { key: `${scope}/${host}/${port}`, protocol, host, port, at };
      }
    }
  }
}
