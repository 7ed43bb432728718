import { say } from "../../../message.ts";
import { fieldsAt, fieldsOf, listAt, textMapAt, textsAt } from "../../../model/fields.ts";
import { hasLabels } from "../../../model/labelSelector.ts";
import type { FieldPath } from "../../../yaml/fieldPath.ts";
import { kinds } from "../../kinds.ts";
import type { Rule } from "../../rule.ts";
import { rootNamespaceOf } from "../../world/meshConfig.ts";
import type { World } from "../../world/world.ts";
import type { WorldObject } from "../../world/worldObject.ts";
import { podsWith, type PodLike } from "../../world/workloads.ts";

interface Claim {
  readonly key: string;
  readonly path: FieldPath;
}

/** Routes by claims of a token that nobody validates (istio-analysis, 3.31). */
export const jwtClaimRoute: Rule = {
  name: "virtualservice.JWTClaimRouteAnalyzer",
  layer: "analyzer",
  codes: [
    {
      code: "IST0149",
      severity: "error",
      title: "Routed by claims without RequestAuthentication",
      explanation:
        "Claims of a token are known only where a RequestAuthentication validates it at the gateway's pods. Add one that selects them.",
      source: "istio/istio pkg/config/analysis/msg/messages.yaml, JwtClaimBasedRoutingWithoutRequestAuthN",
    },
  ],
  kinds: [kinds.VirtualService],
  reads: [kinds.RequestAuthentication, kinds.Gateway, kinds.Pod],
  *check(object, world) {
    const claim = claimOf(object);
    if (claim === undefined) return;
    for (const name of textsAt(object.object["spec"], "gateways")) {
      if (name === "mesh") continue;
      const slash = name.indexOf("/");
      const namespace = slash < 0 ? object.namespace : name.slice(0, slash);
      const gateway = world.get(kinds.Gateway, namespace, name.slice(slash + 1));
      if (gateway === undefined) continue;
      for (const pod of podsWith(world, "*", textMapAt(gateway.object["spec"], "selector"))) {
        if (isAuthenticated(world, pod)) continue;
        yield {
          code: "IST0149",
          message: say(
            "{0} needs a RequestAuthentication for the pods of gateway {1} ({2})",
            claim.key,
            name,
            pod.name,
          ),
          path: claim.path,
          at: "key",
          related: [{ object: gateway, path: ["metadata", "name"], message: say("The gateway") }],
        };
      }
    }
  },
};

const claimKey = /^@request\.auth\.claims(?:\..+|\[.+\])/iu;

function claimOf({ object }: WorldObject): Claim | undefined {
  for (const [at, route] of listAt(fieldsAt(object, "spec"), "http").entries()) {
    for (const [of, match] of listAt(route, "match").entries()) {
      for (const field of ["headers", "withoutHeaders"]) {
        const key = Object.keys(fieldsAt(match, field)).find((name) => claimKey.test(name));
        if (key !== undefined) return { key, path: ["spec", "http", at, "match", of, field, key] };
      }
    }
  }
  return undefined;
}

function isAuthenticated(world: World, pod: PodLike): boolean {
  const root = world.settings.isExactlyIstio ? "istio-system" : rootNamespaceOf(world);
  return [root, pod.namespace].some((namespace) =>
    world.inNamespace(kinds.RequestAuthentication, namespace).some(({ object }) => selects(object["spec"], pod, world)),
  );
}

function selects(spec: unknown, pod: PodLike, world: World): boolean {
  const hasTarget = Object.hasOwn(fieldsOf(spec), "targetRef") || listAt(spec, "targetRefs").length > 0;
  // Whether a policy for a Gateway of the Gateway API holds for the pod its name tells: Istio does not look.
  if (hasTarget && !world.settings.isExactlyIstio) {
    const names = [fieldsAt(spec, "targetRef"), ...listAt(spec, "targetRefs")].map((ref) => fieldsOf(ref)["name"]);
    return names.includes(pod.labels["gateway.networking.k8s.io/gateway-name"]);
  }
  return hasLabels(pod.labels, textMapAt(fieldsAt(spec, "selector"), "matchLabels"));
}
