import type { World } from "../world/blueprint.ts";
import { placesOf, lastKill, runOf } from "../resources/podRun.ts";
import { lazy, metaOf, timestamp, uidFor, type Lazy, type Making } from "./making.ts";

interface Told {
  readonly of: { readonly kind: string; readonly namespace: string; readonly name: string };
  readonly reason: string;
  readonly message: string;
  readonly lastMillis: number;
  readonly count: number;
  readonly component: string;
}

/** What kubelets of a cluster told lately: of containers that were ended for their memory, and of nodes short of it. */
export function eventObjects(making: Making, world: World, now: number): readonly Lazy[] {
  const told: Told[] = [];
  for (const place of placesOf(world)) {
    if (place.plan.cluster !== making.cluster.id || !place.isSick) continue;
    const run = runOf(place, making.startMillis, now);
    const kill = lastKill(run);
    if (!kill) continue;
    const of = { kind: "Pod", namespace: place.plan.namespace, name: run.pod };
    const about = { of, lastMillis: kill.restartedMillis, count: kill.restarts, component: "kubelet" };
    told.push(
      { ...about, reason: "BackOff", message: `Back-off restarting failed container app in pod ${run.pod}` },
      {
        ...about,
        of: { kind: "Node", namespace: "default", name: place.node },
        reason: "OOMKilling",
        message: `Memory cgroup out of memory: Killed process of container app in pod ${of.namespace}/${of.name}`,
        component: "kernel-monitor",
      },
    );
  }
  for (const { name, isUnderMemoryPressure } of making.cluster.nodes) {
    if (!isUnderMemoryPressure) continue;
    const of = { kind: "Node", namespace: "default", name };
    const about = { of, lastMillis: making.startMillis - 2_400_000, count: 1, component: "kubelet" };
    const pressure = `Node ${name} status is now: NodeHasInsufficientMemory`;
    told.push(
      { ...about, reason: "NodeHasInsufficientMemory", message: pressure },
      { ...about, reason: "EvictionThresholdMet", message: "Attempting to reclaim memory", count: 14 },
    );
  }
  return told.map((one) => eventOf(making, one));
}

function eventOf(making: Making, { of, reason, message, lastMillis, count, component }: Told): Lazy {
  const name = `${of.name}.${uidFor(making, "Event", of.namespace, `${of.name}/${reason}`).slice(0, 8)}`;
  const { namespace } = of;
  return lazy(making, { apiVersion: "v1", kind: "Event", namespace, name, manager: "kubelet" }, () => ({
    metadata: metaOf(making, "Event", name, { namespace, createdMillis: lastMillis - count * 60_000 }),
    involvedObject: {
      kind: of.kind,
      ...(of.kind === "Node" ? {} : { namespace }),
      name: of.name,
      uid: uidFor(making, of.kind, of.kind === "Node" ? "" : namespace, of.name),
    },
    type: "Warning",
    reason,
    message,
    count,
    firstTimestamp: timestamp(lastMillis - count * 60_000),
    lastTimestamp: timestamp(lastMillis),
    source: { component },
  }));
}
