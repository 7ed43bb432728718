import type { LiveMesh } from "../../mesh/live/liveMesh.ts";
import type { ClusterKey } from "../../mesh/model/refs.ts";
import type { Row } from "../explorer/row.ts";

/** What somebody asked to see in the topology: an object, or a namespace where no name is given. */
export interface Wanted {
  /** undefined: in whichever cluster it is. */
  readonly cluster: ClusterKey | undefined;
  readonly namespace: string;
  readonly kind: string | undefined;
  readonly name: string | undefined;
}

/** What a row of a tree stands for, or what the nearest row above it does; undefined for rows of the whole mesh. */
export function wantedOfRow(live: LiveMesh, { tree, id }: Row): Wanted | undefined {
  const model = live.tree(tree);
  let service: string | undefined;
  for (let node = model.find(id); node; node = node.parentId === undefined ? undefined : model.find(node.parentId)) {
    const { ref, kind, label } = node;
    // A service of several clusters has no one object; it is seen in whichever cluster comes first.
    if (kind === "service" && !ref && typeof label === "string") service ??= label;
    if (kind === "namespace" && typeof label === "string") {
      return { cluster: undefined, namespace: label, kind: service && "Service", name: service };
    }
    // A pod is seen as its workload, which is the row above it.
    if (ref && kind !== "pod" && ref.namespace !== "") {
      return { cluster: ref.cluster, namespace: ref.namespace, kind: ref.kind, name: ref.name };
    }
  }
  return undefined;
}
