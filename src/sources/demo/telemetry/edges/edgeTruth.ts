import { isError, outcomeOf } from "../../../../mesh/telemetry/errorRules.ts";
import { dot, observerOf, passesZtunnel, type Flow } from "../../traffic/flow.ts";
import type { TrafficHistory } from "../../traffic/trafficHistory.ts";
import { idOf, type WorkloadPlan } from "../../world/blueprint.ts";
import { Durations } from "./edgeAmounts.ts";

/** A workload where the metrics can know it. */
export interface TruthEnd {
  readonly clusterId: string;
  readonly namespace: string;
  readonly workload: string;
}

/** What really flowed from one workload by way of one service to one workload, each request and byte counted once. */
export interface TruthEdge {
  /** undefined: callers without a proxy, all of one answering workload together. */
  readonly source: TruthEnd | undefined;
  readonly service: { readonly clusterId: string; readonly namespace: string; readonly name: string };
  /** undefined: nobody in the mesh was reached. */
  readonly destination: TruthEnd | undefined;
  /** "tcp" also for requests that nobody read. */
  readonly protocol: "http" | "grpc" | "tcp";
  /** null for TCP. */
  readonly rps: number | null;
  /** 0 to 1: HTTP 5xx, no response, gRPC status other than 0. */
  readonly errorRate: number | null;
  /** Seconds, as the proxy measures them whose report counts. */
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  /** From the source's side; null for requests. */
  readonly sentBytesPerSecond: number | null;
  readonly receivedBytesPerSecond: number | null;
}

interface Gathering {
  readonly flow: Flow;
  readonly protocol: TruthEdge["protocol"];
  readonly durations: Durations;
  amount: number;
  errors: number;
  sent: number;
  received: number;
}

export interface EdgeTruthQuery {
  readonly windowSeconds: number;
  readonly atMillis: number;
  /** Bounds of the histograms that quantiles are to be those of, in milliseconds; Envoy's unless told. */
  readonly boundsMillis?: readonly number[];
  /** Ends that are not to be told apart: they are undefined then, and what differs by them only is one edge. */
  readonly without?: "source" | "destination" | undefined;
}

/** Worked out from the flows alone: no label and no table has a part in it. */
export function edgeTruth(history: TrafficHistory, query: EdgeTruthQuery): readonly TruthEdge[] {
  const { windowSeconds, atMillis } = query;
  const from = Math.max(history.startMillis, atMillis - windowSeconds * 1000);
  const seconds = (atMillis - from) / 1000;
  const edges = new Map<string, Gathering>();
  for (const { flows, integrals } of history.spans(from, atMillis)) {
    for (const flow of flows) {
      const observer = observerOf(flow);
      const amount = dot(flow.rates, integrals);
      if (amount === 0 || (observer === undefined && !passesZtunnel(flow))) continue;
      const protocol = observer === undefined ? "tcp" : flow.protocol;
      const edge = edgeFor(edges, { flow, protocol, without: query.without });
      edge.amount += amount;
      edge.sent += amount * flow.requestBytes;
      edge.received += amount * flow.responseBytes;
      if (protocol === "tcp") continue;
      const status = flow.grpcStatus === undefined ? "" : String(flow.grpcStatus);
      if (isError(outcomeOf(protocol, String(flow.code), status))) edge.errors += amount;
      edge.durations.add(flow, integrals, observer !== "destination");
    }
  }
  return [...edges.values()].map((edge) => truthOf(edge, seconds, query));
}

interface Part extends Pick<EdgeTruthQuery, "without"> {
  readonly flow: Flow;
  readonly protocol: TruthEdge["protocol"];
}

function edgeFor(edges: Map<string, Gathering>, { flow, protocol, without }: Part): Gathering {
  const source = without !== "source" && isNamed(flow.from) ? idOf(flow.from) : "";
  const destination = without !== "destination" && flow.to ? idOf(flow.to) : "";
  const ends = [source, destination];
  const key = [...ends, flow.cluster, flow.namespace, flow.service, protocol].join(" ");
  let edge = edges.get(key);
  if (!edge) {
    edge = { flow, protocol, durations: new Durations(), amount: 0, errors: 0, sent: 0, received: 0 };
    edges.set(key, edge);
  }
  return edge;
}

/** A caller without a proxy has no certificate to be known by. */
function isNamed(plan: WorkloadPlan): boolean {
  return plan.plane !== "none";
}

function endOf({ cluster: clusterId, namespace, name: workload }: WorkloadPlan): TruthEnd {
  return { clusterId, namespace, workload };
}

function truthOf(
  { flow, protocol, durations, ...sums }: Gathering,
  seconds: number,
  { boundsMillis, without }: EdgeTruthQuery,
): TruthEdge {
  const isTcp = protocol === "tcp";
  const quantile = (q: number) => (isTcp ? null : durations.quantile(q, boundsMillis));
  return {
    source: without !== "source" && isNamed(flow.from) ? endOf(flow.from) : undefined,
    service: { clusterId: flow.cluster, namespace: flow.namespace, name: flow.service },
    destination: without !== "destination" && flow.to ? endOf(flow.to) : undefined,
    protocol,
    rps: isTcp ? null : sums.amount / seconds,
    errorRate: isTcp ? null : sums.errors / sums.amount,
    p50: quantile(0.5),
    p95: quantile(0.95),
    p99: quantile(0.99),
    sentBytesPerSecond: isTcp ? sums.sent / seconds : null,
    receivedBytesPerSecond: isTcp ? sums.received / seconds : null,
  };
}
