import { say } from "../../../message.ts";
import { fieldsAt, textsAt } from "../../../model/fields.ts";
import { kinds } from "../../kinds.ts";
import { problems } from "../../problems.ts";
import type { Rule } from "../../rule.ts";
import { defineQuery } from "../../world/query.ts";
import type { World } from "../../world/world.ts";
import type { WorldObject } from "../../world/worldObject.ts";
import { meet, rivalsOf, type HostClaim } from "../registry/meeting.ts";
import { namesOf, relatedTo } from "../related.ts";
import { hostKey } from "../registry/serviceHost.ts";
import { textItems } from "../textItems.ts";

export const sameHost: Rule = {
  name: "kialiSameHost",
  layer: "kiali",
  codes: [
    {
      code: "KIA1106",
      severity: "warning",
      title: "Host of several VirtualServices",
      explanation:
        "Several VirtualServices define the same host for the same gateway, or for the mesh. Sidecars use one of them only; gateways merge them in an order that is not defined. Merge them, or restrict who sees them with exportTo.",
      source: "networking.istio.io VirtualService, hosts; Kiali's virtualservices/single_host_checker.go",
    },
  ],
  kinds: [kinds.VirtualService],
  reads: [kinds.Sidecar, kinds.Namespace, kinds.MeshConfig],
  *check(vs, world) {
    const gateways = gatewaysOf(vs);
    for (const [index, host] of textItems(fieldsAt(vs.object, "spec"), "hosts")) {
      const key = hostKey(world, host, vs.namespace);
      const others = distinct(gateways.flatMap((gateway) => rivalsAt(world, { object: vs, gateway, key })));
      if (others.length === 0) continue;
      yield {
        code: "KIA1106",
        path: ["spec", "hosts", index],
        problem: problems.sameHostTwice,
        message: say("Host {0} is defined by {1} too", host, namesOf(others)),
        related: relatedTo(others, ["spec", "hosts"], say("Also defines {0}", host)),
      };
    }
  },
};

interface Claim extends HostClaim {
  readonly gateway: string;
}

function rivalsAt(world: World, claim: Claim): readonly WorldObject[] {
  return rivalsOf(claimsLike(world, claim), claim, (rival) => meet(world, claim, rival, claim.gateway === "mesh"));
}

function distinct(objects: readonly WorldObject[]): readonly WorldObject[] {
  return [...new Set(objects)];
}

function* claimsLike(world: World, { gateway, key }: Claim): Generator<Claim> {
  yield* world.ask(claimsOf, `${gateway} ${key}`);
  const [, namespace] = /^[^.]+\.([^.]+)\.svc\.cluster\.local$/u.exec(key) ?? [];
  if (namespace !== undefined) yield* world.ask(claimsOf, `${gateway} *.${namespace}.svc.cluster.local`);
  // A wildcard of a namespace takes every host in it.
  else if (/^\*\.[^.]+\.svc\.cluster\.local$/u.test(key)) yield* world.ask(claimsOf, `${gateway} in ${key}`);
}

const claimsByHost = defineQuery<ReadonlyMap<string, readonly Claim[]>>((world) => {
  const claims = new Map<string, Claim[]>();
  for (const vs of world.all(kinds.VirtualService)) {
    const keys = new Set(
      textsAt(fieldsAt(vs.object, "spec"), "hosts").map((host) => hostKey(world, host, vs.namespace)),
    );
    for (const gateway of gatewaysOf(vs)) {
      for (const key of keys) {
        const claim = { object: vs, gateway, key };
        put(claims, `${gateway} ${key}`, claim);
        const [, namespace] = /^[^.*]+\.([^.]+)\.svc\.cluster\.local$/u.exec(key) ?? [];
        if (namespace !== undefined) put(claims, `${gateway} in *.${namespace}.svc.cluster.local`, claim);
      }
    }
  }
  return claims;
});

const claimsOf = defineQuery<readonly Claim[]>((world, key) => world.ask(claimsByHost).get(key) ?? []);

function put(claims: Map<string, Claim[]>, key: string, claim: Claim): void {
  const list = claims.get(key);
  if (list === undefined) claims.set(key, [claim]);
  else list.push(claim);
}

/** The gateways of a VirtualService as "namespace/name"; none means the mesh. */
function gatewaysOf(vs: WorldObject): readonly string[] {
  const names = textsAt(fieldsAt(vs.object, "spec"), "gateways");
  if (names.length === 0) return ["mesh"];
  return [...new Set(names.map((name) => (name === "mesh" || name.includes("/") ? name : `${vs.namespace}/${name}`)))];
}
