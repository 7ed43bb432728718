import { readRoots } from "../../inventory/meshes/meshEvidence.ts";
import { say } from "../../message.ts";
import { kinds } from "../kinds.ts";
import type { Rule } from "../rule.ts";
import { defineQuery } from "../world/query.ts";
import type { World } from "../world/world.ts";
import type { WorldObject } from "../world/worldObject.ts";
import { earlierClusters } from "./clusterIdentity.ts";
import { clusterName, istioNamespace } from "./facts/controlPlane.ts";

const rootsName = "istio-ca-root-cert";

/** What the workloads of a cluster trust: istiod writes the same into every namespace, so one tells it. */
const rootsOf = defineQuery(
  (world): { readonly object: WorldObject; readonly roots: readonly string[] } | undefined => {
    const object =
      world.get(kinds.ConfigMap, world.ask(istioNamespace), rootsName) ??
      world.all(kinds.ConfigMap).find(({ name }) => name === rootsName);
    if (object === undefined) return undefined;
    const roots = readRoots(object.object).certificates;
    return roots.length === 0 ? undefined : { object, roots };
  },
);

/** Clusters of one mesh whose workloads do not trust each other's certificates. */
export const sharedRoot: Rule = {
  name: "sharedRoot",
  layer: "foreyard",
  codes: [
    {
      code: "FY1106",
      severity: "error",
      title: "Clusters without a common root",
      explanation:
        "The workloads of two clusters of the mesh trust no certificate in common, so mTLS between them fails. Give both " +
        "intermediate certificates of one root; during a rotation both must trust the old and the new one.",
      source: "ConfigMap istio-ca-root-cert, key root-cert.pem; certificates compare by their DER bytes",
    },
  ],
  kinds: [kinds.ConfigMap],
  reads: [kinds.Deployment],
  *check(object, world) {
    if (object.name !== rootsName) return;
    const own = world.ask(rootsOf);
    if (own?.object !== object) return;
    const other = earlierClusters(world).find((earlier) => isApart(own.roots, earlier));
    const theirs = other?.ask(rootsOf);
    if (other === undefined || theirs === undefined) return;
    yield {
      code: "FY1106",
      message: say("Clusters {0} and {1} have no root certificate in common", clusterName(other), clusterName(world)),
      path: ["data", "root-cert.pem"],
      at: "key",
      related: [{ object: theirs.object, path: ["data", "root-cert.pem"], message: say("The other cluster's roots") }],
    };
  },
};

function isApart(roots: readonly string[], other: World): boolean {
  const theirs = other.ask(rootsOf)?.roots;
  return theirs !== undefined && !roots.some((root) => theirs.includes(root));
}
