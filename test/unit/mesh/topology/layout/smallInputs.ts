import type { LayoutInput } from "../../../../../src/mesh/topology/layout/layout.ts";

interface Small {
  readonly nodes: readonly string[];
  readonly ranks?: readonly number[];
  readonly boxes?: readonly { readonly key: string; readonly kind: 0 | 1 | 2; readonly parent?: number }[];
  /** Per node; -1: in none. */
  readonly inBox?: readonly number[];
  /** By name. */
  readonly edges?: readonly (readonly [source: string, target: string])[];
}

/** A graph of a few nodes, workloads unless said. */
export function inputOf({ nodes, ranks, boxes = [], inBox, edges = [] }: Small): LayoutInput {
  return {
    nodeCount: nodes.length,
    nodeBox: Uint32Array.from(nodes, (_, index) => inBox?.[index] ?? -1),
    nodeRank: Uint8Array.from(nodes, (_, index) => ranks?.[index] ?? 1),
    boxParent: Uint32Array.from(boxes, ({ parent }) => parent ?? -1),
    boxKind: Uint8Array.from(boxes, ({ kind }) => kind),
    edgeSource: Uint32Array.from(edges, ([source]) => nodes.indexOf(source)),
    edgeTarget: Uint32Array.from(edges, ([, target]) => nodes.indexOf(target)),
    nodeKeys: nodes,
    boxKeys: boxes.map(({ key }) => key),
  };
}

/** "a>b b>c" as pairs. */
export function edgesBetween(text: string): [source: string, target: string][] {
  return text.split(" ").map((edge) => {
    const [source = "", target = ""] = edge.split(">");
    return [source, target];
  });
}
