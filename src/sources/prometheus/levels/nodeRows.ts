import { say, type Message } from "../../../mesh/message.ts";
import type { NodeName, NodeQuery, NodeUse, RowsAnswer } from "../../../mesh/telemetry/levels/levelTelemetry.ts";
import {
  joinLabels,
  nodeJoins,
  nodeLabels,
  nodeLine,
  nodeQuery,
  nodeSeries,
  type NodeMetric,
  type NodeScope,
} from "../queries/nodeQueries.ts";
import type { ReadSeries } from "./chartSeries.ts";
import type { LevelQuestion, LevelReply } from "./levelAsker.ts";
import { ambiguity, byKey, oneThing } from "./tellApart.ts";

export const nodeWords: Readonly<Record<NodeMetric, Message>> = {
  nodeCpu: say("CPU of nodes"),
  nodeMemory: say("Memory of nodes"),
  nodeFilesystem: say("File systems of nodes"),
  nodeNetwork: say("Network of nodes"),
  nodeDisk: say("Disks of nodes"),
  nodeLoad: say("Load of nodes"),
};
const metrics = [
  "nodeCpu",
  "nodeMemory",
  "nodeFilesystem",
  "nodeNetwork",
  "nodeLoad",
] as const satisfies readonly NodeMetric[];

export function nodeLookedFor(metric: NodeMetric): LevelQuestion["lookedFor"] {
  return { series: nodeSeries[metric], exporter: "node-exporter", capability: "nodeExporter" };
}

/** Six questions: five of numbers, and the joins. */
export function nodeQuestions(scope: NodeScope): readonly LevelQuestion[] {
  const numbers = metrics.map((metric): LevelQuestion => {
    const line = nodeLine[metric];
    return {
      what: nodeWords[metric],
      query: nodeQuery(metric, scope, nodeLabels),
      labels: [...nodeLabels, ...(line === undefined ? [] : [line])],
      lookedFor: nodeLookedFor(metric),
    };
  });
  const joins: LevelQuestion = {
    what: say("Names of nodes"),
    query: nodeJoins(scope),
    labels: joinLabels,
    lookedFor: { series: "node_uname_info", exporter: "node-exporter", capability: "nodeExporter" },
  };
  return [...numbers, joins];
}

/** Rows of the answers to {@link nodeQuestions}; nodes of which nothing is told have none. */
export function nodeRows(replies: readonly LevelReply[], { nodes, cluster }: NodeQuery): RowsAnswer<NodeUse> {
  const joins = replies[metrics.length]?.series ?? [];
  const names = new NodeNames(nodes, joins);
  const parts = metrics.map((_, index) => byKey(replies[index]?.series ?? [], (each) => names.of(each) ?? ""));
  const unclear = new Set<string>();
  const rows = nodes.flatMap(({ name }): NodeUse[] => {
    const value = (metric: (typeof metrics)[number], line?: string): number => {
      const series = parts[metrics.indexOf(metric)]?.get(name) ?? [];
      const lines = byKey(series, ({ label }) => label(nodeLine[metric] ?? ""));
      const values = [...lines].flatMap(([key, each]) => {
        if (line !== undefined && key !== line) return [];
        const { points, isAmbiguous } = oneThing(each, cluster);
        if (isAmbiguous) unclear.add(name);
        return [points[0] ?? NaN];
      });
      return values.reduce((most, each) => (most > each ? most : each), NaN);
    };
    const use: NodeUse = {
      node: name,
      cpuShare: value("nodeCpu"),
      memoryShare: value("nodeMemory"),
      filesystemShare: value("nodeFilesystem"),
      receivedBytesPerSecond: value("nodeNetwork", "received"),
      sentBytesPerSecond: value("nodeNetwork", "sent"),
      loadPerCpu: value("nodeLoad"),
    };
    return Object.values(use).some((each) => typeof each === "number" && !Number.isNaN(each)) ? [use] : [];
  });
  return {
    rows,
    provenance: replies.map(({ provenance }) => provenance),
    missing: [
      ...replies.flatMap(({ missing, failure }, index) => (index < metrics.length || failure ? missing : [])),
      ...(unclear.size > 0 ? [{ what: say("Numbers of nodes"), why: ambiguity([...unclear]) }] : []),
      ...(unclear.size === 0 ? unjoined(rows, replies) : []),
    ],
  };
}

function unjoined(rows: readonly NodeUse[], replies: readonly LevelReply[]) {
  const found = replies.slice(0, metrics.length).some(({ series }) => series.length > 0);
  if (rows.length > 0 || !found) return [];
  const why = say(
    "Series of node-exporter are there, but neither a label node, nor node_uname_info, kube_pod_info, kube_node_info or an address says that they are of these nodes.",
  );
  return [{ what: say("Numbers of nodes"), why }];
}

/** Which node a series is about: by a label, by what the node calls itself, by the exporter's pod, by its address. */
class NodeNames {
  readonly #wanted: ReadonlySet<string>;
  readonly #byScrape = new Map<string, string>();
  readonly #byPod = new Map<string, string>();
  /** "" where several nodes have the address. */
  readonly #byAddress = new Map<string, string>();

  constructor(nodes: readonly NodeName[], joins: readonly ReadSeries[]) {
    this.#wanted = new Set(nodes.map(({ name }) => name));
    for (const { label } of joins) {
      if (label("told") === "name") this.#byScrape.set(scrapeKey(label), label("nodename"));
      else if (label("told") === "pod") this.#byPod.set(podKey(label), label("node"));
      else this.#addAddress(label("cluster"), label("internal_ip"), label("node"));
    }
    for (const { name, addresses } of nodes) {
      for (const host of [name, ...addresses]) this.#addAddress("", host, name);
    }
  }

  of({ label }: ReadSeries): string | undefined {
    const host = hostOf(label("instance"));
    const candidates = [
      label("node"),
      label("nodename"),
      this.#byScrape.get(scrapeKey(label)),
      this.#byPod.get(podKey(label)),
      this.#byAddress.get(addressKey("", host)),
      this.#byAddress.get(addressKey(label("cluster"), host)),
    ];
    return candidates.find((name) => name !== undefined && this.#wanted.has(name));
  }

  #addAddress(cluster: string, host: string, node: string): void {
    const key = addressKey(cluster, host);
    const before = this.#byAddress.get(key);
    this.#byAddress.set(key, before === undefined || before === node ? node : "");
  }
}

type Label = ReadSeries["label"];

function scrapeKey(label: Label): string {
  return JSON.stringify([label("cluster"), label("job"), label("instance")]);
}

function podKey(label: Label): string {
  return JSON.stringify([label("cluster"), label("namespace"), label("pod")]);
}

function addressKey(cluster: string, host: string): string {
  return JSON.stringify([cluster, host]);
}

/** Without the port, and without the brackets of IPv6. */
function hostOf(instance: string): string {
  return /^\[(.*)\](?::\d+)?$/.exec(instance)?.[1] ?? instance.replace(/^([^:]*):\d+$/, "$1");
}
