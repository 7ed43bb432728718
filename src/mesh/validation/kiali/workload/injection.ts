import type { World } from "../../world/world.ts";
import type { PodLike } from "../../world/workloads.ts";
import { own } from "../ambient/enrolment.ts";
import { namespaceLabels } from "../registry/namespaces.ts";

/** True if the labels of a workload's pods or of its namespace ask for a sidecar, and none of them refuses it. */
export function isInjected(world: World, workload: PodLike): boolean {
  if (workload.spec["hostNetwork"] === true) return false;
  const ofNamespace = namespaceLabels(world, workload.namespace);
  const { labels, annotations } = workload;
  const wish = own(labels, "sidecar.istio.io/inject") ?? own(annotations, "sidecar.istio.io/inject");
  const namespaceWish = own(ofNamespace, "istio-injection");
  if (wish === "false" || namespaceWish === "disabled") return false;
  if (namespaceWish === "enabled" || wish === "true") return true;
  return hasText(own(ofNamespace, "istio.io/rev")) || hasText(own(labels, "istio.io/rev"));
}

function hasText(text: string | undefined): boolean {
  return text !== undefined && text !== "";
}
