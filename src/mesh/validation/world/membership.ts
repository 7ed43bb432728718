import { textMapAt } from "../../model/fields.ts";
import { kinds } from "../kinds.ts";
import { defineQuery } from "./query.ts";
import type { World } from "./world.ts";
import { containersOf, type PodLike } from "./workloads.ts";

// Which pods and namespaces belong to the mesh, as Istio's analyzers judge (pkg/config/analysis/analyzers/util).

const namespaceLabels = defineQuery<Readonly<Record<string, string>> | undefined>((world, name) => {
  const namespace = world.get(kinds.Namespace, "", name);
  return namespace === undefined ? undefined : textMapAt(namespace.object.metadata, "labels");
});

/** The labels of a namespace; undefined if it is not declared. */
export function labelsOfNamespace(world: World, name: string): Readonly<Record<string, string>> | undefined {
  return world.ask(namespaceLabels, name);
}

/** True for a pod with a sidecar, or one that the injector would give one. Init containers count for Pods only. */
export function isInMesh(world: World, pod: PodLike): boolean {
  if (containersOf(pod, !pod.isTemplate).some(({ name, image }) => name === "istio-proxy" && image !== "")) return true;
  const label = pod.labels["sidecar.istio.io/inject"];
  if (label !== undefined) return label === "true";
  const annotation = pod.annotations["sidecar.istio.io/inject"];
  if (annotation !== undefined) return annotation === "true";
  const labels = labelsOfNamespace(world, pod.namespace);
  if (labels === undefined) return false;
  if (labels["istio-injection"] === "enabled") return true;
  // Istio's analyzers overlook namespaces that are injected by a revision.
  return (
    !world.settings.isExactlyIstio && labels["istio-injection"] === undefined && (labels["istio.io/rev"] ?? "") !== ""
  );
}

export function isAmbientPod({ annotations }: PodLike): boolean {
  return annotations["ambient.istio.io/redirection"] === "enabled";
}

export function isAmbientNamespace(world: World, name: string): boolean {
  const labels = labelsOfNamespace(world, name);
  return (
    labels !== undefined &&
    labels["istio-injection"] !== "enabled" &&
    (labels["istio.io/rev"] ?? "") === "" &&
    labels["istio.io/dataplane-mode"] === "ambient"
  );
}
