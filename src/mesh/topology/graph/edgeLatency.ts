import type { Call, ClusterPlace, ServiceEnd, WorkloadEnd } from "../../telemetry/edges/calls.ts";
import type { LatencyRow, LatencyScope, PlacedLatency } from "../reading/latencyGroupings.ts";
import { isByBytes, type EdgeDraft } from "./edgeDrafts.ts";
import type { GraphView } from "./graph.ts";

/** Seconds; NaN where no histogram of exactly this scope is there. */
export interface Quantiles {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

const noQuantiles: Quantiles = { p50: NaN, p95: NaN, p99: NaN };

/**
 * Finds the quantiles of edges. A histogram is an edge's own where all calls of the edge are in it and no other edge has
 * calls in it; everything else has none, since quantiles can neither be added nor averaged.
 */
export function edgeLatency(
  latency: readonly PlacedLatency[],
  edges: readonly EdgeDraft[],
  view: GraphView,
): (edge: EdgeDraft) => Quantiles {
  const rows = new Map<string, LatencyRow>();
  for (const { scope, rows: ofScope } of latency) for (const row of ofScope) rows.set(rowKey(scope, row), row);
  if (rows.size === 0) return () => noQuantiles;

  const keys = new CallKeys(view);
  const owners = new Map<string, EdgeDraft | null>();
  const own = new Map<EdgeDraft, string | null>();
  for (const edge of edges) {
    for (const call of edge.calls) {
      if (isByBytes(call)) continue;
      const key = keys.of(edge, call);
      claim(owners, key, edge);
      claim(own, edge, key);
    }
  }
  return (edge) => {
    const key = own.get(edge);
    const row = typeof key === "string" && owners.get(key) === edge ? rows.get(key) : undefined;
    return row ? { p50: row.p50, p95: row.p95, p99: row.p99 } : noQuantiles;
  };
}

/** null: several claim it. */
function claim<K, V>(map: Map<K, V | null>, key: K, value: V): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, value);
  else if (known !== value) map.set(key, null);
}

/** The keys of the histograms that calls lie in. */
class CallKeys {
  readonly #view: GraphView;
  readonly #texts = new Map<WorkloadEnd | ServiceEnd, string>();

  constructor(view: GraphView) {
    this.#view = view;
  }

  of(edge: EdgeDraft, { source, service, destination, protocol }: Call): string {
    const { isFirst } = edge;
    if (this.#view === "namespace") {
      const to = service ?? destination ?? source;
      const ends = [identity(source.place), source.namespace, identity(to.place), service?.namespace ?? "unknown"];
      return join("namespaces", ends.join("\0"), protocol);
    }
    if (isFirst && !service) {
      const workloads = `${workloadText(source)}\0${destination ? workloadText(destination) : ""}`;
      return join("callerToWorkload", workloads, protocol);
    }
    const called = this.#text(service);
    const isByApp = this.#view === "app";
    if (isFirst)
      return join(isByApp ? "appToService" : "callerToService", `${this.#text(source)}\0${called}`, protocol);
    return join(isByApp ? "serviceToApp" : "serviceToWorkload", `${called}\0${this.#text(destination)}`, protocol);
  }

  #text(end: WorkloadEnd | ServiceEnd | undefined): string {
    if (!end) return "";
    let text = this.#texts.get(end);
    if (text === undefined) this.#texts.set(end, (text = this.#newText(end)));
    return text;
  }

  // In the view of apps, what has no app is drawn by itself, but shares a histogram with others of that kind.
  #newText(end: WorkloadEnd | ServiceEnd): string {
    if ("name" in end) return ends(end.place, end.namespace, end.name);
    return this.#view === "app" ? ends(end.place, end.namespace, end.app ?? "unknown") : workloadText(end);
  }
}

function workloadText({ place, namespace, workload }: WorkloadEnd): string {
  return ends(place, namespace, workload);
}

function rowKey(scope: LatencyScope, row: LatencyRow): string {
  const from = row.sourcePlace ? ends(row.sourcePlace, row.sourceNamespace, row.source) : "";
  const service = ends(row.destinationPlace, row.serviceNamespace, row.service);
  const to = ends(row.destinationPlace, row.destinationNamespace, row.destination);
  switch (scope) {
    case "callerToService":
    case "appToService":
      return join(scope, `${from}\0${service}`, row.protocol);
    case "serviceToWorkload":
    case "serviceToApp":
      return join(scope, `${service}\0${to}`, row.protocol);
    case "callerToWorkload":
      return join(scope, `${from}\0${to}`, row.protocol);
    case "namespaces": {
      const place = row.sourcePlace ? identity(row.sourcePlace) : "";
      const parts = [place, row.sourceNamespace, identity(row.destinationPlace), row.serviceNamespace];
      return join(scope, parts.join("\0"), row.protocol);
    }
  }
}

function join(scope: LatencyScope, ends: string, protocol: string): string {
  return `${scope}\0${protocol}\0${ends}`;
}

function ends(place: ClusterPlace, namespace: string, name: string): string {
  return `${identity(place)}\0${namespace}\0${name}`;
}

function identity({ key, label }: ClusterPlace): string {
  return `${key ?? ""}\0${label}`;
}
