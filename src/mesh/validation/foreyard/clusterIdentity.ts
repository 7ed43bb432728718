import { fieldsAt, listAt, textAt } from "../../model/fields.ts";
import { say } from "../../message.ts";
import type { FieldPath } from "../../yaml/fieldPath.ts";
import { kinds } from "../kinds.ts";
import type { Rule } from "../rule.ts";
import type { World } from "../world/world.ts";
import { clusterIds, clusterName, injectors, istiods, proxyOf, type Istiod } from "./facts/controlPlane.ts";

/** Clusters of one mesh that go by the same ID. */
export const sharedClusterId: Rule = {
  name: "sharedClusterId",
  layer: "foreyard",
  codes: [
    {
      code: "FY1100",
      severity: "error",
      title: "Two clusters share a cluster ID",
      explanation:
        "Istio tells the clusters of a mesh apart by the ID that their istiods run with. With one ID for two, endpoints and " +
        "metrics of one count as the other's. Give each its own values.global.multiCluster.clusterName.",
      source: "Environment variable CLUSTER_ID of istiod",
    },
  ],
  kinds: [kinds.Deployment],
  reads: [],
  *check(object, world) {
    const own = world.ask(istiods).find((istiod) => istiod.object === object);
    const id = own?.facts.clusterId;
    if (
      own === undefined ||
      id === undefined ||
      world.ask(istiods).find(({ facts }) => facts.clusterId === id) !== own
    ) {
      return;
    }
    // Told once for a pair: by the later of the two.
    for (const other of earlierClusters(world)) {
      const twin = other.ask(istiods).find(({ facts }) => facts.clusterId === id);
      if (twin === undefined) continue;
      yield {
        code: "FY1100",
        message: say("Clusters {0} and {1} both have the cluster ID {2}", clusterName(other), clusterName(world), id),
        path: environmentPath(own),
        related: [{ object: twin.object, path: environmentPath(twin), message: say("The same ID") }],
      };
      return;
    }
  },
};

/** Proxies that tell another cluster ID than their control plane expects. */
export const proxyClusterId: Rule = {
  name: "proxyClusterId",
  layer: "foreyard",
  codes: [
    {
      code: "FY1101",
      severity: "error",
      title: "Proxy with another cluster's ID",
      explanation:
        "The proxy says that it is in another cluster than its istiod does. It then gets endpoints and certificates for that " +
        "cluster, and its metrics count there. Correct the injection template's cluster name and restart the pod.",
      source: "Environment variables ISTIO_META_CLUSTER_ID of the proxy, CLUSTER_ID of istiod",
    },
  ],
  kinds: [kinds.Pod],
  reads: [kinds.Deployment, kinds.MutatingWebhookConfiguration],
  *check(object, world) {
    const proxy = proxyOf(object);
    const found = proxy?.facts.clusterId;
    if (proxy === undefined || found === undefined) return;
    const expected = expectedId(world, proxy.revision);
    if (expected === undefined || expected === found) return;
    yield {
      code: "FY1101",
      message: say("Pod {0} has the cluster ID {1}, its control plane {2}", object.name, found, expected),
      path: containerPath(object.object, "istio-proxy", "ISTIO_META_CLUSTER_ID"),
    };
  },
};

function expectedId(world: World, revision: string | undefined): string | undefined {
  const own = world.ask(istiods);
  const same = own.filter(({ facts }) => revision === undefined || (facts.revision ?? "default") === revision);
  const ids = new Set((same.length > 0 ? same : own).flatMap(({ facts }) => facts.clusterId ?? []));
  // An injector that says a cluster in its path overrides what istiod would set.
  const called = world
    .ask(injectors)
    .find((injector) => injector.clusterId !== undefined && (revision === undefined || injector.revision === revision));
  if (called !== undefined) return called.clusterId;
  const known = ids.size > 0 ? [...ids] : world.ask(clusterIds);
  return known.length === 1 ? known[0] : undefined;
}

export function earlierClusters(world: World): readonly World[] {
  const all = world.clusters();
  return all.slice(0, Math.max(0, all.indexOf(world)));
}

function environmentPath({ object }: Istiod): FieldPath {
  const template = fieldsAt(fieldsAt(object.object, "spec"), "template");
  const inPod = containerPath(template, "discovery", "CLUSTER_ID");
  return ["spec", "template", ...inPod];
}

/** To a variable of a container of `spec`, in a Pod or a template. */
function containerPath(pod: unknown, name: string, variable: string): FieldPath {
  const spec = fieldsAt(pod, "spec");
  for (const list of ["containers", "initContainers"]) {
    const containers = listAt(spec, list);
    const named = containers.findIndex((container) => textAt(container, "name") === name);
    const container = named < 0 && list === "containers" ? 0 : named;
    const at = listAt(containers[container], "env").findIndex((one) => textAt(one, "name") === variable);
    if (at >= 0) return ["spec", list, container, "env", at, "value"];
  }
  return ["spec"];
}
