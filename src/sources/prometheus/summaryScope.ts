import { rowLabels, type RowScope } from "../../mesh/telemetry/trafficRows.ts";
import { matchesNot, oneOf, type Matcher } from "./promql.ts";

export interface SummaryScope {
  readonly windowSeconds: number;
  /** Of the destination; undefined asks for all. */
  readonly namespaces: readonly string[] | undefined;
  /** Matchers of the user, e.g. for one tenant of a shared store. */
  readonly always: readonly Matcher[];
}

/** Patterns of label values that name nothing. */
export const unknown = "unknown|";
export const notAService = "unknown|PassthroughCluster|BlackHoleCluster|InboundPassthroughCluster.*|";

/** Series that name a row of the scope, in the namespaces that are asked for. */
export function only(scope: RowScope, { namespaces }: SummaryScope): readonly Matcher[] {
  const [, namespace, name] = rowLabels[scope];
  return [
    matchesNot(name, scope === "service" ? notAService : unknown),
    ...(namespaces ? [oneOf(namespace, namespaces)] : []),
  ];
}
