import type { TrafficConfig } from "../../mesh/inventory/trafficConfig.ts";
import { hasLabels } from "../../mesh/model/labelSelector.ts";
import { refId, type ObjectRef } from "../../mesh/model/refs.ts";
import { configIndexOf } from "../../mesh/topology/graph/configIndex.ts";
import type { GraphNode } from "../../mesh/topology/graph/graph.ts";
import type { MeshFacts } from "../../mesh/topology/reading/topologyReading.ts";

/** Objects of configuration that act on any of these nodes: routes, mutual TLS, and what selects them. */
export function configurationOf(nodes: readonly GraphNode[], facts: MeshFacts | undefined): readonly ObjectRef[] {
  if (!facts) return [];
  const found = new Map<string, ObjectRef>();
  for (const node of nodes.slice(0, 50)) {
    for (const ref of [...routesOf(node, facts), ...policiesOf(node, facts), ...othersOf(node, facts.config)]) {
      found.set(refId(ref), ref);
    }
  }
  return [...found.values()];
}

function routesOf({ refs, place }: GraphNode, facts: MeshFacts): readonly ObjectRef[] {
  const { key } = place;
  if (key === undefined) return [];
  const names = new Set(refs.map(refId));
  const hosts = facts.services.flatMap((service) => (names.has(service.id) ? service.hosts : []));
  const namespaces = new Set(facts.workloads.map(({ ref }) => ref.namespace));
  const routes = configIndexOf(facts).routesOf(key, hosts, () => namespaces);
  return routes.map(({ ref }) => ref);
}

function policiesOf({ place, namespace, labels, kind }: GraphNode, facts: MeshFacts): readonly ObjectRef[] {
  if (place.key === undefined || kind === "service" || kind === "serviceEntry") return [];
  const ranks = configIndexOf(facts).mtlsPolicies({ cluster: place.key, namespace, labels });
  return ranks.flatMap((rank) => rank.map(({ ref }) => ref));
}

function othersOf({ place, namespace, labels }: GraphNode, { others }: TrafficConfig): readonly ObjectRef[] {
  return others.flatMap(({ ref, selector }) => {
    const isNear = ref.cluster === place.key && ref.namespace === namespace;
    return isNear && (selector === undefined || hasLabels(labels, selector)) ? [ref] : [];
  });
}
