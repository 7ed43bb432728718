import { say, type Message } from "../../../mesh/message.ts";
import type {
  ClusterRows,
  ContainerUse,
  ResourceQuery,
  RowsAnswer,
} from "../../../mesh/telemetry/levels/levelTelemetry.ts";
import {
  containerMetrics,
  containerQuery,
  podLabels,
  scrapeLabels,
  type ContainerMetric,
  type ContainerScope,
} from "../queries/resourceQueries.ts";
import type { LevelQuestion, LevelReply } from "./levelAsker.ts";
import { ambiguity, byKey, oneThing } from "./tellApart.ts";

const words: Readonly<Record<ContainerMetric, Message>> = {
  cpu: say("CPU of containers"),
  memory: say("Memory of containers"),
  throttling: say("CPU throttling of containers"),
};
const fields = { cpu: "cores", memory: "memoryBytes", throttling: "throttledShare" } as const;
const metrics: readonly ContainerMetric[] = ["cpu", "memory", "throttling"];

export function containerQuestion(
  metric: ContainerMetric,
  scope: ContainerScope,
  labels: readonly string[],
): LevelQuestion {
  return {
    what: words[metric],
    query: containerQuery(metric, scope, labels),
    labels: [...scrapeLabels, ...podLabels, ...labels],
    lookedFor: { series: containerMetrics[metric], exporter: "cAdvisor", capability: "cadvisor" },
  };
}

/** Three questions. */
export function containerQuestions(scope: ContainerScope): readonly LevelQuestion[] {
  return metrics.map((metric) => containerQuestion(metric, scope, ["container"]));
}

/** Rows of the answers to {@link containerQuestions}. */
export function containerRows(
  replies: readonly LevelReply[],
  { cluster }: Pick<ResourceQuery, "cluster">,
): RowsAnswer<ContainerUse> {
  const rows = new Map<string, Record<"cores" | "memoryBytes" | "throttledShare", number>>();
  const unclear = new Set<string>();
  for (const [index, metric] of metrics.entries()) {
    for (const [key, series] of byContainer(replies[index])) {
      const { points, isAmbiguous } = oneThing(series, cluster);
      if (isAmbiguous) unclear.add(key);
      const value = points[0] ?? NaN;
      if (Number.isNaN(value)) continue;
      const row = rows.get(key) ?? { cores: NaN, memoryBytes: NaN, throttledShare: NaN };
      row[fields[metric]] = value;
      rows.set(key, row);
    }
  }
  return {
    rows: [...rows].map(([key, numbers]) => ({ ...namesIn(key), ...numbers })),
    provenance: replies.map(({ provenance }) => provenance),
    missing: [
      // A container without a CPU limit is never held back: nothing is missing.
      ...replies.flatMap(({ missing, failure }, index) => (metrics[index] === "throttling" && !failure ? [] : missing)),
      ...notOurs(replies, cluster, rows.size),
      ...(unclear.size > 0 ? [{ what: say("CPU and memory of containers"), why: ambiguity(namesOf(unclear)) }] : []),
    ],
  };
}

/** There are series of such pods, but of no cluster that is meant. */
function notOurs(replies: readonly LevelReply[], cluster: ClusterRows | undefined, found: number) {
  if (found > 0 || !cluster?.id || replies.every(({ series }) => series.length === 0)) return [];
  return [{ what: say("CPU and memory of containers"), why: say("No series has the label cluster {0}.", cluster.id) }];
}

function byContainer(reply: LevelReply | undefined) {
  return byKey(reply?.series ?? [], ({ label }) => {
    return JSON.stringify([label("namespace"), label("pod"), label("container")]);
  });
}

function namesIn(key: string): Pick<ContainerUse, "namespace" | "pod" | "container"> {
  const [namespace = "", pod = "", container = ""] = JSON.parse(key) as string[];
  return { namespace, pod, container };
}

function namesOf(keys: Iterable<string>): readonly string[] {
  return [...new Set([...keys].map((key) => `${namesIn(key).namespace}/${namesIn(key).pod}`))];
}
