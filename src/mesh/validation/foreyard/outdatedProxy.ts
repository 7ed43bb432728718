import { fieldsAt, listAt, textAt, textMapAt } from "../../model/fields.ts";
import { readImage } from "../../inventory/facts/imageVersion.ts";
import { say } from "../../message.ts";
import type { FieldPath } from "../../yaml/fieldPath.ts";
import { kinds } from "../kinds.ts";
import { problems } from "../problems.ts";
import type { Rule } from "../rule.ts";
import { defineQuery } from "../world/query.ts";
import type { World } from "../world/world.ts";
import type { WorldObject } from "../world/worldObject.ts";
import { annotationOf, istiods, proxyOf, revisionNamed } from "./facts/controlPlane.ts";

/** Pods whose proxy is of another build or another revision than what would be injected now. */
export const outdatedProxy: Rule = {
  name: "outdatedProxy",
  layer: "foreyard",
  codes: [
    {
      code: "FY1070",
      severity: "warning",
      title: "Proxy of another version than its control plane",
      explanation:
        "The pod was injected before its control plane was upgraded (or pins another image by its template). Restart the " +
        "workload, so that it gets the proxy of the control plane that it is connected to.",
      source: "Image of the container istio-proxy and of istiod's container of the same revision",
    },
    {
      code: "FY1071",
      severity: "warning",
      title: "Proxy injected by another revision",
      explanation:
        "The labels of the pod or its namespace ask for another revision than the one that injected the pod. Restart the " +
        "workload to move it.",
      source: "Annotation sidecar.istio.io/status, label istio.io/rev",
    },
  ],
  kinds: [kinds.Pod],
  reads: [kinds.Deployment, kinds.Namespace, kinds.MutatingWebhookConfiguration],
  *check(object, world) {
    const proxy = proxyOf(object);
    if (proxy === undefined || annotationOf(object, "sidecar.istio.io/status") === undefined) return;
    const { facts, revision } = proxy;
    const wanted = wantedRevision(world, object);
    if (revision !== undefined && wanted !== undefined && wanted !== revision) {
      yield {
        code: "FY1071",
        message: say("Injected by revision {0}; its labels now ask for {1}", revision, wanted),
        path: ["metadata", "annotations", "sidecar.istio.io/status"],
      };
      return;
    }
    const expected = world.ask(versionOfRevision, revision ?? "default");
    const found = readImage(facts.image).version;
    if (expected === undefined || found === undefined || expected === found) return;
    if (annotationOf(object, "sidecar.istio.io/proxyImage") !== undefined) return;
    yield {
      code: "FY1070",
      message: say("The proxy is version {0}; its control plane is {1}", found, expected),
      path: imagePath(object),
      problem: problems.badValue,
    };
  },
};

/** The version of the istiods of a revision; undefined where none is known or they differ, as during an upgrade. */
const versionOfRevision = defineQuery((world, revision): string | undefined => {
  const versions = world
    .ask(istiods)
    .filter(({ facts }) => (facts.revision ?? "default") === revision)
    .map(({ facts }) => facts.version);
  return versions.every((version) => version === versions[0]) ? versions[0] : undefined;
});

// Istio's webhooks: the pod's own label counts where the namespace has none; "istio-injection" is the default revision.
function wantedRevision(world: World, pod: WorldObject): string | undefined {
  const namespace = world.get(kinds.Namespace, "", pod.namespace);
  if (namespace === undefined) return undefined;
  const labels = textMapAt(fieldsAt(namespace.object, "metadata"), "labels");
  const own = textMapAt(fieldsAt(pod.object, "metadata"), "labels")["istio.io/rev"];
  const isDefault = labels["istio-injection"] === "enabled";
  const name = isDefault ? "default" : (labels["istio.io/rev"] ?? own);
  return name === undefined ? undefined : world.ask(revisionNamed, name);
}

function imagePath({ object }: WorldObject): FieldPath {
  const spec = fieldsAt(object, "spec");
  for (const list of ["containers", "initContainers"]) {
    const at = listAt(spec, list).findIndex((container) => textAt(container, "name") === "istio-proxy");
    if (at >= 0) return ["spec", list, at, "image"];
  }
  return ["spec"];
}
