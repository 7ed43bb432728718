import type { TopologyGraph } from "../graph/graph.ts";
import type { Comparison, Expression } from "./expression.ts";
import { Searched, type Contexts } from "./operands.ts";

/** Indexes of what an expression finds. */
export interface Marks {
  readonly nodes: ReadonlySet<number>;
  readonly edges: ReadonlySet<number>;
}

/**
 * What an expression finds. What is not known, and what does not apply to a node or an edge, is neither found by a
 * question nor by its opposite; a question about edges finds no nodes.
 */
export function marksOf(expression: Expression, graph: TopologyGraph, contexts?: Contexts): Marks {
  const searched = new Searched(graph, contexts);
  const found = (kind: "node" | "edge", count: number): Set<number> => {
    const marks = new Set<number>();
    for (let index = 0; index < count; index++) {
      if (answer(expression, { searched, kind, index }) === true) marks.add(index);
    }
    return marks;
  };
  return { nodes: found("node", graph.nodes.length), edges: found("edge", graph.edges.length) };
}

/** What goes when an expression hides: with nodes their edges, and with edges the nodes that are left bare by it. */
export function hiddenBy(expression: Expression, graph: TopologyGraph, contexts?: Contexts): Marks {
  const marks = marksOf(expression, graph, contexts);
  const nodes = new Set(marks.nodes);
  const edges = new Set(marks.edges);
  const [losers, keepers] = [new Set<number>(), new Set<number>()];
  for (const [index, { source, target }] of graph.edges.entries()) {
    // An edge that goes with its own end, as one of a hidden namespace does, bares no neighbour.
    const isOwnReason = marks.edges.has(index) && !marks.nodes.has(source) && !marks.nodes.has(target);
    for (const end of [source, target]) (isOwnReason ? losers : keepers).add(end);
  }
  for (const node of losers) if (!keepers.has(node)) nodes.add(node);
  for (const [index, { source, target }] of graph.edges.entries()) {
    if (nodes.has(source) || nodes.has(target)) edges.add(index);
  }
  return { nodes, edges };
}

interface Asked {
  readonly searched: Searched;
  readonly kind: "node" | "edge";
  readonly index: number;
}

/** undefined: not known, or no question for such a thing. */
function answer(expression: Expression, asked: Asked): boolean | undefined {
  const { searched, kind, index } = asked;
  switch (expression.what) {
    case "nothing":
      return false;
    case "flag":
      return expression.flag[kind]?.(searched, index);
    case "not": {
      const inner = answer(expression.part, asked);
      return inner === undefined ? undefined : !inner;
    }
    case "all":
      return all(expression.parts, asked);
    case "any":
      return any(expression.parts, asked);
    case "text": {
      const { operand, comparison, value } = expression;
      const values = operand.dimension === "text" ? operand[kind]?.(searched, index) : undefined;
      return values && compareTexts(values, comparison, value);
    }
    case "number": {
      const { operand, comparison, value } = expression;
      const number = operand.dimension === "text" ? undefined : operand[kind]?.(searched, index);
      return number === undefined || Number.isNaN(number) ? undefined : compareNumbers(number, comparison, value);
    }
  }
}

function all(parts: readonly Expression[], asked: Asked): boolean | undefined {
  let result: boolean | undefined = true;
  for (const part of parts) {
    const one = answer(part, asked);
    if (one === false) return false;
    if (one === undefined) result = undefined;
  }
  return result;
}

function any(parts: readonly Expression[], asked: Asked): boolean | undefined {
  let result: boolean | undefined;
  for (const part of parts) {
    const one = answer(part, asked);
    if (one === true) return true;
    if (one === false) result = false;
  }
  return result;
}

/** True where one of the values fits; the opposite where none does. Case does not matter. */
function compareTexts(values: readonly string[], comparison: Comparison, wanted: string): boolean {
  const text = wanted.toLowerCase();
  const some = (fits: (value: string) => boolean): boolean => values.some((value) => fits(value.toLowerCase()));
  switch (comparison) {
    case "!=":
      return !some((value) => value === text);
    case "*=":
      return some((value) => value.includes(text));
    case "!*=":
      return !some((value) => value.includes(text));
    case "^=":
      return some((value) => value.startsWith(text));
    case "!^=":
      return !some((value) => value.startsWith(text));
    case "$=":
      return some((value) => value.endsWith(text));
    case "!$=":
      return !some((value) => value.endsWith(text));
    case "=":
    case ">":
    case ">=":
    case "<":
    case "<=":
      return some((value) => value === text);
  }
}

function compareNumbers(value: number, comparison: Comparison, wanted: number): boolean {
  switch (comparison) {
    case ">":
      return value > wanted;
    case ">=":
      return value >= wanted;
    case "<":
      return value < wanted;
    case "<=":
      return value <= wanted;
    case "!=":
      return value !== wanted;
    case "=":
    case "*=":
    case "^=":
    case "$=":
    case "!*=":
    case "!^=":
    case "!$=":
      return value === wanted;
  }
}
