import type { TopologyGraph } from "../../mesh/topology/graph/graph.ts";
import { isFindError } from "../../mesh/topology/find/expression.ts";
import { hiddenBy, marksOf, type Marks as Found } from "../../mesh/topology/find/marks.ts";
import type { Contexts } from "../../mesh/topology/find/operands.ts";
import { parseFind } from "../../mesh/topology/find/parseFind.ts";
import { flag, type GraphSnapshot } from "../../protocol/topology/graphSnapshot.ts";
import type { Marks } from "../../protocol/topology/snapshotOf.ts";
import type { LoadParams } from "../../protocol/topology/topologyContract.ts";
import { translate } from "../words.ts";

export interface FindMarks {
  readonly marks: Marks;
  /** The find text's error before the hide text's; a text that cannot be read marks nothing. */
  readonly error: GraphSnapshot["findError"];
}

export function findMarks(
  graph: TopologyGraph,
  contexts: Contexts,
  { find, hide }: Pick<LoadParams, "find" | "hide">,
): FindMarks {
  const marks = { nodes: new Uint16Array(graph.nodes.length), edges: new Uint16Array(graph.edges.length) };
  const set = ({ nodes, edges }: Found, bit: number): void => {
    for (const node of nodes) marks.nodes[node] = (marks.nodes[node] ?? 0) | bit;
    for (const edge of edges) marks.edges[edge] = (marks.edges[edge] ?? 0) | bit;
  };
  const [found, hidden] = [parseFind(find), parseFind(hide)];
  if (!isFindError(found)) set(marksOf(found, graph, contexts), flag.found);
  if (!isFindError(hidden)) set(hiddenBy(hidden, graph, contexts), flag.hidden);
  const findError = !isFindError(found)
    ? null
    : { which: "find" as const, words: translate(found.words), at: found.at };
  const hideError = !isFindError(hidden)
    ? null
    : { which: "hide" as const, words: translate(hidden.words), at: hidden.at };
  return { marks, error: findError ?? hideError };
}
