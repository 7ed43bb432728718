import { isAbort, MeshError } from "../../../mesh/meshError.ts";
import type { Log } from "../../../mesh/ports.ts";
import type { EdgePresence, EdgeQuery } from "../../../mesh/telemetry/edges/edgeAnswer.ts";
import { labelOf } from "../../../mesh/telemetry/sample.ts";
import { knownValue } from "../../../mesh/telemetry/specialValues.ts";
import type { PrometheusClient } from "../http/prometheusClient.ts";
import { exampleQuery } from "../queries/capabilityProbe.ts";
import { bytesMetrics, requestMetric } from "../queries/edgeQueries.ts";
import { eitherOf, flowing, oneOf, rate, relabel, select, sumBy, type Matcher } from "../queries/promql.ts";

export interface PresenceOptions {
  readonly client: PrometheusClient;
  readonly always: readonly Matcher[];
  readonly log: Log;
}

/** Without one of these an edge has no two ends. */
const neededLabels = [
  "reporter",
  "source_workload",
  "source_workload_namespace",
  "destination_workload",
  "destination_workload_namespace",
  "destination_service_name",
] as const;

const monthSeconds = 30 * 24 * 3600;
const mostNamespaces = 50;

/** Looks why there is nothing to draw, by two small questions; a third where a store lists no labels. */
export async function askPresence(
  options: PresenceOptions,
  { windowSeconds, atMillis }: Pick<EdgeQuery, "windowSeconds" | "atMillis">,
  signal: AbortSignal,
): Promise<EdgePresence> {
  const { client, always } = options;
  const series = select("", [oneOf("__name__", [requestMetric, ...Object.values(bytesMetrics)]), ...always]);
  const flows = flowingQuery(always, windowSeconds);
  const [labels, { samples }] = await Promise.all([
    labelsOf(options, series, atMillis, signal),
    client.query(flows, atMillis, signal),
  ]);
  const { names, query } = labels;
  const missingLabels = names.size > 0 ? neededLabels.filter((label) => !names.has(label)) : [];
  const namespaces = samples.flatMap((sample) => knownValue(labelOf(sample, "namespace")) ?? []);
  return {
    seriesExist: names.size > 0,
    labelsFit: names.size > 0 && missingLabels.length === 0,
    missingLabels,
    flowingNamespaces: namespaces.toSorted().slice(0, mostNamespaces),
    queries: [query, flows],
  };
}

/** The labels of Istio's series of the last month; where the store does not list them, those of one that lives. */
async function labelsOf(
  { client, always, log }: PresenceOptions,
  series: string,
  atMillis: number,
  signal: AbortSignal,
): Promise<{ readonly names: ReadonlySet<string>; readonly query: string }> {
  const example = exampleQuery(always);
  try {
    const now = atMillis / 1000;
    const names = await client.labelNames(series, { first: now - monthSeconds, last: now }, signal);
    return { names: new Set(names), query: example };
  } catch (e) {
    if (isAbort(e) || !MeshError.is(e)) throw e;
    log.debug("labels are not listed", { error: e.message });
    const [found] = (await client.query(example, atMillis, signal)).samples;
    return { names: new Set(Object.keys(found?.labels ?? {})), query: example };
  }
}

/** Where something arrives or comes from, as `namespace`. */
function flowingQuery(always: readonly Matcher[], windowSeconds: number): string {
  const ends = ["destination_workload_namespace", "destination_service_namespace", "source_workload_namespace"];
  const flows = ends.flatMap((label) =>
    [requestMetric, bytesMetrics.tcpReceived].map((metric) => {
      const rates = flowing(sumBy([label], rate(select(metric, always), windowSeconds)));
      return relabel(rates, { to: "namespace", replacement: "$1", from: label, pattern: "(.+)" });
    }),
  );
  return `topk(${mostNamespaces}, ${sumBy(["namespace"], eitherOf(flows))})`;
}
