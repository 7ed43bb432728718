import type { WorkloadName } from "../../../mesh/telemetry/summaries.ts";
import { rowLabels, type RowScope } from "../../../mesh/telemetry/trafficRows.ts";
import { equal, matchesNot, oneOf, type Matcher } from "./promql.ts";

export interface SummaryScope {
  readonly windowSeconds: number;
  /** Of the destination; undefined asks for all. */
  readonly namespaces: readonly string[] | undefined;
  /** Whose forwarded traffic is wanted. */
  readonly gateways: readonly WorkloadName[];
  /** Matchers of the user, e.g. for one tenant of a shared store. */
  readonly always: readonly Matcher[];
}

/** Patterns of label values that name nothing. */
export const unknown = "unknown|";
export const notAService = "unknown|PassthroughCluster|BlackHoleCluster|InboundPassthroughCluster.*|";

/** Series that name a row of the scope, in the namespaces that are asked for; `named` where the names are known. */
export function only(
  scope: RowScope,
  { namespaces }: Pick<SummaryScope, "namespaces">,
  named?: readonly Matcher[],
): readonly Matcher[] {
  const [, namespace, name] = rowLabels[scope];
  const isAnything = matchesNot(name, scope === "service" ? notAService : unknown);
  return [...(named && named.length > 0 ? named : [isAnything]), ...(namespaces ? [oneOf(namespace, namespaces)] : [])];
}

/** What the gateways report of the traffic that they pass on, each request once; undefined where none is asked for. */
export function byGateways({ gateways, namespaces, always }: SummaryScope): readonly Matcher[] | undefined {
  const wanted = gateways.filter(({ namespace }) => namespaces?.includes(namespace) ?? true);
  if (wanted.length === 0) return undefined;
  const all = (names: readonly string[]): readonly string[] => [...new Set(names)].toSorted();
  return [
    equal("reporter", "source"),
    oneOf("source_workload_namespace", all(wanted.map(({ namespace }) => namespace))),
    oneOf("source_workload", all(wanted.map(({ name }) => name))),
    ...always,
  ];
}
