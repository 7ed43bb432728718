import { worse } from "../../health/verdict.ts";
import type { NodeState } from "../../explorer/node.ts";
import type { ClusterPlace } from "../../telemetry/edges/calls.ts";
import type { GraphBox, GraphNode, GraphView } from "./graph.ts";
import { boxId } from "./graphIds.ts";

/** What boxes are told by. */
export interface Boxed {
  /** The name of the cluster's box; "" outside of all. */
  readonly cluster: string;
  readonly place: ClusterPlace;
  readonly namespace: string;
  /** undefined where it is in no app's box. */
  readonly app: string | undefined;
  readonly state: NodeState;
}

export interface Boxes {
  readonly boxes: readonly GraphBox[];
  /** By node: its innermost box. */
  readonly boxOf: readonly (number | undefined)[];
}

/**
 * Clusters hold namespaces, namespaces hold apps. An app has a box where at least two nodes are of it, or where `kept`
 * names its id. Boxes come in the order of their first node, apps last, and all after the kept ones; a parent stands
 * before its children.
 */
export function boxesOf(nodes: readonly Boxed[], kept: readonly string[] = []): Boxes {
  const building = new BoxBuilder();
  const outer = nodes.map((node) => building.surroundings(node));
  const sizes = new Map<number, Map<string, number>>();
  nodes.forEach(({ app, namespace }, i) => {
    const at = outer[i];
    if (app === undefined || namespace === "" || at === undefined) return;
    let apps = sizes.get(at);
    if (!apps) sizes.set(at, (apps = new Map<string, number>()));
    apps.set(app, (apps.get(app) ?? 0) + 1);
  });
  const keptIds = new Set(kept);
  const boxOf = nodes.map((node, i) => {
    const { app, cluster, namespace } = node;
    const at = outer[i];
    if (app === undefined || namespace === "" || at === undefined) return at;
    const isShared = (sizes.get(at)?.get(app) ?? 0) > 1;
    const isBoxed = isShared || (keptIds.size > 0 && keptIds.has(boxId(cluster, namespace, app)));
    return isBoxed ? building.app(node, at, app) : at;
  });
  return building.inOrder(boxOf, kept);
}

/** Where a node stands. Apps have boxes in one view only, and a namespace that is a node has none around itself. */
export function boxedNode(node: GraphNode, view: GraphView, cluster: string): Boxed {
  const { place, state } = node;
  const namespace = node.kind === "namespace" ? "" : node.namespace;
  return { cluster, place, namespace, app: view === "versionedApp" ? node.app : undefined, state };
}

type OpenBox = { -readonly [K in keyof GraphBox]: GraphBox[K] };

const top = -2;
const outside = -1;

class BoxBuilder {
  readonly #boxes: OpenBox[] = [];
  /** By parent, then by name. */
  readonly #children = new Map<number, Map<string, number>>();

  /** The boxes of cluster and namespace around a node, opened where they are not yet; the inner one of the two. */
  surroundings(node: Boxed): number | undefined {
    const { cluster, namespace } = node;
    const outer = cluster === "" ? undefined : this.#enter(node, undefined, { kind: "cluster", name: cluster });
    return namespace === "" ? outer : this.#enter(node, outer, { kind: "namespace", name: namespace });
  }

  app(node: Boxed, namespace: number, name: string): number {
    return this.#enter(node, namespace, { kind: "app", name });
  }

  #enter(node: Boxed, parent: number | undefined, { kind, name }: Pick<OpenBox, "kind" | "name">): number {
    // Outside of all clusters a namespace may have a cluster's name.
    const above = kind === "cluster" ? top : (parent ?? outside);
    let siblings = this.#children.get(above);
    if (!siblings) this.#children.set(above, (siblings = new Map<string, number>()));
    let index = siblings.get(name);
    if (index === undefined) {
      const { cluster, place } = node;
      const namespace = kind === "cluster" ? "" : node.namespace;
      const id = boxId(cluster, namespace === "" ? undefined : namespace, kind === "app" ? name : undefined);
      index = this.#boxes.push({ id, kind, name, namespace, place, parent, state: "unknown" }) - 1;
      siblings.set(name, index);
    }
    const box = this.#boxes[index];
    if (box) box.state = worse(box.state, node.state);
    return index;
  }

  // Kept boxes come first, in their order. Their parents are kept too, and stood before them.
  inOrder(boxOf: readonly (number | undefined)[], keptIds: readonly string[]): Boxes {
    if (keptIds.length === 0) return { boxes: this.#boxes, boxOf };
    const indexes = new Map(this.#boxes.map(({ id }, index) => [id, index]));
    const order = new Set(keptIds.flatMap((id) => indexes.get(id) ?? []));
    for (const index of this.#boxes.keys()) order.add(index);
    const places = new Int32Array(this.#boxes.length);
    let place = 0;
    for (const index of order) places[index] = place++;
    const moved = (index: number | undefined): number | undefined => (index === undefined ? undefined : places[index]);
    const boxes: GraphBox[] = [];
    for (const index of order) {
      const box = this.#boxes[index];
      if (box) boxes.push({ ...box, parent: moved(box.parent) });
    }
    return { boxes, boxOf: boxOf.map(moved) };
  }
}
