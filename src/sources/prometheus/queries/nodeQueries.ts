import type { ClusterRows, NodeName, ResourceChart } from "../../../mesh/telemetry/levels/levelTelemetry.ts";
import {
  both,
  countBy,
  either,
  eitherOf,
  equal,
  marked,
  matches,
  matchesNot,
  notEqual,
  oneOf,
  rate,
  relabel,
  select,
  sumBy,
  type Matcher,
} from "./promql.ts";
import { exportersOf, hostPattern, scrapeLabels } from "./resourceQueries.ts";

export interface NodeScope {
  readonly cluster: ClusterRows | undefined;
  readonly windowSeconds: number;
  /** Matchers of the user. */
  readonly always: readonly Matcher[];
}

/** What node-exporter is asked for. */
export const nodeMetrics = [
  "nodeCpu",
  "nodeMemory",
  "nodeFilesystem",
  "nodeNetwork",
  "nodeDisk",
  "nodeLoad",
] as const satisfies readonly ResourceChart[];
export type NodeMetric = (typeof nodeMetrics)[number];

export const nodeSeries: Readonly<Record<NodeMetric, string>> = {
  nodeCpu: "node_cpu_seconds_total",
  nodeMemory: "node_memory_MemAvailable_bytes",
  nodeFilesystem: "node_filesystem_avail_bytes",
  nodeNetwork: "node_network_receive_bytes_total",
  nodeDisk: "node_disk_io_time_seconds_total",
  nodeLoad: "node_load1",
};

/** The label that tells the lines of a metric apart. */
export const nodeLine: Readonly<Partial<Record<NodeMetric, string>>> = {
  nodeFilesystem: "mountpoint",
  nodeNetwork: "side",
  nodeDisk: "device",
};

/** Labels that may say, by themselves or by a join, which node a series of node-exporter is about. */
export const nodeLabels = [...scrapeLabels, "node", "nodename", "namespace", "pod"] as const;

// File systems that hold nothing of their own, and volumes of pods, which are not the node's.
const pseudo = "tmpfs|ramfs|devtmpfs|squashfs|iso9660|nsfs|autofs|proc|sysfs|cgroup2?|fuse\\..*";
const ofPods = ".*/kubelet/(?:pods|plugins)/.*|/run/.*";
/** Loopback, and the ends of pods' networks, whose bytes pass a real device once more. */
const inner =
  "lo|veth.*|cali.*|lxc.*|cilium_.*|docker.*|cni.*|flannel.*|br-.*|kube-.*|nodelocaldns|tunl.*|vxlan.*|dummy.*|ifb.*";

/** One metric of all nodes, by `labels` and what tells its lines apart: shares, bytes per second, load per CPU. */
export function nodeQuery(metric: NodeMetric, scope: NodeScope, labels: readonly string[]): string {
  const rest = [...exportersOf(scope.cluster), ...scope.always];
  const rated = (name: string, ...matchers: Matcher[]): string =>
    rate(select(name, [...matchers, ...rest]), scope.windowSeconds);
  const by = (...more: readonly string[]): string => [...labels, ...more].join(",");
  const idle = equal("mode", "idle");
  switch (metric) {
    case "nodeCpu":
      return `1 - avg by (${by()}) (${rated("node_cpu_seconds_total", idle)})`;
    case "nodeMemory": {
      const [available, total] = [
        select("node_memory_MemAvailable_bytes", rest),
        select("node_memory_MemTotal_bytes", rest),
      ];
      return `max by (${by()}) (1 - ${available} / ${total})`;
    }
    case "nodeFilesystem": {
      const real = [matchesNot("fstype", pseudo), matchesNot("mountpoint", ofPods), ...rest];
      const share = `${select("node_filesystem_avail_bytes", real)} / (${select("node_filesystem_size_bytes", real)} > 0)`;
      return `max by (${by("mountpoint")}) (1 - ${share})`;
    }
    case "nodeNetwork": {
      const side = (name: string, value: string): string =>
        marked(sumBy([...labels], rated(name, matchesNot("device", inner))), "side", value);
      return either(
        side("node_network_receive_bytes_total", "received"),
        side("node_network_transmit_bytes_total", "sent"),
      );
    }
    case "nodeDisk":
      return sumBy(
        [...labels, "device"],
        rated("node_disk_io_time_seconds_total", matchesNot("device", "loop.*|ram.*|sr.*|fd.*")),
      );
    case "nodeLoad": {
      const cpus = countBy(labels, select("node_cpu_seconds_total", [idle, ...rest]));
      return `${sumBy(labels, select("node_load1", rest))} / ${cpus}`;
    }
  }
}

/** The same of one node. How it is told is the first of these that finds anything: see {@link exportersAt}. */
export function oneNodeQuery(metric: NodeMetric, scope: NodeScope, node: NodeName): string {
  return both(nodeQuery(metric, scope, scrapeLabels), exportersAt(node, scope), scrapeLabels);
}

/** The three joins for all nodes, as `told`: by what a node calls itself, its exporter's pod, and its address. */
export function nodeJoins({ cluster, always }: NodeScope): string {
  const rest = [...exportersOf(cluster), ...always];
  const uname = select("node_uname_info", rest);
  const pods = both(select("kube_pod_info", [notEqual("node", ""), ...rest]), uname, ["cluster", "namespace", "pod"]);
  return eitherOf([
    marked(countBy(nodeLabels, uname), "told", "name"),
    marked(countBy(["cluster", "namespace", "pod", "node"], pods), "told", "pod"),
    marked(countBy(["cluster", "node", "internal_ip"], select("kube_node_info", rest)), "told", "address"),
  ]);
}

export const joinLabels = [...nodeLabels, "internal_ip", "told"] as const;

/**
 * The scrapes of node-exporter on one node: by a label `node`, by what the node calls itself, by the exporter's pod, by
 * its address. Addresses come last: behind a proxy several nodes share one.
 */
function exportersAt({ name, addresses }: NodeName, { cluster, always }: NodeScope): string {
  const rest = [...exportersOf(cluster), ...always];
  const any = oneOf("__name__", ["node_uname_info", "node_memory_MemTotal_bytes"]);
  const scrapes = (selector: string): string => countBy(scrapeLabels, selector);
  const isThis = equal("node", name);
  const hosts = relabel(select("", [any, ...rest]), {
    to: "internal_ip",
    replacement: "$1",
    from: "instance",
    pattern: "\\[?([^\\]]+?)\\]?(?::[0-9]+)?",
  });
  return [
    scrapes(select("", [any, isThis, ...rest])),
    scrapes(select("node_uname_info", [equal("nodename", name), ...rest])),
    scrapes(
      both(select("node_uname_info", rest), select("kube_pod_info", [isThis, ...rest]), [
        "cluster",
        "namespace",
        "pod",
      ]),
    ),
    scrapes(select("", [any, matches("instance", hostPattern([name, ...addresses])), ...rest])),
    scrapes(both(hosts, select("kube_node_info", [isThis, ...rest]), ["cluster", "internal_ip"])),
  ].reduce((first, next) => either(first, next, ["cluster"]));
}
