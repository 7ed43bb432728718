import { say } from "../../../message.ts";
import { fieldsAt, fieldsOf, listAt, textAt } from "../../../model/fields.ts";
import { hasLabels } from "../../../model/labelSelector.ts";
import { policyLabels } from "../../../security/mtlsMode.ts";
import { kinds } from "../../kinds.ts";
import { problems } from "../../problems.ts";
import type { Rule } from "../../rule.ts";
import { defineQuery } from "../../world/query.ts";
import type { World } from "../../world/world.ts";
import type { PodLike } from "../../world/workloads.ts";
import type { WorldObject } from "../../world/worldObject.ts";
import { hasAmbientLabel, isGatewayPod, isServiceEnrolled, own, waypointOf } from "../ambient/enrolment.ts";
import { isL7Policy } from "../ambient/l7.ts";
import { namespaceLabels } from "../registry/namespaces.ts";
import { servicesSelecting } from "../registry/services.ts";
import { isOwned, podKinds, readWorkload } from "../registry/workloads.ts";
import { labelPath } from "./dataPlaneLabels.ts";

const source = "istio.io/use-waypoint; Kiali's ambient/ambient_workload_checker.go";

export const workloadWaypoint: Rule = {
  name: "kialiWorkloadWaypoint",
  layer: "kiali",
  codes: [
    {
      code: "KIA1312",
      severity: "warning",
      title: "Waypoint named outside ambient",
      explanation:
        "istio.io/use-waypoint names a waypoint, and the workload is not in ambient, so it is not used for it. Put the workload into ambient, or remove the label.",
      source,
    },
    {
      code: "KIA1313",
      severity: "error",
      title: "Waypoint not found",
      explanation:
        "istio.io/use-waypoint names a Gateway that does not exist or is no waypoint, so what needs a waypoint is not carried out. Create it with gatewayClassName istio-waypoint, or correct the name.",
      source,
    },
    {
      code: "KIA1317",
      severity: "warning",
      title: "Policy for requests, but no waypoint",
      explanation:
        "An AuthorizationPolicy that looks into requests is for this workload, which is in ambient without a waypoint. ztunnel cannot look into requests. Enrol the workload or its Service with a waypoint.",
      source,
    },
  ],
  kinds: podKinds,
  reads: [kinds.Namespace, kinds.KubernetesGateway, kinds.Service, kinds.AuthorizationPolicy],
  *check(object, world) {
    if (isOwned(object)) return;
    const workload = readWorkload(object);
    if (isGatewayPod(workload)) return;
    const ofNamespace = namespaceLabels(world, object.namespace);
    const waypoint = waypointOf(workload.labels, ofNamespace);
    const path = labelPath(workload, "istio.io/use-waypoint");
    const isAmbient = hasAmbientLabel(world, workload);
    if (waypoint !== undefined) {
      if (!isAmbient) {
        yield {
          code: "KIA1312",
          path,
          message: say("{0} is not in ambient, so waypoint {1} is not used", object.name, waypoint),
        };
      }
      const place =
        own(workload.labels, "istio.io/use-waypoint-namespace") ??
        own(ofNamespace, "istio.io/use-waypoint-namespace") ??
        object.namespace;
      if (isWaypointGateway(world.get(kinds.KubernetesGateway, place, waypoint))) return;
      yield {
        code: "KIA1313",
        path,
        problem: problems.noWaypoint,
        message: say("There is no waypoint {0} in namespace {1}", waypoint, place),
        missingIn: place,
        missingKind: kinds.KubernetesGateway,
      };
    } else if (isAmbient) {
      const policy = policyFor(world, workload);
      if (policy === undefined) return;
      yield {
        code: "KIA1317",
        path: ["metadata", "name"],
        problem: problems.noWaypoint,
        message: say("{0} looks into requests to {1}, which has no waypoint", policy.name, object.name),
        related: [{ object: policy, path: ["spec"], message: say("Needs a waypoint") }],
      };
    }
  },
};

function isWaypointGateway(gateway: WorldObject | undefined): boolean {
  if (gateway === undefined) return false;
  const name = textAt(fieldsAt(gateway.object, "spec"), "gatewayClassName") ?? "";
  return name.includes("waypoint") || listAt(fieldsAt(gateway.object, "spec"), "listeners").some(isMeshListener);
}

// HBONE is spoken to waypoints only.
function isMeshListener(listener: unknown): boolean {
  return textAt(listener, "protocol") === "HBONE";
}

/** A policy of the namespace that looks into requests to a workload that no waypoint serves. */
function policyFor(world: World, workload: PodLike): WorldObject | undefined {
  const { namespace } = workload;
  const policies = world.ask(l7Policies, namespace);
  if (policies.length === 0) return undefined;
  const services = servicesSelecting(world, namespace, workload.labels);
  // A Service's own waypoint serves requests to it.
  if (services.length > 0 && services.every((service) => isServiceEnrolled(world, service))) return undefined;
  const names = new Set(services.map(({ name }) => name));
  return policies.find((policy) => {
    const targets = targetsOf(policy);
    if (targets.length > 0) {
      return targets.some((ref) => textAt(ref, "kind") === "Service" && names.has(textAt(ref, "name") ?? ""));
    }
    return hasLabels(workload.labels, policyLabels(policy.object));
  });
}

const l7Policies = defineQuery<readonly WorldObject[]>((world, namespace) =>
  world.inNamespace(kinds.AuthorizationPolicy, namespace).filter(({ kind, object }) => isL7Policy(kind, object)),
);

function targetsOf({ object }: WorldObject): readonly unknown[] {
  const spec = fieldsAt(object, "spec");
  const single = fieldsOf(spec)["targetRef"];
  return [...listAt(spec, "targetRefs"), ...(single == null ? [] : [single])];
}
