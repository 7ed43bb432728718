import type { ClusterRows } from "../../../mesh/telemetry/levels/levelTelemetry.ts";
import { bucketMetric, seconds, type Unit } from "./latencyQueries.ts";
import { ofCluster } from "./levelScope.ts";
import { either, eitherOf, equal, marked, matchesNot, oneOf, rate, select, sumBy, type Matcher } from "./promql.ts";

/** Whose own reports. */
export interface PodScope {
  readonly namespace: string;
  readonly pods: readonly string[];
  readonly cluster: ClusterRows;
  /** They pass requests on: what they report as the source is what came to them. */
  readonly areGateways: boolean;
  readonly windowSeconds: number;
  readonly always: readonly Matcher[];
}

export const podEnding = ["request_protocol", "response_code", "grpc_response_status"] as const;

/** Labels of every row; the last one names the cluster that the pod is in. */
export function podRowLabels({ areGateways }: Pick<PodScope, "areGateways">): readonly string[] {
  return ["namespace", "pod", areGateways ? "source_cluster" : "destination_cluster"];
}

export function podRequests(scope: PodScope): string {
  const rates = rate(select("istio_requests_total", reports(scope)), scope.windowSeconds);
  return sumBy([...podRowLabels(scope), ...podEnding], rates);
}

/** Seconds: the 0.95 quantile. */
export function podLatency(scope: PodScope): string {
  const units: readonly Unit[] = ["ms", "s"];
  const labels = ["le", ...podRowLabels(scope)];
  const buckets = (unit: Unit): string => {
    return sumBy(labels, rate(select(bucketMetric[unit], reports(scope)), scope.windowSeconds));
  };
  return eitherOf(units.map((unit) => seconds("0.95", buckets(unit), unit)));
}

/** Bytes per second by `direction`, from the pod's own side. */
export function podBytes(scope: PodScope): string {
  const side = (direction: "received" | "sent"): string => {
    const rates = rate(select(`istio_tcp_${direction}_bytes_total`, reports(scope)), scope.windowSeconds);
    return marked(sumBy(podRowLabels(scope), rates), "direction", direction);
  };
  return either(side("received"), side("sent"));
}

function reports(scope: PodScope): readonly Matcher[] {
  const { namespace, pods, cluster, areGateways, always } = scope;
  const [, , clusterLabel = ""] = podRowLabels(scope);
  return [
    areGateways ? equal("reporter", "source") : oneOf("reporter", ["destination", "waypoint"]),
    equal("namespace", namespace),
    oneOf("pod", pods),
    // Those of ztunnel report for the pods of their node.
    matchesNot("pod", "ztunnel-.+"),
    ...ofCluster(clusterLabel, cluster),
    ...always,
  ];
}
