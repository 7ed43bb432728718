import { say } from "../../../mesh/message.ts";
import type { SparkRow } from "../../../mesh/telemetry/levels/levelTelemetry.ts";
import { isServiceName, knownValue } from "../../../mesh/telemetry/specialValues.ts";
import { rowLabels, type RowScope } from "../../../mesh/telemetry/trafficRows.ts";
import { byteSparks, requestSparks } from "../queries/sparkQueries.ts";
import type { SummaryScope } from "../queries/summaryScope.ts";
import type { ReadSeries } from "./chartSeries.ts";
import type { LevelQuestion, LevelReply } from "./levelAsker.ts";
import { byKey } from "./tellApart.ts";

/** Two questions: requests and bytes. */
export function sparkQuestions(scope: RowScope, query: SummaryScope): readonly LevelQuestion[] {
  const exporter = "Istio's proxies";
  return [
    {
      what: say("Requests over time"),
      query: requestSparks(scope, query),
      labels: rowLabels[scope],
      lookedFor: { series: "istio_requests_total", exporter, capability: "http" },
    },
    {
      what: say("TCP bytes over time"),
      query: byteSparks(scope, query),
      labels: rowLabels[scope],
      lookedFor: { series: "istio_tcp_received_bytes_total", exporter, capability: "tcp" },
    },
  ];
}

/** Rows of the answers to {@link sparkQuestions}: requests where there are any, else bytes where some flow. */
export function sparkRows(replies: readonly LevelReply[], scope: RowScope): readonly SparkRow[] {
  const [requests, bytes] = [0, 1].map((index) => byKey(replies[index]?.series ?? [], (each) => keyOf(each, scope)));
  return [...new Set([...(requests?.keys() ?? []), ...(bytes?.keys() ?? [])])].flatMap((key): SparkRow[] => {
    if (key === "") return [];
    const [clusterId, namespace = "", name = ""] = JSON.parse(key) as (string | null)[];
    const [rps, flow] = [requests?.get(key)?.[0]?.points, bytes?.get(key)?.[0]?.points];
    const isBytes = flow !== undefined && (rps === undefined || (!flows(rps) && flows(flow)));
    const points = isBytes ? flow : rps;
    if (!points) return [];
    const row = { clusterId: clusterId ?? undefined, namespace: namespace ?? "", name: name ?? "" };
    return [{ ...row, unit: isBytes ? "bytesPerSecond" : "rps", points }];
  });
}

/** "" for what is no row of a list. */
function keyOf({ label }: ReadSeries, scope: RowScope): string {
  const [cluster, namespace, name] = rowLabels[scope];
  const isNamed = scope === "service" ? isServiceName(label(name)) : knownValue(label(name)) !== undefined;
  if (!isNamed) return "";
  return JSON.stringify([knownValue(label(cluster)) ?? null, knownValue(label(namespace)) ?? "", label(name)]);
}

function flows(points: Float64Array): boolean {
  return points.some((value) => value > 0);
}
