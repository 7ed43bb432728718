import type { ClusterRows, ResourcesOf } from "../../../mesh/telemetry/levels/levelTelemetry.ts";
import { ofCluster } from "./levelScope.ts";
import {
  both,
  eitherOf,
  equal,
  literalRegex,
  matches,
  notEqual,
  oneOf,
  rate,
  select,
  sumBy,
  type Matcher,
} from "./promql.ts";

/** Whose containers. */
export interface ContainerScope {
  readonly of: ResourcesOf;
  readonly cluster: ClusterRows | undefined;
  readonly windowSeconds: number;
  /** Matchers of the user. */
  readonly always: readonly Matcher[];
}

/** What tells the same thing of two clusters, or of two scrapes, apart. */
export const scrapeLabels = ["cluster", "job", "instance"] as const;
export const podLabels = ["namespace", "pod"] as const;
export const containerMetrics = {
  cpu: "container_cpu_usage_seconds_total",
  memory: "container_memory_working_set_bytes",
  throttling: "container_cpu_cfs_throttled_periods_total",
} as const;
export type ContainerMetric = keyof typeof containerMetrics;

/**
 * Cores, bytes, or the share of the CPU periods that were cut short: by pod, by what scraped it and by `labels`. Series
 * with container "" are the sums of pods, those without an image their sandboxes.
 */
export function containerQuery(metric: ContainerMetric, scope: ContainerScope, labels: readonly string[]): string {
  const by = [...scrapeLabels, ...podLabels, ...labels];
  const rates = (name: string): string =>
    sumBy(
      by,
      chosen(scope, (matchers) => rate(select(name, matchers), scope.windowSeconds)),
    );
  if (metric === "cpu") return rates(containerMetrics.cpu);
  if (metric === "throttling")
    return `${rates(containerMetrics.throttling)} / ${rates("container_cpu_cfs_periods_total")}`;
  return sumBy(
    by,
    chosen(scope, (matchers) => select(containerMetrics.memory, matchers)),
  );
}

/** The pods of a node are told by a label `node`, by the kubelet's name as the instance, or by kube-state-metrics. */
function chosen({ of, cluster, always }: ContainerScope, read: (matchers: readonly Matcher[]) => string): string {
  const isContainer = [notEqual("container", ""), notEqual("image", "")];
  const rest = [...isContainer, ...exportersOf(cluster), ...always];
  if (of.what === "pods") return read([equal("namespace", of.namespace), oneOf("pod", of.pods), ...rest]);
  const info = select("kube_pod_info", [equal("node", of.node), ...exportersOf(cluster), ...always]);
  return eitherOf([
    read([equal("node", of.node), ...rest]),
    read([matches("instance", hostPattern([of.node])), ...rest]),
    both(read(rest), info, ["cluster", ...podLabels]),
  ]);
}

/** Series of exporters that may be of the cluster: those with its ID as the label `cluster`, and those without one. */
export function exportersOf(cluster: ClusterRows | undefined): readonly Matcher[] {
  return cluster ? ofCluster("cluster", cluster) : [];
}

/** `instance` of one of these hosts, with or without a port. RE2. */
export function hostPattern(hosts: readonly string[]): string {
  const names = hosts.flatMap((host) => (host.includes(":") ? [host, `[${host}]`] : [host]));
  return `(?:${names.map(literalRegex).join("|")})(?::[0-9]+)?`;
}
