import type { GraphNodeKind, GraphView } from "./graph.ts";

// Ids of what is in a graph: readable ("workload/eu/shop/reviews-v2"), stable, and different for different things,
// whatever characters names hold. Parts are joined by "/", ">" and ":", so these are escaped in them.

/** Parts of a node's id. */
export interface NodeName {
  readonly kind: GraphNodeKind;
  /** The name of the cluster's box; "" outside of all. */
  readonly cluster: string;
  readonly namespace: string;
  readonly name: string;
}

// What people cannot see, or what would break a line or turn its direction, is escaped as well.
const unsafe = /[%/>:\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu;

const plain = /^[\w.()* -]*$/;

/** A part of an id: "%2F" for "/", "%u202E" for what needs more digits. */
export function idPart(text: string): string {
  if (plain.test(text)) return text;
  return text.replace(unsafe, (character) => {
    const hex = character.codePointAt(0)?.toString(16).toUpperCase() ?? "";
    return hex.length <= 2 ? `%${hex.padStart(2, "0")}` : `%u${hex.padStart(6, "0")}`;
  });
}

// What a thing is may become known only when the inventory arrives: that must not make another thing of it.
const families: Readonly<Record<GraphNodeKind, string>> = {
  workload: "workload",
  gateway: "workload",
  waypoint: "workload",
  app: "app",
  service: "service",
  serviceEntry: "serviceEntry",
  external: "external",
  unknown: "unknown",
  namespace: "namespace",
};

/**
 * "workload/eu/shop/reviews-v2", "service/eu/shop/reviews", "namespace/eu/shop", "unknown/eu". Gateways and waypoints
 * are workloads here.
 */
export function nodeId({ kind, cluster, namespace, name }: NodeName): string {
  const family = families[kind];
  if (family === "unknown") return `${family}/${idPart(cluster)}`;
  if (family === "namespace") return `${family}/${idPart(cluster)}/${idPart(name)}`;
  return `${family}/${idPart(cluster)}/${idPart(namespace)}/${idPart(name)}`;
}

/** What besides its ends makes an edge this one. */
export interface EdgeName {
  readonly protocol: string;
  readonly isFirst: boolean;
  readonly view: GraphView;
}

/**
 * "<source>><target>:<protocol>". In the service view a service also calls, so there its split over workloads is told
 * apart by ":split".
 */
export function edgeId(source: string, target: string, { protocol, isFirst, view }: EdgeName): string {
  const id = `${source}>${target}:${idPart(protocol)}`;
  return view === "service" && !isFirst ? `${id}:split` : id;
}

/** "box/eu", "box/eu/shop", "box/eu/shop/reviews"; a namespace outside of all clusters is "box//shop". */
export function boxId(cluster: string, namespace?: string, app?: string): string {
  const id = `box/${idPart(cluster)}`;
  if (namespace === undefined) return id;
  return app === undefined ? `${id}/${idPart(namespace)}` : `${id}/${idPart(namespace)}/${idPart(app)}`;
}
