import { graphViews } from "../../mesh/topology/graph/graph.ts";
import { edgeLabelNames } from "../../protocol/topology/graphSnapshot.ts";
import {
  exportFormats,
  type LoadParams,
  type Target,
  type TopologyContract,
} from "../../protocol/topology/topologyContract.ts";
import { parsePositions } from "./keptPositions.ts";

// A page is untrusted input: everything it sends is looked at, and of texts no more is taken than a person types.

type Requests = TopologyContract["requests"];
type Parsers = { readonly [N in keyof Requests]: (params: unknown) => Requests[N]["params"] };

const longestText = 2_000;
const longestName = 1_000;
/** Of an edge between two long names; of a mesh of many clusters. */
const longestId = 32_000;
/** A picture of 10,000 nodes as text, with room. */
const longestPicture = 50_000_000;
const mostNames = 20_000;
const highestTime = 8.64e15;

export const topologyRequests: Parsers = {
  "page.open": nothing,
  "graph.load": parseLoad,
  "graph.mark": (params) => {
    const { find, hide, label, withIdleNodes } = record(params);
    return {
      find: text(find, longestText),
      hide: text(hide, longestText),
      label: oneOf(edgeLabelNames, label),
      withIdleNodes: flag(withIdleNodes),
    };
  },
  "graph.complete": (params) => {
    const { text: typed, caret } = record(params);
    return { text: text(typed, longestText), caret: number(caret, 0, longestText) };
  },
  "details.load": parseTarget,
  "details.series": parseTarget,
  "link.follow": (params) => {
    const { target, id } = record(params);
    return { target: parseTarget(target), id: text(id, longestName) };
  },
  "text.copy": (params) => ({ text: text(record(params)["text"], 1_000_000) }),
  "graph.export": (params) => {
    const { format, picture, hiddenNodes } = record(params);
    return {
      format: oneOf(exportFormats, format),
      picture: picture === null ? null : text(picture, longestPicture),
      hiddenNodes: ids(hiddenNodes),
    };
  },
  "positions.save": (params) => {
    return { meshId: text(record(params)["meshId"], longestId), ...parsePositions(params) };
  },
  "way.take": (params) => {
    const { way, problem } = record(params);
    return { way: text(way, longestName), problem: problem === null ? null : text(problem, longestName) };
  },
};

function parseLoad(params: unknown): LoadParams {
  const { view, windowSeconds, atMillis, namespaces, ambient, withIdleEdges, withIdleNodes, ...rest } = record(params);
  return {
    view: oneOf(graphViews, view),
    windowSeconds: number(windowSeconds, 10, 86_400),
    atMillis: atMillis === null ? null : number(atMillis, 0, highestTime),
    namespaces: namespaces === null ? null : names(namespaces),
    ambient: oneOf(["total", "waypoint", "ztunnel"] as const, ambient),
    withIdleEdges: flag(withIdleEdges),
    withIdleNodes: flag(withIdleNodes),
    label: oneOf(edgeLabelNames, rest["label"]),
    find: text(rest["find"], longestText),
    hide: text(rest["hide"], longestText),
  };
}

function parseTarget(params: unknown): Target {
  const { what, id } = record(params);
  return { what: oneOf(["node", "edge", "box"] as const, what), id: text(id, longestId) };
}

function nothing(): Record<string, never> {
  return {};
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw unfit("an object");
  return value as Readonly<Record<string, unknown>>;
}

function text(value: unknown, longest: number): string {
  if (typeof value !== "string" || value.length > longest) throw unfit("a text");
  return value;
}

function flag(value: unknown): boolean {
  if (typeof value !== "boolean") throw unfit("a flag");
  return value;
}

function number(value: unknown, low: number, high: number): number {
  if (typeof value !== "number" || !(value >= low && value <= high)) throw unfit("a number in range");
  return value;
}

function names(value: unknown): readonly string[] {
  if (!Array.isArray(value) || value.length > mostNames) throw unfit("a list of names");
  return value.map((each: unknown) => text(each, longestName));
}

/** Without those that are longer than any id that is taken elsewhere. */
function ids(value: unknown): readonly string[] {
  if (!Array.isArray(value) || value.length > mostNames) throw unfit("a list of ids");
  return value.filter((each: unknown) => text(each, Infinity).length <= longestId) as readonly string[];
}

function oneOf<const T extends string>(allowed: readonly T[], value: unknown): T {
  const found = allowed.find((each) => each === value);
  if (found === undefined) throw unfit("one of the known words");
  return found;
}

function unfit(what: string): Error {
  return new Error(`the page did not send ${what} where it should`);
}
