import { rowLabels, type RowScope } from "../../../mesh/telemetry/trafficRows.ts";
import { requestsOnce, tcpOnce } from "./istioQueries.ts";
import { either, marked, sumBy } from "./promql.ts";
import type { SummaryScope } from "./summaryScope.ts";

/** Requests per second of every row of a list. */
export function requestSparks(scope: RowScope, query: SummaryScope): string {
  return sumBy(rowLabels[scope], requestsOnce(scope, query));
}

/** Bytes per second of every row, both ways together. */
export function byteSparks(scope: RowScope, query: SummaryScope): string {
  const side = (name: string): string => marked(tcpOnce(`istio_tcp_${name}_bytes_total`, scope, query), "side", name);
  return sumBy(rowLabels[scope], either(side("received"), side("sent")));
}
