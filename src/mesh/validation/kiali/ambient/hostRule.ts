import { say } from "../../../message.ts";
import type { KubeObject } from "../../../model/kubeObject.ts";
import type { FieldPath } from "../../../yaml/fieldPath.ts";
import type { RuleFinding } from "../../finding.ts";
import { kinds, type KindName } from "../../kinds.ts";
import { problems } from "../../problems.ts";
import type { CodeInfo, Rule } from "../../rule.ts";
import type { World } from "../../world/world.ts";
import type { WorldObject } from "../../world/worldObject.ts";
import { serviceNameOf, serviceOf } from "../registry/serviceHost.ts";
import { isAmbientNamespace, isNamespaceEnrolled, isServiceEnrolled } from "./enrolment.ts";

/** What differs between the kinds that say something of requests to hosts. */
export interface AmbientHosts {
  readonly name: string;
  readonly kind: KindName;
  /** The object's own namespace is in ambient without a waypoint, and its hosts are no Services of ambient. */
  readonly namespaceNotEnrolled: string;
  readonly serviceNotEnrolled: string;
  readonly otherNamespace: string;
  /** True if it says something of requests inside the mesh. */
  readonly isForRequests: (object: KubeObject) => boolean;
  readonly hostsOf: (object: KubeObject) => readonly { readonly host: string; readonly path: FieldPath }[];
}

const source = "istio.io/use-waypoint; Kiali's ambient_policy_checker.go";

/** The rule that a waypoint of a host's Service is there to do what an object says of requests to it. */
export function ambientHostRule(hosts: AmbientHosts): Rule {
  const kindText = hosts.kind.split("/")[1] ?? "";
  return {
    name: hosts.name,
    layer: "kiali",
    codes: codesOf(hosts, kindText),
    kinds: [hosts.kind],
    reads: [kinds.Namespace, kinds.Service],
    *check(own, world) {
      if (!hosts.isForRequests(own.object)) return;
      const all = hosts.hostsOf(own.object);
      const services = new Map<string, { readonly service: WorldObject; readonly path: FieldPath }>();
      for (const { host, path } of all) {
        const service = ambientService(world, host, own.namespace);
        if (service !== undefined && !services.has(service.id)) services.set(service.id, { service, path });
      }
      for (const { service, path } of services.values()) yield* judge(hosts, own, world, { service, path });
      const [first] = all;
      if (services.size > 0 || first === undefined || !isAmbientNamespace(world, own.namespace)) return;
      if (isNamespaceEnrolled(world, own.namespace)) return;
      yield {
        code: hosts.namespaceNotEnrolled,
        path: first.path,
        problem: problems.noWaypoint,
        message: say("Namespace {0} is in ambient and not enrolled with a waypoint", own.namespace),
      };
    },
  };
}

function codesOf(hosts: AmbientHosts, kindText: string): readonly CodeInfo[] {
  return [
    {
      code: hosts.namespaceNotEnrolled,
      severity: "warning",
      title: `${kindText} without a waypoint in ambient`,
      explanation: `What the ${kindText} says of requests is carried out by a waypoint, and its namespace is not enrolled with one: label it istio.io/use-waypoint.`,
      source,
    },
    {
      code: hosts.serviceNotEnrolled,
      severity: "warning",
      title: `${kindText} for a Service without a waypoint`,
      explanation: `What the ${kindText} says of requests is carried out by the Service's waypoint, and it is not enrolled with one: label the Service or its namespace istio.io/use-waypoint.`,
      source,
    },
    {
      code: hosts.otherNamespace,
      severity: "warning",
      title: `${kindText} outside the namespace of its ambient Service`,
      explanation: `A waypoint only carries out what stands in its Service's own namespace. Move the ${kindText} there.`,
      source,
    },
  ];
}

function* judge(
  hosts: AmbientHosts,
  own: WorldObject,
  world: World,
  { service, path }: { readonly service: WorldObject; readonly path: FieldPath },
): Generator<RuleFinding> {
  if (service.namespace !== own.namespace) {
    yield {
      code: hosts.otherNamespace,
      path,
      problem: problems.ambientIneffective,
      message: say("The waypoint of this Service only looks into namespace {0}", service.namespace),
      related: [{ object: service, path: ["metadata", "namespace"], message: say("The Service") }],
    };
  }
  if (!isServiceEnrolled(world, service)) {
    yield {
      code: hosts.serviceNotEnrolled,
      path,
      problem: problems.noWaypoint,
      message: say("Service {0} is not enrolled with a waypoint", `${service.namespace}/${service.name}`),
      related: [{ object: service, path: ["metadata", "labels"], message: say("Without istio.io/use-waypoint") }],
    };
  }
}

function ambientService(world: World, host: string, namespace: string): WorldObject | undefined {
  const name = serviceNameOf(world, host, namespace);
  if (name === undefined || !isAmbientNamespace(world, name.namespace)) return undefined;
  return serviceOf(world, name);
}
