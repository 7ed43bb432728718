import type { Grouping } from "../../../mesh/telemetry/levels/levelTelemetry.ts";
import type { End } from "./levelScope.ts";
import { relabel, sumBy } from "./promql.ts";

/** How series are split: by what, seen from which end. */
export interface GroupScope {
  readonly by: Grouping;
  readonly end: End;
  /** Namespaces of workloads, not of services. */
  readonly ofWorkload: boolean;
  /** What to call the protocol of a metric that is of one only. */
  readonly protocol?: "tcp" | "grpc";
}

/** The label that names the group in an answer. */
export const groupLabel = "group";

/** The labels a grouping reads besides those that tell series apart anyway; `near`: known to the thing's own proxies alone. */
export function labelsKept({ by, end }: GroupScope): {
  readonly kept: readonly string[];
  readonly near: readonly string[];
} {
  if (by === "version") return { kept: [`${end}_canonical_revision`, `${end}_version`], near: [] };
  if (by !== "pod") return { kept: [], near: [] };
  return { kept: [], near: ["pod"] };
}

/** All labels that a grouping reads. */
export function labelsRead(scope: GroupScope): readonly string[] {
  const { by, end } = scope;
  const { kept, near } = labelsKept(scope);
  const read: Readonly<Record<Grouping, readonly string[]>> = {
    none: [],
    version: [],
    pod: [],
    source: ["source_workload_namespace", "source_workload"],
    destination: ["destination_workload_namespace", "destination_workload", "destination_service_name"],
    code: ["request_protocol", "response_code", "grpc_response_status"],
    flags: ["response_flags"],
    cluster: [otherCluster(end)],
    protocol: ["request_protocol"],
    namespace: [namespaceLabel(scope)],
  };
  return [...read[by], ...kept, ...near];
}

/** Sums by group, in the label {@link groupLabel}; one sum without a grouping. */
export function summed(expression: string, scope: GroupScope, ...labels: readonly string[]): string {
  const by = scope.by === "none" ? labels : [groupLabel, ...labels];
  return by.length > 0 ? sumBy(by, named(expression, scope)) : `sum(${expression})`;
}

/** Writes the group of each series into its label. What has no value is called "unknown". */
export function named(expression: string, scope: GroupScope): string {
  const { by, end, protocol } = scope;
  switch (by) {
    case "none":
      return expression;
    case "version":
      return orUnknown(copied(copied(expression, `${end}_version`), `${end}_canonical_revision`));
    case "source":
      return pair(expression, "source_workload_namespace", "source_workload");
    case "destination":
      return destinations(expression);
    case "code":
      return codes(expression);
    case "flags":
      return orElse(copied(expression, "response_flags"), "-");
    case "cluster":
      return orUnknown(copied(expression, otherCluster(end)));
    case "protocol":
      return protocol ? group(expression, protocol, "", "") : orUnknown(copied(expression, "request_protocol"));
    case "pod":
      // Pods of ztunnel report for those of their node.
      return orUnknown(group(copied(expression, "pod"), "", groupLabel, "ztunnel-.+"));
    case "namespace":
      return orUnknown(copied(expression, namespaceLabel(scope)));
  }
}

function namespaceLabel({ end, ofWorkload }: GroupScope): string {
  if (end === "source") return "source_workload_namespace";
  return ofWorkload ? "destination_workload_namespace" : "destination_service_namespace";
}

function otherCluster(end: End): string {
  return end === "destination" ? "source_cluster" : "destination_cluster";
}

function group(expression: string, replacement: string, from: string, pattern: string): string {
  return relabel(expression, { to: groupLabel, replacement, from, pattern });
}

function copied(expression: string, label: string): string {
  return group(expression, "$1", label, "(.+)");
}

function orElse(expression: string, value: string): string {
  return group(expression, value, groupLabel, "");
}

function orUnknown(expression: string): string {
  return orElse(expression, "unknown");
}

function joined(expression: string, to: string, separator: string, labels: readonly string[]): string {
  return `label_join(${expression},"${to}","${separator}",${labels.map((label) => `"${label}"`).join(",")})`;
}

function pair(expression: string, namespace: string, name: string): string {
  const both = joined(expression, groupLabel, "/", [namespace, name]);
  return group(both, "unknown", groupLabel, "(?:unknown)?/(?:unknown)?");
}

function destinations(expression: string): string {
  const workloads = pair(expression, "destination_workload_namespace", "destination_workload");
  const told = joined(workloads, "told", ";", ["destination_workload", "destination_service_name"]);
  return group(told, "$1", "told", "(?:unknown)?;(.+)");
}

/** Older proxies write "-" for the code 0. */
function codes(expression: string): string {
  const told = joined(expression, "told", ";", ["request_protocol", "response_code", "grpc_response_status"]);
  const plain = group(copied(told, "response_code"), "0", "response_code", "-");
  return orUnknown(group(plain, "$1 · gRPC $2", "told", "grpc;(.*);([1-9][0-9]*)"));
}
