import type { TrafficRow, WorkloadName } from "../../../mesh/telemetry/summaries.ts";
import { workloadId } from "../world/blueprint.ts";
import type { Flow } from "../traffic/flow.ts";
import type { TrafficHistory } from "../traffic/trafficHistory.ts";
import { podNameOf } from "../objects/podNames.ts";
import { Tally } from "./tally.ts";

export interface RowQuery {
  readonly windowSeconds: number;
  readonly atMillis: number;
  readonly namespaces?: readonly string[] | undefined;
  readonly gateways?: readonly WorkloadName[];
}

export interface Rows {
  readonly services: readonly TrafficRow[];
  readonly workloads: readonly TrafficRow[];
  /** What the gateways asked for pass on. */
  readonly forwarded: readonly TrafficRow[];
  /** Inbound of single pods, which the lists do not ask for. */
  readonly pods: readonly TrafficRow[];
}

/** Exact numbers of a window. Where the window begins before time zero, rates are over the time there was. */
export function rowsOf(history: TrafficHistory, query: RowQuery, withPods = false): Rows {
  const from = Math.max(history.startMillis, query.atMillis - query.windowSeconds * 1000);
  const seconds = (query.atMillis - from) / 1000;
  const wanted = query.namespaces && new Set(query.namespaces);
  const services = new Tallies();
  const workloads = new Tallies();
  const forwarded = new Tallies();
  const isAskedFor = new Set(query.gateways?.map(({ namespace, name }) => `${namespace}/${name}`));
  const pods = new Tallies();
  for (const { flows, integrals } of history.spans(from, query.atMillis)) {
    for (const flow of flows) {
      const { cluster, namespace, name } = flow.from;
      const isForwarded = isAskedFor.has(`${namespace}/${name}`) && (!wanted || wanted.has(namespace));
      if (isForwarded) forwarded.of(cluster, namespace, name).addAtSource(flow, integrals);
      if (wanted && !wanted.has(flow.namespace)) continue;
      // Envoy's catch-all clusters are no services.
      if (flow.external?.requestedHost !== undefined) continue;
      services.of(flow.cluster, flow.namespace, flow.service).add(flow, integrals);
      if (!flow.to) continue;
      workloads.of(flow.to.cluster, flow.to.namespace, flow.to.name).add(flow, integrals);
      if (withPods) addPods(pods, flow, integrals, history.world.seed);
    }
  }
  return {
    services: services.rows(seconds),
    workloads: workloads.rows(seconds),
    forwarded: forwarded.rows(seconds),
    pods: pods.rows(seconds),
  };
}

function addPods(pods: Tallies, flow: Flow, integrals: Float64Array, seed: number): void {
  const { to } = flow;
  if (!to) return;
  const answering = flow.pods ?? Array.from({ length: to.replicas }, (_, pod) => pod);
  for (const pod of answering) {
    pods.of(to.cluster, to.namespace, podNameOf(to, pod, seed)).add(flow, integrals, 1 / answering.length);
  }
}

class Tallies {
  readonly #byId = new Map<string, Tally>();

  of(cluster: string, namespace: string, name: string): Tally {
    const id = workloadId(cluster, namespace, name);
    let tally = this.#byId.get(id);
    if (!tally) this.#byId.set(id, (tally = new Tally(cluster, namespace, name)));
    return tally;
  }

  rows(seconds: number): readonly TrafficRow[] {
    if (seconds <= 0) return [];
    return [...this.#byId.values()].filter((tally) => tally.isSeen).map((tally) => tally.row(seconds));
  }
}
