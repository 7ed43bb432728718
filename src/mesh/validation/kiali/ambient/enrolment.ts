import { fieldsAt, textMapAt } from "../../../model/fields.ts";
import { kinds } from "../../kinds.ts";
import type { World } from "../../world/world.ts";
import { containersOf, type PodLike } from "../../world/workloads.ts";
import type { WorldObject } from "../../world/worldObject.ts";
import { namespaceLabels } from "../registry/namespaces.ts";
import { readWorkload, workloadsWith } from "../registry/workloads.ts";

type Labels = Readonly<Record<string, string>>;

/** True if a namespace's pods are in ambient by its label `istio.io/dataplane-mode`. */
export function isAmbientNamespace(world: World, namespace: string): boolean {
  return own(namespaceLabels(world, namespace), "istio.io/dataplane-mode") === "ambient";
}

/**
 * The waypoint that something is enrolled with by the label `istio.io/use-waypoint`: its own, else its namespace's.
 * "none" and an empty text opt out.
 */
export function waypointOf(labels: Labels, namespaceLabelsOf: Labels): string | undefined {
  const name = own(labels, "istio.io/use-waypoint") ?? own(namespaceLabelsOf, "istio.io/use-waypoint");
  return name === undefined || name === "" || name === "none" ? undefined : name;
}

/** True if a namespace as a whole is enrolled with a waypoint. */
export function isNamespaceEnrolled(world: World, namespace: string): boolean {
  return waypointOf({}, namespaceLabels(world, namespace)) !== undefined;
}

/** True if a Service is enrolled with a waypoint, by itself or its namespace. */
export function isServiceEnrolled(world: World, service: WorldObject): boolean {
  const labels = textMapAt(fieldsAt(service.object, "metadata"), "labels");
  return waypointOf(labels, namespaceLabels(world, service.namespace)) !== undefined;
}

/**
 * True if all workloads of a namespace that have these labels are enrolled with a waypoint; where none has them, if the
 * namespace is. Waypoints themselves are left out.
 */
export function areWorkloadsEnrolled(world: World, namespace: string, labels: Labels): boolean {
  const ofNamespace = namespaceLabels(world, namespace);
  const matching = Object.keys(labels).length === 0 ? [] : workloadsWith(world, namespace, labels);
  const found = matching.map(readWorkload).filter(({ labels: all }) => !isWaypoint(all));
  if (found.length === 0) return waypointOf({}, ofNamespace) !== undefined;
  return found.every((workload) => waypointOf(workload.labels, ofNamespace) !== undefined);
}

/** True for a waypoint's pods, which istiod labels so. */
export function isWaypoint(labels: Labels): boolean {
  return own(labels, "gateway.istio.io/managed") === "istio.io-mesh-controller";
}

/** True for what belongs to a gateway or waypoint that istiod made: it labels the pods and their Service so. */
export function isGatewayLabelled(labels: Labels): boolean {
  return Object.hasOwn(labels, "gateway.networking.k8s.io/gateway-name") || isWaypoint(labels);
}

/** True for the pods of any gateway: made by istiod, injected as one, or with nothing but the proxy in them. */
export function isGatewayPod(pod: PodLike): boolean {
  if (isGatewayLabelled(pod.labels)) return true;
  if ((own(pod.annotations, "inject.istio.io/templates") ?? "").split(",").includes("gateway")) return true;
  const containers = containersOf(pod, false);
  return containers.length > 0 && containers.every(({ name }) => name === "istio-proxy");
}

/** True if a workload's pods are in ambient: by their own label, else by their namespace's. */
export function hasAmbientLabel(world: World, { labels, namespace }: PodLike): boolean {
  const mode = own(labels, "istio.io/dataplane-mode");
  return mode === undefined || mode === "" ? isAmbientNamespace(world, namespace) : mode === "ambient";
}

/** True if a pod's traffic is taken to ztunnel, as istio-cni notes on it. */
export function isRedirected({ annotations }: PodLike): boolean {
  return own(annotations, "ambient.istio.io/redirection") === "enabled";
}

/** True if a workload's pods are redirected, or would be if they were made now. */
export function isAmbientPod(world: World, workload: PodLike): boolean {
  return isRedirected(workload) || (workload.object.kind !== kinds.Pod && hasAmbientLabel(world, workload));
}

/** A label or annotation; own ones only, so that "constructor" is none that nobody set. */
export function own(labels: Labels, name: string): string | undefined {
  return Object.hasOwn(labels, name) ? labels[name] : undefined;
}
