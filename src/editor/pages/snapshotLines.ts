import type { GraphProblem } from "../../mesh/topology/graph/graph.ts";
import type { TopologyReading } from "../../mesh/topology/reading/topologyReading.ts";
import type { EmptyLine, GraphSnapshot, ProblemLine, StoreLine } from "../../protocol/topology/graphSnapshot.ts";
import { translate } from "../words.ts";

/** What a picture says in words, in the user's language. */
export function wordsOf(reading: TopologyReading): Pick<GraphSnapshot, "problems" | "stores" | "empty"> {
  return {
    problems: reading.problems.map(problemLine),
    stores: reading.stores.map(({ label, measuredAt, scrapeIntervalSeconds, ...store }): StoreLine => ({
      ...store,
      label: label ?? null,
      measuredAt: measuredAt ?? null,
      scrapeIntervalSeconds: scrapeIntervalSeconds ?? null,
    })),
    empty: reading.empty ? emptyLine(reading.empty) : null,
  };
}

function problemLine({ id, words, hint, query, canRetry, severity }: GraphProblem): ProblemLine {
  return {
    id,
    words: translate(words),
    ...(hint && { hint: translate(hint) }),
    ...(query !== undefined && { query }),
    canRetry,
    severity,
  };
}

function emptyLine({ words, query, ...empty }: NonNullable<TopologyReading["empty"]>): EmptyLine {
  return { ...empty, words: translate(words), query: query ?? null };
}

/** Where the time went; queries of several stores overlap, so that the longest counts. */
export function spentOf({ costs }: TopologyReading, graphMillis: number): GraphSnapshot["spent"] {
  const sum = (field: "queries" | "bytes" | "decodeMillis"): number =>
    costs.reduce((all, cost) => all + cost[field], 0);
  return {
    wait: Math.max(0, ...costs.map(({ waitMillis }) => waitMillis)),
    decode: sum("decodeMillis"),
    graph: graphMillis,
    queries: sum("queries"),
    bytes: sum("bytes"),
  };
}
