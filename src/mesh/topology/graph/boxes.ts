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
 * names its id. Boxes come in the order of their first node, after the kept ones; a parent stands before its children.
 */
export function boxesOf(nodes: readonly Boxed[], kept: readonly string[] = []): Boxes {
  const building = new BoxBuilder(kept);
  const sizes = new Map<string, number>();
  for (const { cluster, namespace, app } of nodes) {
    if (app === undefined || namespace === "") continue;
    const id = boxId(cluster, namespace, app);
    sizes.set(id, (sizes.get(id) ?? 0) + 1);
  }
  const keptIds = new Set(kept);
  const isBoxed = (id: string): boolean => (sizes.get(id) ?? 0) > 1 || keptIds.has(id);
  const boxOf = nodes.map((node) => building.place(node, isBoxed));
  return building.inOrder(boxOf);
}

/** Where a node stands. Apps have boxes in one view only, and a namespace that is a node has none around itself. */
export function boxedNode(node: GraphNode, view: GraphView, cluster: string): Boxed {
  const { place, state } = node;
  const namespace = node.kind === "namespace" ? "" : node.namespace;
  return { cluster, place, namespace, app: view === "versionedApp" ? node.app : undefined, state };
}

type OpenBox = { -readonly [K in keyof GraphBox]: GraphBox[K] };

class BoxBuilder {
  readonly #boxes: OpenBox[] = [];
  readonly #indexes = new Map<string, number>();
  readonly #kept: readonly string[];

  constructor(kept: readonly string[]) {
    this.#kept = kept;
  }

  place(node: Boxed, isBoxed: (id: string) => boolean): number | undefined {
    const { cluster, namespace, app, place } = node;
    let box: number | undefined;
    const enter = (id: string, parts: Pick<OpenBox, "kind" | "name" | "namespace">): void => {
      box = this.#open({ id, ...parts, place, parent: box, state: "unknown" });
      const open = this.#boxes[box];
      if (open) open.state = worse(open.state, node.state);
    };
    if (cluster !== "") enter(boxId(cluster), { kind: "cluster", name: cluster, namespace: "" });
    if (namespace === "") return box;
    enter(boxId(cluster, namespace), { kind: "namespace", name: namespace, namespace });
    if (app === undefined) return box;
    const id = boxId(cluster, namespace, app);
    if (isBoxed(id)) enter(id, { kind: "app", name: app, namespace });
    return box;
  }

  #open(box: OpenBox): number {
    const known = this.#indexes.get(box.id);
    if (known !== undefined) return known;
    this.#indexes.set(box.id, this.#boxes.length);
    return this.#boxes.push(box) - 1;
  }

  // Kept boxes come first, in their order. Their parents are kept too, and stood before them.
  inOrder(boxOf: readonly (number | undefined)[]): Boxes {
    const kept = this.#kept.flatMap((id) => this.#indexes.get(id) ?? []);
    const isKept = new Set(kept);
    const order = [...kept, ...[...this.#boxes.keys()].filter((index) => !isKept.has(index))];
    const places = new Map(order.map((old, now) => [old, now]));
    const moved = (index: number | undefined): number | undefined =>
      index === undefined ? undefined : places.get(index);
    const boxes = order.flatMap((index) => {
      const box = this.#boxes[index];
      return box ? [{ ...box, parent: moved(box.parent) }] : [];
    });
    return { boxes, boxOf: boxOf.map(moved) };
  }
}
