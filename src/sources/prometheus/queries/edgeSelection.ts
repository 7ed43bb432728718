import type { EdgeQuery } from "../../../mesh/telemetry/edges/edgeAnswer.ts";
import type { EdgeLabel } from "../../../mesh/telemetry/edges/edgeTable.ts";
import { literalRegex, matches, matchesNot, oneOf, type Matcher } from "./promql.ts";
import { unknown } from "./summaryScope.ts";

/** Which series questions about edges are about. */
export interface EdgeSelection extends Pick<EdgeQuery, "windowSeconds" | "namespaces" | "where"> {
  /** Matchers of the user, e.g. for one tenant of a shared store. */
  readonly always: readonly Matcher[];
}

/** The labels that tell whether a series has an end in a namespace. */
export const namespaceLabels = [
  "source_workload_namespace",
  "destination_workload_namespace",
  "destination_service_namespace",
] as const satisfies readonly EdgeLabel[];

/**
 * Namespaces stand in two dozen matchers of a query, and VictoriaMetrics refuses queries of more than 16 KiB
 * (`-search.maxQueryLen`). Above this many characters of names all namespaces are asked for, and rows of others dropped.
 */
const longestNames = 300;

export function isTooLong(namespaces: readonly string[] | undefined): boolean {
  return namespaces !== undefined && patternOf(namespaces).length > longestNames;
}

/** True where nothing can be selected, whatever the store holds. */
export function isNothing({ namespaces, where = [] }: Pick<EdgeQuery, "namespaces" | "where">): boolean {
  return namespaces?.length === 0 || where.some(({ anyOf }) => anyOf.length === 0);
}

/** Series whose labels tell the namespace of the service, and those where only its host may tell. */
export interface SelectionParts {
  readonly placed: readonly (readonly Matcher[])[];
  readonly unplaced: readonly (readonly Matcher[])[];
}

/**
 * Matchers of selectors that together find each selected series once. Older proxies do not know the namespace of a
 * request that reached nobody; a Kubernetes host name (`destination_service`) tells it.
 */
export function partsOf(selection: EdgeSelection): SelectionParts {
  const [source, workload, service] = namespaceLabels;
  const common = commonOf(selection);
  const [isPlaced, isUnplaced] = [matchesNot(service, unknown), matches(service, unknown)];
  const { namespaces } = selection;
  if (!namespaces) return { placed: [[isPlaced, ...common]], unplaced: [[isUnplaced, ...common]] };
  const wanted = patternOf(namespaces);
  const fromOutside = matchesNot(source, wanted);
  const ends = [[matches(source, wanted)], [fromOutside, matches(workload, wanted)]];
  const passing = [fromOutside, matchesNot(workload, wanted)];
  return {
    placed: [...ends, [...passing, matches(service, wanted)]].map((part) => [...part, isPlaced, ...common]),
    unplaced: [...ends, [...passing, hostIn(wanted)]].map((part) => [...part, isUnplaced, ...common]),
  };
}

/** Matchers of selectors that together find each selected series at least once: fewer and shorter ones. */
export function overlappingPartsOf(selection: EdgeSelection): readonly (readonly Matcher[])[] {
  const [, , service] = namespaceLabels;
  const common = commonOf(selection);
  const { namespaces } = selection;
  if (!namespaces) return [common];
  const wanted = patternOf(namespaces);
  return [
    ...namespaceLabels.map((label) => [matches(label, wanted), ...common]),
    [matches(service, unknown), hostIn(wanted), ...common],
  ];
}

function commonOf({ where = [], always }: EdgeSelection): readonly Matcher[] {
  return [...where.map(({ label, anyOf }) => oneOf(label, anyOf)), ...always];
}

function patternOf(namespaces: readonly string[]): string {
  return namespaces.map(literalRegex).join("|");
}

function hostIn(namespaces: string): Matcher {
  return matches("destination_service", `[^.]+\\.(?:${namespaces})\\.svc(?:\\..*)?`);
}
