import { say, type Message } from "../../../mesh/message.ts";
import type {
  ChartSeries,
  Grouping,
  ResourceChart,
  ResourceChartsQuery,
  ResourcesOf,
  Unit,
} from "../../../mesh/telemetry/levels/levelTelemetry.ts";
import type { Missing } from "../../../mesh/telemetry/summaries.ts";
import { nodeLine, nodeMetrics, oneNodeQuery, type NodeMetric, type NodeScope } from "../queries/nodeQueries.ts";
import { scrapeLabels } from "../queries/resourceQueries.ts";
import { containerQuestion } from "./containerRows.ts";
import type { LevelQuestion, LevelReply } from "./levelAsker.ts";
import { nodeLookedFor, nodeWords } from "./nodeRows.ts";
import { ambiguity, byKey, oneThing } from "./tellApart.ts";

export const resourceUnits: Readonly<Record<ResourceChart, Unit>> = {
  cpu: "cores",
  memory: "bytes",
  throttling: "share",
  nodeCpu: "share",
  nodeMemory: "share",
  nodeFilesystem: "share",
  nodeNetwork: "bytesPerSecond",
  nodeDisk: "share",
  nodeLoad: "count",
};

type Of = ResourceChartsQuery["of"];

/** One question; a message where the chart says nothing about such a thing. */
export function resourceQuestion(chart: ResourceChart, of: Of, scope: NodeScope): LevelQuestion | Message {
  if (!isNodeMetric(chart))
    return containerQuestion(chart, { of: podsOf(of), ...scope }, linesAreContainers(of) ? ["container"] : []);
  if (of.what !== "node") return say("This is known of nodes only.");
  const line = nodeLine[chart];
  return {
    what: nodeWords[chart],
    query: oneNodeQuery(chart, scope, of.node),
    labels: [...scrapeLabels, ...(line === undefined ? [] : [line])],
    lookedFor: nodeLookedFor(chart),
  };
}

export function resourceGrouping(chart: ResourceChart, of: Of): Grouping {
  return isNodeMetric(chart) || linesAreContainers(of) ? "none" : "pod";
}

/** The lines of a chart: of containers, of pods, or of parts of a node. */
export function resourceLines(
  chart: ResourceChart,
  { of, cluster }: Pick<ResourceChartsQuery, "of" | "cluster">,
  reply: LevelReply | undefined,
): { readonly lines: readonly ChartSeries[]; readonly missing: readonly Missing[] } {
  const groups = byKey(reply?.series ?? [], ({ label }) => {
    if (isNodeMetric(chart)) return label(nodeLine[chart] ?? "");
    if (linesAreContainers(of)) return label("container");
    return of.what === "pods" ? label("pod") : `${label("namespace")}/${label("pod")}`;
  });
  const all = [...groups].map(([name, series]) => ({ name, ...oneThing(series, cluster) }));
  const unclear = all.filter(({ isAmbiguous }) => isAmbiguous).map(({ name }) => name || nameOf(of));
  return {
    lines: all
      .filter(({ points }) => points.some((value) => !Number.isNaN(value)))
      .map(({ name, points }) => ({ name, points })),
    missing: reply && unclear.length > 0 ? [{ what: reply.question.what, why: ambiguity(unclear) }] : [],
  };
}

function isNodeMetric(chart: ResourceChart): chart is NodeMetric {
  return nodeMetrics.some((metric) => metric === chart);
}

function linesAreContainers(of: Of): boolean {
  return of.what === "pods" && of.pods.length === 1;
}

function podsOf(of: Of): ResourcesOf {
  return of.what === "node" ? { what: "podsOfNode", node: of.node.name } : of;
}

function nameOf(of: Of): string {
  return of.what === "node" ? of.node.name : "";
}
