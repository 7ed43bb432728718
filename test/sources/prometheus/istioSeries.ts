import type { GrowingSeries } from "./exposition.ts";

/** One flow as one reporter tells it. What is left out reads as Istio writes it by default. */
export interface Report {
  readonly reporter: "source" | "destination" | "waypoint";
  readonly from: string;
  /** Workload; "unknown" where the request reached nobody. */
  readonly to: string;
  readonly service: string;
  readonly namespace?: string;
  readonly serviceNamespace?: string;
  readonly rps: number;
  readonly code?: string;
  readonly protocol?: "http" | "grpc";
  readonly grpcStatus?: string;
  readonly flags?: string;
  /** Istio's cluster ID of both ends; undefined for proxies without cluster labels. */
  readonly cluster?: string | undefined;
  readonly toCluster?: string;
  readonly security?: string;
  readonly pod?: string;
}

export function labelsOf(report: Report): Record<string, string> {
  const { namespace = "shop", from, to, service, cluster, flags = "-" } = report;
  const { toCluster = to === "unknown" ? "unknown" : cluster } = report;
  const { security = report.reporter === "source" ? "unknown" : "mutual_tls" } = report;
  const defined: Record<string, string | undefined> = {
    reporter: report.reporter,
    source_workload: from,
    source_workload_namespace: from === "unknown" ? "unknown" : "shop",
    destination_workload: to,
    destination_workload_namespace: to === "unknown" ? "unknown" : namespace,
    destination_service: `${service}.${namespace}.svc.cluster.local`,
    destination_service_name: service,
    destination_service_namespace: report.serviceNamespace ?? namespace,
    response_flags: flags,
    connection_security_policy: security,
    source_cluster: cluster,
    destination_cluster: cluster === undefined ? undefined : toCluster,
    pod: report.pod,
    namespace: report.pod === undefined ? undefined : namespace,
  };
  return Object.fromEntries(
    Object.entries(defined).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

/** `istio_requests_total` of a report. */
export function requestsOf(report: Report): GrowingSeries {
  const { code = "200", protocol = "http", grpcStatus = "", rps } = report;
  const labels = { ...labelsOf(report), request_protocol: protocol, response_code: code };
  return {
    name: "istio_requests_total",
    labels: { ...labels, source_canonical_service: report.from, grpc_response_status: grpcStatus },
    perSecond: rps,
  };
}

/** The buckets of requests that all take between two bounds of the histogram, in the unit of its `le`. */
export function durationsOf(
  report: Report,
  unit: "milliseconds" | "seconds",
  { above, upTo }: { readonly above: number; readonly upTo: number },
): readonly GrowingSeries[] {
  const bounds =
    unit === "milliseconds" ? [1, 5, 10, 25, 50, 100, 250, 500] : [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5];
  const { labels } = requestsOf(report);
  return [...bounds, Infinity].map((bound) => ({
    name: `istio_request_duration_${unit}_bucket`,
    labels: { ...labels, le: bound === Infinity ? "+Inf" : String(bound) },
    perSecond: bound <= above ? 0 : bound >= upTo ? report.rps : NaN,
  }));
}

/** Bytes as one reporter tells them: `up` from the client to the server, `down` back. */
export function bytesOf(
  report: Report,
  { up, down }: { readonly up: number; readonly down: number },
): readonly GrowingSeries[] {
  const labels = { ...labelsOf(report), request_protocol: "tcp" };
  return [
    { name: "istio_tcp_received_bytes_total", labels, perSecond: up },
    { name: "istio_tcp_sent_bytes_total", labels, perSecond: down },
  ];
}
