import type { GraphNodeKind } from "../../src/mesh/topology/graph/graph.ts";
import type { Picture } from "./picture.ts";

/** What a node's own name is asked by; "name" would also find what is of an app of that name. */
const nameOperand: Readonly<Record<GraphNodeKind, string>> = {
  workload: "workload",
  gateway: "workload",
  waypoint: "workload",
  service: "service",
  serviceEntry: "service",
  external: "service",
  app: "name",
  unknown: "name",
  namespace: "name",
};

/** Adds to a hide text what hides this one node. "or" binds loosest, so that what stood there keeps its meaning. */
export function hiding(picture: Picture, node: number, before: string): string {
  const kind = picture.nodeKind(node);
  const name = picture.nodeName(node);
  const parts = {
    kind,
    ns: kind === "namespace" ? name : picture.around(node, "namespace"),
    cluster: picture.clusterName(node),
    [nameOperand[kind]]: name,
  };
  const text = Object.entries(parts)
    .map(([operand, value]) => `${operand} = ${valueOf(value)}`)
    .join(" and ");
  return before.trim() === "" ? text : `${before} or ${text}`;
}

/** Within quotes a backslash takes the next character as it is; anything else stands for itself, newlines as well. */
function valueOf(value: string): string {
  if (/^[a-z\d][a-z\d.-]*$/iu.test(value) && !/^(and|or|not)$/iu.test(value)) return value;
  return `"${value.replace(/["\\]/gu, "\\$&")}"`;
}
