import { say } from "../../../message.ts";
import { listAt, textsAt } from "../../../model/fields.ts";
import { kinds } from "../../kinds.ts";
import { problems } from "../../problems.ts";
import type { Rule } from "../../rule.ts";
import { overlaps, scopesOf, toFqdn } from "../../world/hosts.ts";
import { defineQuery } from "../../world/query.ts";
import type { World } from "../../world/world.ts";
import type { WorldObject } from "../../world/worldObject.ts";
import { isForMesh, virtualServicesOfScope } from "../exportedHosts.ts";

/** The VirtualServices that hold for a host in a scope, "scope host": with those for everybody that overlap. */
const claimants = defineQuery<readonly WorldObject[]>((world, key) => {
  const space = key.indexOf(" ");
  const [scope, host] = [key.slice(0, space), key.slice(space + 1)];
  const own = virtualServicesOfScope(world, scope).get(host) ?? [];
  return scope === "*" ? own : [...own, ...world.ask(forEverybody, host)];
});

const forEverybody = defineQuery<readonly WorldObject[]>((world, host) => {
  const all = virtualServicesOfScope(world, "*");
  const exact = all.get(host) ?? [];
  const wild = host.startsWith("*") ? [...all.keys()] : world.ask(wildHosts);
  return [
    ...exact,
    ...wild.filter((other) => other !== host && overlaps(other, host)).flatMap((other) => all.get(other) ?? []),
  ];
});

const wildHosts = defineQuery<readonly string[]>((world) =>
  [...virtualServicesOfScope(world, "*").keys()].filter((host) => host.startsWith("*")),
);

/** Several VirtualServices for sidecars with the same host (istio-analysis, 3.27). */
export const conflictingMeshGatewayHosts: Rule = {
  name: "virtualservice.ConflictingMeshGatewayHostsAnalyzer",
  layer: "analyzer",
  codes: [
    {
      code: "IST0109",
      severity: "error",
      title: "Several VirtualServices with the same host",
      explanation:
        "Istio does not merge VirtualServices for sidecars: which one counts for the host is undefined. Put their routes into one.",
      source: "istio/istio pkg/config/analysis/msg/messages.yaml, ConflictingMeshGatewayVirtualServiceHosts",
    },
  ],
  kinds: [kinds.VirtualService],
  reads: [kinds.VirtualService],
  *check(object, world) {
    const conflict = isForMesh(object) ? firstConflict(object, world) : undefined;
    if (conflict === undefined) return;
    const others = [...new Set(conflict.objects)].filter((other) => other !== object);
    const names = [
      ...new Set(conflict.objects.map(({ namespace, name }) => (namespace === "" ? name : `${namespace}/${name}`))),
    ].sort();
    yield {
      code: "IST0109",
      message:
        others.length === 0
          ? say("The host {0} is listed twice", conflict.host)
          : say("The host {0} is in several VirtualServices for sidecars: {1}", conflict.host, names.join(", ")),
      path: ["spec", "hosts", conflict.at],
      problem: problems.sameHostTwice,
      related: others.map((other) => ({ object: other, path: ["spec", "hosts"], message: say("Has the host, too") })),
    };
  },
};

interface Conflict {
  readonly host: string;
  readonly at: number;
  readonly objects: readonly WorldObject[];
}

// Also of a scope where it stands only beside others: those of a namespace, joined by one that is for everybody.
function firstConflict(object: WorldObject, world: World): Conflict | undefined {
  const spec = object.object["spec"];
  const scopes = scopesOf(textsAt(spec, "exportTo"), object.namespace);
  for (const [at, written] of listAt(spec, "hosts").entries()) {
    if (typeof written !== "string") continue;
    const host = toFqdn(object.namespace, written);
    for (const scope of scopes) {
      const objects = world.ask(claimants, `${scope} ${host}`);
      if (objects.length > 1) return { host, at, objects };
    }
    if (!scopes.includes("*")) continue;
    const beside = world.ask(besides, host);
    if (beside.length > 0) return { host, at, objects: [...beside, object] };
  }
  return undefined;
}

/** VirtualServices of any single namespace's scope that overlap a host which is for everybody. */
const besides = defineQuery<readonly WorldObject[]>((world, host) => {
  const scoped = world.ask(scopedHosts);
  if (host.startsWith("*")) return [...scoped].flatMap(([other, objects]) => (overlaps(other, host) ? objects : []));
  const wild = world.ask(scopedWildHosts).filter((other) => overlaps(other, host));
  return [...(scoped.get(host) ?? []), ...wild.flatMap((other) => scoped.get(other) ?? [])];
});

/** The VirtualServices that are for some namespaces only, by host. */
const scopedHosts = defineQuery<ReadonlyMap<string, readonly WorldObject[]>>((world) => {
  const scopes = new Set(
    world
      .all(kinds.VirtualService)
      .flatMap((object) => scopesOf(textsAt(object.object["spec"], "exportTo"), object.namespace)),
  );
  scopes.delete("*");
  const found = new Map<string, WorldObject[]>();
  for (const scope of scopes) {
    for (const [host, objects] of virtualServicesOfScope(world, scope)) {
      found.set(host, [...(found.get(host) ?? []), ...objects]);
    }
  }
  return found;
});

const scopedWildHosts = defineQuery<readonly string[]>((world) =>
  [...world.ask(scopedHosts).keys()].filter((host) => host.startsWith("*")),
);
