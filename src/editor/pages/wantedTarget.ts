import type { TrafficConfig } from "../../mesh/inventory/trafficConfig.ts";
import type { GraphBox, GraphNode, TopologyGraph } from "../../mesh/topology/graph/graph.ts";
import type { ClusterPlace } from "../../mesh/telemetry/edges/calls.ts";
import type { Target } from "../../protocol/topology/topologyContract.ts";
import type { Wanted } from "./wanted.ts";

/**
 * What of a picture is meant: the node of the object, else the node of a service that the configuration acts on, else
 * its namespace. undefined where nothing of it is in the picture.
 */
export function targetOf(wanted: Wanted, graph: TopologyGraph, config: TrafficConfig): Target | undefined {
  // Behind a service's node are its workloads, too; the object that tells what it is comes first.
  const own = graph.nodes.find(({ refs, place }) => isOf({ refs: refs.slice(0, 1), place }, wanted));
  const node = own ?? graph.nodes.find((each) => isOf(each, wanted)) ?? hostOf(wanted, graph, config);
  if (node) return { what: "node", id: node.id };
  const tile = placedFirst(
    graph.nodes.filter(
      ({ kind, name, place }) => kind === "namespace" && name === wanted.namespace && isAt(place, wanted),
    ),
  );
  if (tile) return { what: "node", id: tile.id };
  const box = placedFirst(graph.boxes.filter((each) => isIn(each, wanted)));
  return box && { what: "box", id: box.id };
}

/** Of the wanted cluster, where one is: what is of nobody knows which cluster is not it. */
function isAt({ key }: ClusterPlace, { cluster }: Pick<Wanted, "cluster">): boolean {
  return cluster === undefined || key === cluster;
}

/** The first in a connected cluster, else the first. */
function placedFirst<T extends Pick<GraphNode, "place">>(found: readonly T[]): T | undefined {
  return found.find(({ place }) => place.key !== undefined) ?? found[0];
}

function isOf({ refs, place }: Pick<GraphNode, "refs" | "place">, wanted: Wanted): boolean {
  const { cluster, kind, namespace, name } = wanted;
  if (name === undefined || !isAt(place, wanted)) return false;
  return refs.some(
    (ref) =>
      ref.kind === kind &&
      ref.name === name &&
      (namespace === "" || ref.namespace === namespace) &&
      (cluster === undefined || ref.cluster === cluster),
  );
}

/** A route has no node of its own: it is seen at the first service that it acts on. */
function hostOf(wanted: Wanted, graph: TopologyGraph, { routes }: TrafficConfig): GraphNode | undefined {
  const route = routes.find(
    ({ ref }) =>
      ref.kind === wanted.kind &&
      ref.name === wanted.name &&
      (wanted.namespace === "" || ref.namespace === wanted.namespace) &&
      (wanted.cluster === undefined || ref.cluster === wanted.cluster),
  );
  if (!route) return undefined;
  const { hosts, ref } = route;
  return graph.nodes.find(
    ({ kind, name, namespace, place }) =>
      (kind === "service" || kind === "serviceEntry") &&
      isAt(place, ref) &&
      hosts.some((host) => host === name || host.startsWith(`${name}.${namespace}.svc`)),
  );
}

function isIn({ kind, namespace, place }: GraphBox, wanted: Wanted): boolean {
  if (kind !== "namespace" || namespace !== wanted.namespace || namespace === "") return false;
  return isAt(place, wanted);
}
