import { setImmediate } from "node:timers/promises";
import type { RowsAnswer, SparkQuery, SparkRow } from "../../../../mesh/telemetry/levels/levelTelemetry.ts";
import { observerOf, passesZtunnel, type Flow } from "../../traffic/flow.ts";
import { workloadId } from "../../world/blueprint.ts";
import { chartTimes } from "./chartTimes.ts";
import { provenanceFor, type LevelSource } from "./levelSource.ts";
import { LinearSums, rateIn, SumsByEra } from "./linearSums.ts";

interface Spark {
  readonly clusterId: string;
  readonly namespace: string;
  readonly name: string;
  readonly unit: SparkRow["unit"];
}

/** A small line for every row of the lists, counted as they count. */
export async function sparks(
  source: LevelSource,
  query: SparkQuery,
  signal: AbortSignal,
): Promise<RowsAnswer<SparkRow> & { readonly times: Float64Array }> {
  signal.throwIfAborted();
  const { range, windowSeconds } = query;
  const times = chartTimes(range);
  const known = new Map<string, Spark>();
  const isAsked = query.namespaces && new Set(query.namespaces);
  const sums = new SumsByEra(source.history, (flows) => {
    const named = new Map<string, LinearSums>();
    for (const flow of flows) {
      const spark = sparkOf(flow, query.rows);
      if (!spark || isAsked?.has(flow.namespace) === false) continue;
      const id = `${spark.unit} ${workloadId(spark.clusterId, spark.namespace, spark.name)}`;
      known.set(id, spark);
      let own = named.get(id);
      if (!own) named.set(id, (own = new LinearSums()));
      own.add({ flow, share: 1, isAtSource: false });
    }
    return named;
  });
  const ids = [...sums.namesBy(range.toMillis)];
  const withRequests = new Set(ids.filter((id) => id.startsWith("rps ")));
  const shown = ids.filter((id) => withRequests.has(id) || !withRequests.has(id.replace(/^\S+/, "rps")));
  const points = new Map(shown.map((id) => [id, new Float64Array(times.length)]));
  for (const [i, time] of times.entries()) {
    const window = sums.window(time * 1000, windowSeconds);
    for (const [id, line] of points) {
      const isRequests = withRequests.has(id);
      const value = isRequests
        ? rateIn(window, id, "requests")
        : sum(rateIn(window, id, "tripRequestBytes"), rateIn(window, id, "tripResponseBytes"));
      line[i] = value ?? NaN;
    }
    if (i % 4 === 3) await setImmediate();
    signal.throwIfAborted();
  }
  const rows = [...points].flatMap(([id, line]): SparkRow[] => {
    const spark = known.get(id);
    return spark ? [{ ...spark, points: line }] : [];
  });
  const names = ["istio_requests_total", "istio_tcp_*_bytes_total"];
  const at = { windowSeconds, atMillis: range.toMillis };
  return { rows, times, provenance: provenanceFor(source, names, at), missing: [] };
}

function sum(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : a + b;
}

function sparkOf(flow: Flow, rows: SparkQuery["rows"]): Spark | undefined {
  // Envoy's catch-all clusters are no services.
  if (flow.external?.requestedHost !== undefined) return undefined;
  const observer = observerOf(flow);
  const isRequest = flow.protocol !== "tcp" && observer !== undefined;
  if (!isRequest && observer === undefined && !passesZtunnel(flow)) return undefined;
  const unit = isRequest ? "rps" : "bytesPerSecond";
  if (rows === "services") return { clusterId: flow.cluster, namespace: flow.namespace, name: flow.service, unit };
  const { to } = flow;
  return to && { clusterId: to.cluster, namespace: to.namespace, name: to.name, unit };
}
