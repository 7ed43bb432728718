import { graphViews } from "../../mesh/topology/graph/graph.ts";
import { edgeLabelNames } from "../../protocol/topology/graphSnapshot.ts";
import {
  exportFormats,
  type LoadParams,
  type Target,
  type TopologyContract,
} from "../../protocol/topology/topologyContract.ts";
import { parsePositions } from "./keptPositions.ts";
import {
  flag,
  highestTime,
  longestName,
  mostNames,
  names,
  nothing,
  number,
  oneOf,
  record,
  text,
  unfit,
} from "./requestParts.ts";
import type { Parsers } from "./servedPage.ts";

const longestText = 2_000;
/** Of an edge between two long names; of a mesh of many clusters. */
const longestId = 32_000;
/** A picture of 10,000 nodes as text, with room. */
const longestPicture = 50_000_000;

export const topologyRequests: Parsers<TopologyContract> = {
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

/** Without those that are longer than any id that is taken elsewhere. */
function ids(value: unknown): readonly string[] {
  if (!Array.isArray(value) || value.length > mostNames) throw unfit("a list of ids");
  return value.filter((each: unknown) => text(each, Infinity).length <= longestId) as readonly string[];
}
