import type { KubeObject } from "../../../mesh/model/kubeObject.ts";
import { timestamp, type Making } from "../objects/making.ts";
import { containersOf } from "../resources/containers.ts";
import { availableBytes, busyCores, nodesOf } from "../resources/nodeLoad.ts";
import { coresOf, memoryOf } from "../resources/podLoad.ts";
import { placesOf, runOf } from "../resources/podRun.ts";
import { valueAt } from "../resources/swing.ts";
import type { World } from "../world/blueprint.ts";

export const usageGroup = "metrics.k8s.io";
const apiVersion = `${usageGroup}/v1beta1`;

/** What the metrics server says of a cluster's pods or nodes right now. */
export function* usageObjects(
  making: Making,
  world: World,
  { kind, now }: { readonly kind: string; readonly now: number },
): Generator<KubeObject, void, undefined> {
  const common = { timestamp: timestamp(now), window: "15s" };
  const { id } = making.cluster;
  if (kind === "NodeMetrics") {
    for (const load of nodesOf(world)) {
      if (load.cluster.id !== id) continue;
      const memory = load.memoryBytes - availableBytes(load, making.startMillis, now);
      yield {
        apiVersion,
        kind,
        metadata: { name: load.node.name },
        ...common,
        usage: usage(busyCores(load, now), memory),
      };
    }
    return;
  }
  for (const place of placesOf(world)) {
    if (place.plan.cluster !== id) continue;
    const run = runOf(place, making.startMillis, now);
    const containers = containersOf(place.making, place.plan).map((container) => ({
      name: container.name,
      usage: usage(valueAt(coresOf(place, container), now), memoryOf(run, container, now)),
    }));
    yield { apiVersion, kind, metadata: { namespace: place.plan.namespace, name: run.pod }, ...common, containers };
  }
}

function usage(cores: number, bytes: number): Readonly<Record<string, string>> {
  return { cpu: `${Math.round(cores * 1e9)}n`, memory: `${Math.round(bytes / 1024)}Ki` };
}
