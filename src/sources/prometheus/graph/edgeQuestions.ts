import { say } from "../../../mesh/message.ts";
import type { EdgeQuery } from "../../../mesh/telemetry/edges/edgeAnswer.ts";
import {
  carrierMark,
  edgeBytesQuery,
  edgeNamesQuery,
  edgeRequestsQuery,
  metricMark,
  nameLabels,
  waypointLabels,
  type RowOptions,
} from "../queries/edgeQueries.ts";
import { isTooLong, type EdgeSelection } from "../queries/edgeSelection.ts";
import type { EdgeQuestion, EdgeReply } from "./edgeAsker.ts";
import { columnLabels, rowsIn, type EdgePart } from "./edgeTables.ts";

/** The questions whose answers are rows of edges: requests, and bytes of both directions. */
export function rowQuestions(
  selection: EdgeSelection,
  options: RowOptions,
  at: EdgeQuestion["at"],
): readonly EdgeQuestion[] {
  const labels = columnLabels(options.withDetails);
  return [
    { what: say("Requests"), about: "requests", query: edgeRequestsQuery(selection, options), labels, at },
    {
      what: say("TCP bytes"),
      about: "tcp",
      query: edgeBytesQuery(selection, options),
      labels: [...labels, metricMark, carrierMark],
      at,
    },
  ];
}

export function namesQuestion(selection: EdgeSelection, atMillis: number): EdgeQuestion {
  const labels = [...new Set([...nameLabels, ...waypointLabels])];
  return { what: say("Names of workloads"), query: edgeNamesQuery(selection), labels, at: atMillis };
}

/** The rows of the answers to {@link rowQuestions} that were asked for. */
export function rowsOf(
  replies: readonly EdgeReply[],
  { namespaces }: Pick<EdgeQuery, "namespaces">,
): readonly EdgePart[] {
  return replies.flatMap(({ question: { about }, series }): readonly EdgePart[] => {
    if (!series || (about !== "requests" && about !== "tcp")) return [];
    return [namespaces && isTooLong(namespaces) ? { series, rows: rowsIn(series, namespaces) } : { series }];
  });
}
