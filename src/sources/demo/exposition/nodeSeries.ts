import { hostIp } from "../objects/pods.ts";
import {
  availableBytes,
  busySeconds,
  cpusOfNode,
  loadOfMinute,
  nodesOf,
  type NodeLoad,
} from "../resources/nodeLoad.ts";
import { integralOf } from "../resources/swing.ts";
import type { World } from "../world/blueprint.ts";
import { familyOf, type Family, type Sampled } from "./family.ts";
import type { Labels } from "./textFormat.ts";

/** Nodes as kube-state-metrics tells of them. */
export function nodeFamilies(world: World): readonly Family[] {
  const nodes = nodesOf(world);
  const labels = ({ cluster, node }: NodeLoad): Labels => [
    ["cluster", cluster.id],
    ["node", node.name],
  ];
  const resources = (load: NodeLoad, cpu: number): readonly Sampled[] => [
    [[...labels(load), ["resource", "memory"], ["unit", "byte"]], load.memoryBytes],
    [[...labels(load), ["resource", "cpu"], ["unit", "core"]], cpu],
    [[...labels(load), ["resource", "pods"], ["unit", "integer"]], 110],
  ];
  return [
    familyOf(nodes, "kube_node_info", "Information about a cluster node.", (load) => [
      [
        [
          ...labels(load),
          ["internal_ip", addressOf(world, load)],
          ["kernel_version", "6.12.30"],
          ["os_image", "Debian GNU/Linux 13 (trixie)"],
          ["kubelet_version", load.cluster.kubernetesVersion],
          ["container_runtime_version", "containerd://2.1.4"],
        ],
        1,
      ],
    ]),
    familyOf(nodes, "kube_node_status_condition", "The condition of a cluster node.", (load) =>
      ["Ready", "MemoryPressure", "DiskPressure", "PIDPressure"].flatMap((condition) => {
        const isTrue = condition === "Ready" || (condition === "MemoryPressure" && load.node.isUnderMemoryPressure);
        return ["true", "false", "unknown"].map((status): Sampled => {
          const is = status !== "unknown" && isTrue === (status === "true");
          return [[...labels(load), ["condition", condition], ["status", status]], is ? 1 : 0];
        });
      }),
    ),
    familyOf(nodes, "kube_node_status_allocatable", "What a node can give to pods.", (load) => resources(load, 7.91)),
    familyOf(nodes, "kube_node_status_capacity", "What a node has.", (load) => resources(load, cpusOfNode)),
    familyOf(nodes, "kube_node_spec_unschedulable", "Whether a node takes no new pods.", (load) => [[labels(load), 0]]),
  ];
}

/**
 * Nodes as node-exporter tells of them. The exporter does not know Kubernetes' name of its node: `instance` is an address,
 * and the kernel's node name is the same only in one of the clusters.
 */
export function nodeExporterFamilies(world: World, startMillis: number, atMillis: number): readonly Family[] {
  const nodes = nodesOf(world);
  const instance = (load: NodeLoad): Labels => [
    ["cluster", load.cluster.id],
    ["instance", `${addressOf(world, load)}:9100`],
  ];
  const family = (name: string, help: string, make: (load: NodeLoad) => readonly Sampled[]) =>
    familyOf(nodes, name, help, (load) => make(load).map(([labels, value]) => [[...instance(load), ...labels], value]));
  const available = (load: NodeLoad) => availableBytes(load, startMillis, atMillis);
  return [
    family("node_uname_info", "Labeled system information as provided by the uname system call.", (load) => [
      [
        [
          ["nodename", nodenameOf(world, load)],
          ["sysname", "Linux"],
          ["release", "6.12.30"],
          ["machine", "x86_64"],
        ],
        1,
      ],
    ]),
    family("node_time_seconds", "System time in seconds since epoch (1970).", () => [[[], atMillis / 1000]]),
    family("node_load1", "1m load average.", (load) => [[[], loadOfMinute(load, atMillis)]]),
    family("node_memory_MemTotal_bytes", "Memory information field MemTotal_bytes.", (load) => [
      [[], load.memoryBytes],
    ]),
    family("node_memory_MemAvailable_bytes", "Memory information field MemAvailable_bytes.", (load) => [
      [[], available(load)],
    ]),
    family("node_cpu_seconds_total", "Seconds the CPUs spent in each mode.", (load) =>
      cpuSamples(load, startMillis, atMillis),
    ),
    family("node_filesystem_size_bytes", "Filesystem size in bytes.", ({ filesystems }) =>
      filesystems.map((one): Sampled => [filesystemLabels(one), one.sizeBytes]),
    ),
    family("node_filesystem_avail_bytes", "Filesystem space available to non-root users in bytes.", ({ filesystems }) =>
      filesystems.map((one): Sampled => [filesystemLabels(one), one.sizeBytes * (1 - one.usedShare)]),
    ),
    family("node_network_receive_bytes_total", "Network device statistic receive_bytes.", ({ received }) =>
      devices(integralOf(received, startMillis, atMillis)),
    ),
    family("node_network_transmit_bytes_total", "Network device statistic transmit_bytes.", ({ sent }) =>
      devices(integralOf(sent, startMillis, atMillis)),
    ),
    family("node_disk_io_time_seconds_total", "Total seconds spent doing I/Os.", ({ disk }) => [
      [[["device", "nvme0n1"]], integralOf(disk, startMillis, atMillis)],
    ]),
  ];
}

function addressOf({ seed }: World, { cluster, node }: NodeLoad): string {
  return hostIp({ seed, cluster, startMillis: 0 }, node.name);
}

function nodenameOf(world: World, load: NodeLoad): string {
  if (load.cluster.id === "eu") return load.node.name;
  return `ip-${addressOf(world, load).replaceAll(".", "-")}`;
}

// All CPUs do the same; most of the work is the programs' own.
const modes = { user: 0.75, system: 0.22, softirq: 0.03 } as const;

function cpuSamples(load: NodeLoad, startMillis: number, atMillis: number): readonly Sampled[] {
  const seconds = (atMillis - startMillis) / 1000;
  const busy = Math.min(seconds, busySeconds(load, startMillis, atMillis) / cpusOfNode);
  return Array.from({ length: cpusOfNode }, (_, cpu) => cpu).flatMap((cpu): Sampled[] => [
    [
      [
        ["cpu", String(cpu)],
        ["mode", "idle"],
      ],
      seconds - busy,
    ],
    ...Object.entries(modes).map(([mode, share]): Sampled => [
      [
        ["cpu", String(cpu)],
        ["mode", mode],
      ],
      busy * share,
    ]),
  ]);
}

function filesystemLabels({ device, mountpoint, type }: NodeLoad["filesystems"][number]): Labels {
  return [
    ["device", device],
    ["mountpoint", mountpoint],
    ["fstype", type],
  ];
}

/** What talks to itself through the loopback is no traffic of the node. */
function devices(bytes: number): readonly Sampled[] {
  return [
    [[["device", "eth0"]], bytes],
    [[["device", "lo"]], bytes * 0.4],
  ];
}
