import type { ClusterPlan, NodePlan, World } from "../world/blueprint.ts";
import { unit } from "../world/seed.ts";
import { containersOf } from "./containers.ts";
import { coresOf, memoryOf } from "./podLoad.ts";
import { placesOf, runOf, type PodPlace } from "./podRun.ts";
import { quantityOf } from "./quantity.ts";
import { nodeMemory } from "../objects/nodes.ts";
import { integralOf, swingOf, valueAt, type Swing } from "./swing.ts";

export const cpusOfNode = 8;

/** One node and everything that uses it. */
export interface NodeLoad {
  readonly cluster: ClusterPlan;
  readonly node: NodePlan;
  readonly places: readonly PodPlace[];
  readonly memoryBytes: number;
  /** Cores of what is in no pod: the kubelet, the runtime, and the kernel where it looks for memory. */
  readonly system: Swing;
  /** Bytes per second. */
  readonly received: Swing;
  readonly sent: Swing;
  /** Share of the time that the disk is busy. */
  readonly disk: Swing;
  readonly filesystems: readonly Filesystem[];
}

export interface Filesystem {
  readonly device: string;
  readonly mountpoint: string;
  readonly type: string;
  readonly sizeBytes: number;
  readonly usedShare: number;
}

const gib = 1024 ** 3;
const known = new WeakMap<World, readonly NodeLoad[]>();

export function nodesOf(world: World): readonly NodeLoad[] {
  let nodes = known.get(world);
  if (!nodes) {
    const byNode = new Map<string, PodPlace[]>();
    for (const place of placesOf(world)) {
      const key = `${place.plan.cluster}/${place.node}`;
      const there = byNode.get(key);
      if (there) there.push(place);
      else byNode.set(key, [place]);
    }
    nodes = world.clusters.flatMap((cluster) =>
      cluster.nodes.map((node) => loadOf(world, cluster, node, byNode.get(`${cluster.id}/${node.name}`) ?? [])),
    );
    known.set(world, nodes);
  }
  return nodes;
}

function loadOf({ seed }: World, cluster: ClusterPlan, node: NodePlan, places: readonly PodPlace[]): NodeLoad {
  const key = `${cluster.id}/${node.name}`;
  const swing = (mean: number, what: string) => swingOf(mean, 0.2, `${key}/${what}`, seed);
  const draw = (what: string) => unit(`${key}/${what}`, seed);
  const isPressed = node.isUnderMemoryPressure;
  return {
    cluster,
    node,
    places,
    memoryBytes: quantityOf(nodeMemory(node)),
    system: swing(isPressed ? 3.6 : 0.4 + 0.3 * draw("system"), "system"),
    received: swing(2e6 + 9e6 * draw("received"), "received"),
    sent: swing(2e6 + 7e6 * draw("sent"), "sent"),
    disk: swing(isPressed ? 0.7 : 0.02 + 0.1 * draw("disk"), "disk"),
    filesystems: [
      filesystem("/dev/nvme0n1p1", "/", 100 * gib, 0.3 + 0.25 * draw("root")),
      filesystem("/dev/nvme0n1p2", "/var/lib/containerd", 200 * gib, 0.25 + 0.3 * draw("containerd")),
      { ...filesystem("tmpfs", "/run", 3 * gib, 0.001), type: "tmpfs" },
    ],
  };
}

function filesystem(device: string, mountpoint: string, sizeBytes: number, usedShare: number): Filesystem {
  return { device, mountpoint, type: "ext4", sizeBytes, usedShare };
}

/** Seconds of CPU that everything on the node used. */
export function busySeconds({ places, system }: NodeLoad, fromMillis: number, toMillis: number): number {
  let sum = integralOf(system, fromMillis, toMillis);
  for (const place of places) {
    for (const container of containersOf(place.making, place.plan)) {
      sum += integralOf(coresOf(place, container), fromMillis, toMillis);
    }
  }
  return sum;
}

/** Cores in use at a time. */
export function busyCores({ places, system }: NodeLoad, atMillis: number): number {
  let sum = valueAt(system, atMillis);
  for (const place of places) {
    for (const container of containersOf(place.making, place.plan)) sum += valueAt(coresOf(place, container), atMillis);
  }
  return sum;
}

/** What the kernel could still give, in bytes. A node under pressure has next to nothing left, whoever holds it. */
export function availableBytes(load: NodeLoad, startMillis: number, atMillis: number): number {
  if (load.node.isUnderMemoryPressure) return Math.round(load.memoryBytes * 0.03);
  let used = 2.5 * gib;
  for (const place of load.places) {
    const run = runOf(place, startMillis, atMillis);
    for (const container of containersOf(place.making, place.plan)) used += memoryOf(run, container, atMillis);
  }
  return Math.round(Math.max(load.memoryBytes * 0.2, load.memoryBytes - used));
}

/** Load of one minute, of all CPUs together. */
export function loadOfMinute(load: NodeLoad, atMillis: number): number {
  return busyCores(load, atMillis) * 1.1;
}
