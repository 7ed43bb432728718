import type { World } from "../world/blueprint.ts";
import type { Family } from "./family.ts";
import type { Labels } from "./textFormat.ts";

const gib = 1024 ** 3;

/** Nodes as kube-state-metrics and node-exporter tell of them; `seconds` is the age of the world. */
export function nodeFamilies(world: World, seconds: number): readonly Family[] {
  const nodes = world.clusters.flatMap((cluster) => cluster.nodes.map((node) => ({ cluster: cluster.id, node })));
  type Place = (typeof nodes)[number];
  const family = (
    name: string,
    help: string,
    make: (place: Place) => readonly (readonly [Labels, number])[],
  ): Family => {
    const samples = function* (): Generator<readonly [Labels, number], void, undefined> {
      for (const place of nodes) yield* make(place);
    };
    return { name, help, type: name.endsWith("_total") ? "counter" : "gauge", samples };
  };
  const labels = ({ cluster, node }: Place): Labels => [
    ["cluster", cluster],
    ["node", node.name],
  ];
  const instance = ({ cluster, node }: Place): Labels => [
    ["cluster", cluster],
    ["instance", node.name],
    ["node", node.name],
  ];
  const memory = ({ node }: Place) => (node.isUnderMemoryPressure ? 16 : 32) * gib;
  const idleShare = ({ node }: Place) => (node.isUnderMemoryPressure ? 0.18 : 0.7);
  return [
    family("kube_node_info", "Information about a cluster node.", (place) => [[labels(place), 1]]),
    family("kube_node_status_condition", "The condition of a cluster node.", (place) =>
      ["Ready", "MemoryPressure", "DiskPressure", "PIDPressure"].flatMap((condition) => {
        const isTrue = condition === "Ready" || (condition === "MemoryPressure" && place.node.isUnderMemoryPressure);
        return ["true", "false"].map((status): readonly [Labels, number] => [
          [...labels(place), ["condition", condition], ["status", status]],
          isTrue === (status === "true") ? 1 : 0,
        ]);
      }),
    ),
    family("kube_node_status_allocatable", "The allocatable resources of a node.", (place) => [
      [[...labels(place), ["resource", "memory"], ["unit", "byte"]], memory(place)],
      [[...labels(place), ["resource", "cpu"], ["unit", "core"]], 7.91],
    ]),
    family("node_uname_info", "Labeled system information as provided by the uname system call.", (place) => [
      [[...instance(place), ["nodename", place.node.name]], 1],
    ]),
    family("node_memory_MemTotal_bytes", "Memory information field MemTotal_bytes.", (place) => [
      [instance(place), memory(place)],
    ]),
    family("node_memory_MemAvailable_bytes", "Memory information field MemAvailable_bytes.", (place) => [
      [instance(place), Math.round(memory(place) * (place.node.isUnderMemoryPressure ? 0.03 : 0.55))],
    ]),
    family("node_cpu_seconds_total", "Seconds the CPUs spent in each mode.", (place) =>
      (["idle", "user"] as const).map((mode) => [
        [...instance(place), ["cpu", "0"], ["mode", mode]],
        seconds * (mode === "idle" ? idleShare(place) : 1 - idleShare(place)),
      ]),
    ),
  ];
}
