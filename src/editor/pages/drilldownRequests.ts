import { levelActions, levelNames, type LevelPath, type LevelRef } from "../../mesh/drilldown/level.ts";
import type { ObjectRef } from "../../mesh/model/refs.ts";
import { groupings } from "../../mesh/telemetry/levels/levelTelemetry.ts";
import type { DrilldownContract, LevelParams } from "../../protocol/drilldown/drilldownContract.ts";
import { highestTime, longestName, nothing, number, oneOf, record, text, unfit } from "./requestParts.ts";
import type { Parsers } from "./servedPage.ts";

/** A query with every pod of a large workload in it. */
const longestQuery = 200_000;
const longestFile = 20_000_000;
const mostCharts = 50;
const tools = ["prometheus", "grafana"] as const;

export const drilldownRequests: Parsers<DrilldownContract> = {
  "page.open": nothing,
  "level.load": parseLevel,
  "charts.load": (params) => {
    const { charts } = record(params);
    if (!Array.isArray(charts) || charts.length > mostCharts) throw unfit("a list of charts");
    return {
      ...parseRange(params),
      charts: charts.map((each: unknown) => {
        const { id, by } = record(each);
        return { id: text(id, longestName), by: oneOf(groupings, by) };
      }),
    };
  },
  "cards.load": parseRange,
  "action.run": (params) => {
    const { path, action, row } = record(params);
    return { path: parsePath(path), action: oneOf(levelActions, action), row: text(row, longestName) };
  },
  "link.follow": (params) => {
    const { path, id } = record(params);
    return { path: parsePath(path), id: text(id, longestName) };
  },
  "text.copy": (params) => ({ text: text(record(params)["text"], 1_000_000) }),
  "query.open": (params) => {
    const { path, query, tool } = record(params);
    return { path: parsePath(path), query: text(query, longestQuery), tool: oneOf(tools, tool) };
  },
  "csv.save": (params) => {
    const { name, text: csv } = record(params);
    return { name: text(name, longestName), text: text(csv, longestFile) };
  },
  "way.take": (params) => ({ way: text(record(params)["way"], longestName) }),
};

function parseLevel(params: unknown): LevelParams {
  const { path, windowSeconds, atMillis } = record(params);
  return {
    path: parsePath(path),
    windowSeconds: number(windowSeconds, 10, 86_400),
    atMillis: atMillis === null ? null : number(atMillis, 0, highestTime),
  };
}

function parseRange(params: unknown): LevelParams & { readonly rangeSeconds: number } {
  return { ...parseLevel(params), rangeSeconds: number(record(params)["rangeSeconds"], 60, 31 * 86_400) };
}

/** At most one of each level, in the breadcrumb's order. */
export function parsePath(value: unknown): LevelPath {
  if (!Array.isArray(value) || value.length === 0 || value.length > levelNames.length) throw unfit("a path of levels");
  const path = value.map(parseStep);
  const ranks = path.map(({ level }) => levelNames.indexOf(level));
  if (ranks.some((rank, i) => i > 0 && rank <= (ranks[i - 1] ?? -1))) throw unfit("levels in their order");
  return path;
}

function parseStep(value: unknown): LevelRef {
  const { level, ref } = record(value);
  return { level: oneOf(levelNames, level), ref: parseRef(ref) };
}

function parseRef(value: unknown): ObjectRef {
  const { cluster, group, kind, namespace, name } = record(value);
  return {
    cluster: text(cluster, longestName),
    group: text(group, longestName),
    kind: text(kind, longestName),
    namespace: text(namespace, longestName),
    name: text(name, longestName),
  };
}
