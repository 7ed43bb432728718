import { isAbort, MeshError } from "../../../mesh/meshError.ts";
import type { Capabilities, Capability, Dialect } from "../../../mesh/telemetry/capabilities.ts";
import { labelOf, type Sample } from "../../../mesh/telemetry/sample.ts";
import { knownValue } from "../../../mesh/telemetry/specialValues.ts";
import type { PrometheusClient } from "../http/prometheusClient.ts";
import { parseDuration, intervalsOf } from "../discovery/prometheusConfig.ts";
import {
  countBy,
  either,
  eitherOf,
  equal,
  isLabelName,
  marked,
  notEqual,
  oneOf,
  relabel,
  select,
  type Matcher,
} from "./promql.ts";
import type { QueryAnswer } from "../http/queryApi.ts";

const requests = "istio_requests_total";
const tcpNames = ["istio_tcp_received_bytes_total", "istio_tcp_sent_bytes_total"];
const milliseconds = "istio_request_duration_milliseconds_bucket";
const seconds = "istio_request_duration_seconds_bucket";
const podInfo = "kube_pod_info";
const containerCpu = "container_cpu_usage_seconds_total";
const nodeCpu = "node_cpu_seconds_total";

/** Which series there are, by `series`. Histograms are looked at through one bucket each. */
export function namesQuery(always: readonly Matcher[]): string {
  const plain = [requests, ...tcpNames, podInfo, containerCpu, nodeCpu];
  // `or` does not look at __name__ and would take the two sides for the same.
  const named = (...matchers: Matcher[]): string =>
    relabel(countBy(["__name__"], select("", [...matchers, ...always])), {
      to: "series",
      replacement: "$1",
      from: "__name__",
      pattern: "(.+)",
    });
  return either(
    named(oneOf("__name__", plain)),
    named(oneOf("__name__", [milliseconds, seconds]), equal("le", "+Inf")),
  );
}

/** What the labels tell, each part marked by `fact`. */
export function factsQuery(always: readonly Matcher[]): string {
  const traffic = oneOf("__name__", [requests, ...tcpNames]);
  const count = (by: string, ...matchers: Matcher[]): string =>
    countBy([by], select("", [traffic, ...matchers, ...always]));
  const facts: Readonly<Record<string, string>> = {
    reporter: count("reporter"),
    cluster: count("destination_cluster", notEqual("destination_cluster", "")),
    sourceCluster: count("source_cluster", notEqual("source_cluster", "")),
    flags: count("reporter", notEqual("response_flags", "")),
    v2: count("reporter", notEqual("source_canonical_service", "")),
    v1: count("reporter", notEqual("permissive_response_code", "")),
    ztunnel: count("app", equal("app", "ztunnel")),
    build: countBy(["component", "tag"], select("istio_build", always)),
  };
  return Object.entries(facts)
    .map(([fact, query]) => marked(query, "fact", fact))
    .reduce((all, next) => either(all, next));
}

/** One living series of a proxy, whose samples then show how often it is scraped. */
export function exampleQuery(always: readonly Matcher[]): string {
  // Name by name: timestamp() drops them, and the two byte counters have the same labels.
  const times = [requests, ...tcpNames].map((name) => `timestamp(${select(name, always)})`);
  return `topk(1, ${eitherOf(times)})`;
}

export interface ProbeOptions {
  readonly always: readonly Matcher[];
  /** From the user; outranks what the store tells. */
  readonly scrapeIntervalSeconds: number | undefined;
}

/** Looks what a store holds, by a handful of questions. */
export async function probeCapabilities(
  client: PrometheusClient,
  atMillis: number,
  options: ProbeOptions,
  signal: AbortSignal,
): Promise<Capabilities> {
  const { always } = options;
  const [names, facts, engine, retentionSeconds, scraped] = await Promise.all([
    client.query(namesQuery(always), atMillis, signal),
    client.query(factsQuery(always), atMillis, signal),
    whereOffered(() => engineOf(client, signal)),
    whereOffered(() => retentionOf(client, signal)),
    options.scrapeIntervalSeconds ?? scrapeInterval(client, atMillis, always, signal),
  ]);
  return {
    ...capabilitiesOf(names, facts),
    scrapeIntervalSeconds: scraped,
    retentionSeconds,
    engine: names.isVictoriaMetrics ? "VictoriaMetrics" : engine,
  };
}

type FromSeries = Omit<Capabilities, "scrapeIntervalSeconds" | "retentionSeconds" | "engine">;

