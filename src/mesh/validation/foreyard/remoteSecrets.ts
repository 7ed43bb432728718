import { readRemoteSecret } from "../../inventory/meshes/meshEvidence.ts";
import { say } from "../../message.ts";
import type { FieldPath } from "../../yaml/fieldPath.ts";
import type { RuleFinding } from "../finding.ts";
import { kinds } from "../kinds.ts";
import { problems } from "../problems.ts";
import type { Rule } from "../rule.ts";
import { defineQuery } from "../world/query.ts";
import type { World } from "../world/world.ts";
import type { WorldObject } from "../world/worldObject.ts";
import { clusterIds, clusterName, isRemoteSecret, istiods } from "./facts/controlPlane.ts";
import { readKubeconfigs } from "./facts/kubeconfig.ts";

const remoteSecrets = defineQuery((world): readonly WorldObject[] => world.all(kinds.Secret).filter(isRemoteSecret));

/** The IDs of the clusters that this one has a remote secret for. */
const watchedIds = defineQuery((world): readonly string[] => {
  const ids = world.ask(remoteSecrets).flatMap(({ object }) => {
    const named = readRemoteSecret(object).clusterId;
    return [...readKubeconfigs(object).map(({ key }) => key), ...(named === undefined ? [] : [named])];
  });
  return [...new Set(ids)].sort();
});

/** Clusters of the mesh that an istiod has no remote secret for. */
export const missingRemoteSecret: Rule = {
  name: "missingRemoteSecret",
  layer: "foreyard",
  codes: [
    {
      code: "FY1102",
      severity: "warning",
      title: "Remote secret missing",
      explanation:
        "istiod finds the endpoints of another cluster of the mesh by a Secret with a kubeconfig for it, labelled " +
        "istio/multiCluster=true. Without it the workloads of the two do not reach each other. Make it with istioctl " +
        "create-remote-secret.",
      source: "istio/istio pkg/kube/multicluster",
    },
  ],
  kinds: [kinds.Deployment],
  reads: [kinds.Secret, kinds.MutatingWebhookConfiguration],
  *check(object, world) {
    const own = world.ask(istiods);
    // Told once for a cluster, on the first of its istiods.
    if (own[0]?.object !== object) return;
    const ids = world.ask(clusterIds);
    const watched = world.ask(watchedIds);
    for (const other of world.clusters()) {
      if (other === world) continue;
      const theirs = other.ask(clusterIds);
      const isKnown = theirs.length > 0 && !theirs.some((id) => watched.includes(id) || ids.includes(id));
      if (!isKnown) continue;
      yield {
        code: "FY1102",
        message: say(
          "Cluster {0} has no remote secret for cluster {1} (ID {2})",
          clusterName(world),
          clusterName(other),
          theirs.join(", "),
        ),
        path: ["metadata", "name"],
        problem: problems.secretNotFound,
        missingIn: object.namespace,
      };
    }
  },
};

/** Remote secrets that istiod cannot use. */
export const unusableRemoteSecret: Rule = {
  name: "unusableRemoteSecret",
  layer: "foreyard",
  codes: [
    {
      code: "FY1103",
      severity: "error",
      title: "Remote secret malformed",
      explanation:
        "istiod cannot read the kubeconfig in this Secret, so it does not see the cluster. Make it anew with istioctl " +
        "create-remote-secret.",
      source: "istio/istio pkg/kube/multicluster/secretcontroller.go",
    },
    {
      code: "FY1104",
      severity: "error",
      title: "Remote secret with an expired token",
      explanation:
        "The token in this Secret's kubeconfig has expired: istiod cannot read the other cluster any more, and keeps the " +
        "endpoints that it last knew. Make the Secret anew.",
      source: "Claim exp of the token; it is read for its date alone",
    },
    {
      code: "FY1105",
      severity: "warning",
      title: "Remote cluster not synced",
      explanation:
        "istiod reports that it has not read the cluster of this Secret. Its API server may be out of reach, or the " +
        "credentials may be refused.",
      source: "istiod's /debug/clusterz",
    },
  ],
  kinds: [kinds.Secret],
  reads: [],
  *check(object, world) {
    if (!isRemoteSecret(object)) return;
    yield* malformed(object);
    yield* expired(object, world.settings.now);
    yield* unsynced(object, world);
  },
};

function* malformed(object: WorldObject): Generator<RuleFinding> {
  const configs = readKubeconfigs(object.object);
  if (configs.length === 0) {
    yield {
      code: "FY1103",
      message: say("Remote secret {0} holds no kubeconfig", object.name),
      path: ["data"],
      problem: problems.badValue,
    };
  }
  for (const { key, field, missing } of configs) {
    if (missing === undefined) continue;
    yield {
      code: "FY1103",
      message: say("The kubeconfig for cluster {0} is not usable: no valid {1}", key, missing),
      path: [field, key],
      at: "key",
      problem: problems.badValue,
    };
  }
}

function* expired(object: WorldObject, now: number): Generator<RuleFinding> {
  for (const { key, field, expiresAt } of readKubeconfigs(object.object)) {
    if (expiresAt === undefined || expiresAt > now || expiresAt < earliest) continue;
    yield {
      code: "FY1104",
      message: say("The token for cluster {0} expired on {1}", key, new Date(expiresAt).toISOString().slice(0, 10)),
      path: [field, key],
      at: "key",
    };
  }
}

// Dates before Kubernetes are no dates, and Date refuses the largest numbers.
const earliest = Date.UTC(2014, 0, 1);

function* unsynced(object: WorldObject, world: World): Generator<RuleFinding> {
  const path: FieldPath = ["metadata", "name"];
  const name = `${object.namespace}/${object.name}`;
  for (const { cluster, secretName, syncStatus, id } of world.settings.clusterz ?? []) {
    const isThis = secretName === name && (cluster === undefined || cluster === world.cluster);
    if (!isThis || syncStatus.toLowerCase() === "synced") continue;
    yield {
      code: "FY1105",
      message: say("istiod reports cluster {0} as {1}", id, syncStatus),
      path,
    };
  }
}
