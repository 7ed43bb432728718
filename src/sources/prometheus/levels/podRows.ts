import { say } from "../../../mesh/message.ts";
import type { PodTrafficRow, RowsAnswer } from "../../../mesh/telemetry/levels/levelTelemetry.ts";
import { addRequests, noRequests } from "../../../mesh/telemetry/requestRates.ts";
import { knownValue } from "../../../mesh/telemetry/specialValues.ts";
import { podBytes, podEnding, podLatency, podRequests, podRowLabels, type PodScope } from "../queries/podQueries.ts";
import type { ReadSeries } from "./chartSeries.ts";
import type { LevelQuestion, LevelReply } from "./levelAsker.ts";
import { ambiguity, byKey } from "./tellApart.ts";

const exporter = "Istio's proxies";

/** Three questions: requests, latency, bytes. */
export function podQuestions(scope: PodScope): readonly LevelQuestion[] {
  const labels = podRowLabels(scope);
  return [
    {
      what: say("Requests of pods"),
      query: podRequests(scope),
      labels: [...labels, ...podEnding],
      lookedFor: { series: "istio_requests_total", exporter, capability: "http" },
    },
    {
      what: say("Latency of pods"),
      query: podLatency(scope),
      labels,
      lookedFor: { series: "istio_request_duration_milliseconds_bucket", exporter, capability: "latency" },
    },
    {
      what: say("TCP bytes of pods"),
      query: podBytes(scope),
      labels: [...labels, "direction"],
      lookedFor: { series: "istio_tcp_received_bytes_total", exporter, capability: "tcp" },
    },
  ];
}

/** Rows of the answers to {@link podQuestions}. */
export function podRows(replies: readonly LevelReply[], scope: PodScope): RowsAnswer<PodTrafficRow> {
  const [, , clusterLabel = ""] = podRowLabels(scope);
  const parts = replies.map(({ series }) => byKey(series, ({ label }) => label("pod")));
  const rows: PodTrafficRow[] = [];
  const unclear: string[] = [];
  for (const pod of new Set(parts.flatMap((part) => [...part.keys()]))) {
    const [requests = [], latency = [], bytes = []] = parts.map((part) => part.get(pod) ?? []);
    const clusters = [...requests, ...latency, ...bytes].flatMap(({ label }) => knownValue(label(clusterLabel)) ?? []);
    if (new Set(clusters).size > 1) unclear.push(pod);
    else
      rows.push({ namespace: scope.namespace, pod, ...requestsOf(requests), ...bytesOf(bytes), p95: p95Of(latency) });
  }
  return {
    rows,
    provenance: replies.map(({ provenance }) => provenance),
    missing: [
      ...replies.flatMap(({ missing }) => missing),
      ...(unclear.length > 0 ? [{ what: say("Traffic of pods"), why: ambiguity(unclear) }] : []),
    ],
  };
}

function requestsOf(series: readonly ReadSeries[]): Pick<PodTrafficRow, "rps" | "errorsPerSecond"> {
  const samples = series.flatMap(({ label, points: [value = NaN] }) => {
    const labels = Object.fromEntries(podEnding.map((name) => [name, label(name)]));
    return Number.isNaN(value) ? [] : [{ labels, value }];
  });
  if (samples.length === 0) return { rps: NaN, errorsPerSecond: NaN };
  const { rps, errorsPerSecond } = samples.reduce(addRequests, noRequests);
  return { rps, errorsPerSecond };
}

function bytesOf(series: readonly ReadSeries[]) {
  const of = (direction: string): number => {
    const values = series.filter(({ label }) => label("direction") === direction).map(({ points }) => points[0] ?? NaN);
    return values.length > 0 ? values.reduce((sum, value) => sum + value) : NaN;
  };
  return { receivedBytesPerSecond: of("received"), sentBytesPerSecond: of("sent") };
}

function p95Of(series: readonly ReadSeries[]): number {
  // One histogram is one series; two of them would need a third question.
  return series.length === 1 ? (series[0]?.points[0] ?? NaN) : NaN;
}