function capabilitiesOf(names: QueryAnswer, facts: QueryAnswer): FromSeries {
  const present = new Set(names.samples.map((sample) => labelOf(sample, "series")));
  const any = (...lookedFor: string[]): Capability => ({ present: lookedFor.some((n) => present.has(n)), lookedFor });
  const found = (fact: string): readonly Sample[] =>
    facts.samples.filter((sample) => labelOf(sample, "fact") === fact && sample.value > 0);
  const values = (fact: string, label: string): readonly string[] =>
    found(fact).flatMap((sample) => knownValue(sample.labels[label]) ?? []);
  const clusterIds = [
    ...new Set([...values("cluster", "destination_cluster"), ...values("sourceCluster", "source_cluster")]),
  ];
  const builds = found("build").map((s) => ({ component: labelOf(s, "component"), tag: labelOf(s, "tag") }));
  const isAmbient =
    values("reporter", "reporter").includes("waypoint") ||
    found("ztunnel").length > 0 ||
    builds.some(({ component }) => component === "ztunnel");
  const dialects: readonly (readonly [Dialect, boolean])[] = [
    ["v2", present.has(milliseconds) || found("v2").length > 0],
    ["v1", present.has(seconds) || found("v1").length > 0],
    ["ambient", isAmbient],
  ];
  return {
    dialects: dialects.filter(([, isSeen]) => isSeen).map(([dialect]) => dialect),
    http: any(requests),
    tcp: any(...tcpNames),
    latency: any(milliseconds, seconds),
    clusterLabels: { present: clusterIds.length > 0, lookedFor: ["source_cluster", "destination_cluster"] },
    responseFlags: { present: found("flags").length > 0, lookedFor: ["response_flags"] },
    kubeStateMetrics: any(podInfo),
    cadvisor: any(containerCpu),
    nodeExporter: any(nodeCpu),
    latencyUnits: [
      ...(present.has(milliseconds) ? (["ms"] as const) : []),
      ...(present.has(seconds) ? (["s"] as const) : []),
    ],
    clusterIds: clusterIds.toSorted(),
    builds,
    warnings: [...new Set([...names.warnings, ...facts.warnings])],
  };
}

/** Thanos, Mimir and VictoriaMetrics lack some of the status pages; what is not offered stays unknown. */
async function whereOffered<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (e) {
    if (isAbort(e) || !MeshError.is(e)) throw e;
    return undefined;
  }
}

async function engineOf(client: PrometheusClient, signal: AbortSignal): Promise<string | undefined> {
  const build = (await client.data("/api/v1/status/buildinfo", signal)) as Readonly<Record<string, unknown>> | null;
  const version = build?.["version"];
  if (typeof version !== "string") return undefined;
  const application = build?.["application"];
  if (typeof application === "string" && application !== "") return `${application} ${version}`;
  return /^[1-9]/.test(version) ? `Prometheus ${version}` : undefined;
}

async function retentionOf(client: PrometheusClient, signal: AbortSignal): Promise<number | undefined> {
  const info = (await client.data("/api/v1/status/runtimeinfo", signal)) as Readonly<Record<string, unknown>> | null;
  const retention = info?.["storageRetention"];
  // "15d", "15d or 10GiB", or a size alone.
  return typeof retention === "string" ? parseDuration(retention.split(" or ")[0] ?? "") : undefined;
}

/** The configuration tells where all jobs agree; else the spacing of a proxy's own samples, else the global setting. */
async function scrapeInterval(
  client: PrometheusClient,
  atMillis: number,
  always: readonly Matcher[],
  signal: AbortSignal,
): Promise<number | undefined> {
  const config = await whereOffered(() => client.data("/api/v1/status/config", signal));
  const yaml = (config as Readonly<Record<string, unknown>> | null | undefined)?.["yaml"];
  const configured = typeof yaml === "string" ? intervalsOf(yaml) : [];
  if (configured.length === 1) return configured[0];
  return (await whereOffered(() => observedInterval(client, atMillis, always, signal))) ?? configured[0];
}

async function observedInterval(
  client: PrometheusClient,
  atMillis: number,
  always: readonly Matcher[],
  signal: AbortSignal,
): Promise<number | undefined> {
  const [example] = (await client.query(exampleQuery(always), atMillis, signal)).samples;
  if (!example) return undefined;
  // timestamp() drops the name, and the labels are the store's: only those PromQL can name are asked for.
  const same = Object.entries(example.labels).filter(([label]) => isLabelName(label));
  const matchers = [oneOf("__name__", [requests, ...tcpNames]), ...same.map(([label, value]) => equal(label, value))];
  const times = await client.sampleTimes(`${select("", matchers)}[10m]`, atMillis, signal);
  const gaps = times.slice(1).map((time, i) => time - (times[i] ?? time));
  const median = gaps.toSorted((a, b) => a - b)[Math.floor(gaps.length / 2)];
  return median === undefined || median <= 0 ? undefined : Math.max(1, Math.round(median));
}
