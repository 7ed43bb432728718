import type { Call, ServiceEnd, WorkloadEnd } from "../../../../../src/mesh/telemetry/edges/calls.ts";
import { edgeMetrics, type EdgeLabel, type EdgeTable } from "../../../../../src/mesh/telemetry/edges/edgeTable.ts";
import type { StoreAnswer, StoreHome } from "../../../../../src/mesh/telemetry/edges/storeAnswer.ts";

/** One series as a store gives it: its labels, what it counts, who carries it. */
export interface SeriesRow {
  readonly metric: (typeof edgeMetrics)[number];
  readonly ztunnel?: boolean;
  readonly labels: Readonly<Partial<Record<EdgeLabel, string>>>;
  readonly value: number;
}

/** Columns of these rows; labels that no row has get no column. */
export function tableOf(rows: readonly SeriesRow[]): EdgeTable {
  const strings = [""];
  const indexes = new Map([["", 0]]);
  const intern = (text: string): number => {
    const there = indexes.get(text);
    if (there !== undefined) return there;
    indexes.set(text, strings.length);
    return strings.push(text) - 1;
  };
  const names = [...new Set(rows.flatMap(({ labels }) => Object.keys(labels) as EdgeLabel[]))];
  const columns = names.map((name) => [name, Uint32Array.from(rows, ({ labels }) => intern(labels[name] ?? ""))]);
  return {
    length: rows.length,
    strings,
    labels: Object.fromEntries(columns) as EdgeTable["labels"],
    metric: Uint8Array.from(rows, ({ metric }) => edgeMetrics.indexOf(metric)),
    ztunnel: Uint8Array.from(rows, ({ ztunnel }) => Number(ztunnel ?? false)),
    values: Float64Array.from(rows, ({ value }) => value),
  };
}

/** A store of one cluster or of none, with series and nothing else. */
export function answerOf(rows: readonly SeriesRow[], rest: Partial<StoreAnswer> = {}): StoreAnswer {
  return { sourceId: "store", label: "Store", homes: [], workloads: [], waypoints: [], edges: tableOf(rows), ...rest };
}

/**
 * Stores as text, for people:
 *
 *     store main, home demo-eu=eu            a store; the context it was found in, and Istio's cluster ID there
 *     workload shop/reviews-v1@eu app=reviews version=v1
 *     waypoint shop/waypoint
 *     source shop/front@eu -> shop/reviews > shop/reviews-v1@eu | http 503 flags=UC | 2
 *     ztunnel destination shop/front@eu -> shop/db > shop/db-0@eu | tcp mtls=mutual_tls | 100 down 300
 *
 * An end is namespace/name@cluster, each part as the label says; "?" reads "unknown" in all of its labels, and an end
 * without @ has no cluster label. Of TCP, the first number is what the source sent.
 */
export function storesOf(text: string): readonly StoreAnswer[] {
  const drafts: Draft[] = [];
  for (const line of linesOf(text)) {
    const store = /^store (\S+?)(?:, homes? (.*))?$/.exec(line);
    if (store) {
      drafts.push({ name: store[1] ?? "", homes: homesOf(store[2]), rows: [], workloads: [], waypoints: [] });
      continue;
    }
    const draft = drafts.at(-1);
    if (!draft) throw new Error(`There is no store before: ${line}`);
    readInto(draft, line);
  }
  return drafts.map(({ name, homes, rows, workloads, waypoints }) =>
    answerOf(rows, { sourceId: name, label: name, homes, workloads, waypoints }),
  );
}

interface Draft {
  readonly name: string;
  readonly homes: readonly StoreHome[];
  readonly rows: SeriesRow[];
  readonly workloads: StoreAnswer["workloads"][number][];
  readonly waypoints: StoreAnswer["waypoints"][number][];
}

function linesOf(text: string): readonly string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"));
}

function homesOf(text: string | undefined): readonly StoreHome[] {
  if (text === undefined) return [];
  return text.split(/\s+/).map((home) => {
    const [context = "", clusterId] = home.split("=");
    return { key: `uid of ${context}`, clusterId: clusterId === "?" ? undefined : clusterId, context };
  });
}

function readInto(draft: Draft, line: string): void {
  const named = /^workload (\S+)(?: app=(\S+))?(?: version=(\S+))?$/.exec(line);
  const waypoint = /^waypoint (\S+)$/.exec(line);
  if (named) {
    const { namespace, name, cluster = "" } = endOf(named[1] ?? "");
    draft.workloads.push({
      clusterId: cluster,
      namespace,
      workload: name,
      app: named[2] ?? "",
      version: named[3] ?? "",
    });
  } else if (waypoint) {
    const { namespace, name } = endOf(waypoint[1] ?? "");
    draft.waypoints.push({ namespace, workload: name });
  } else {
    draft.rows.push(...rowsOf(line));
  }
}

const seriesLine = /^(ztunnel )?(\S+) (\S+) -> (\S+) > (\S+) \| (\S+)(.*?) \| (\S+)(?: down (\S+))?$/;

function rowsOf(line: string): readonly SeriesRow[] {
  const found = seriesLine.exec(line.replace(/\s+/g, " "));
  if (!found) throw new Error(`This is no series: ${line}`);
  const [, carrier, reporter = "", from = "", to = "", reached = "", protocol = "", rest = "", up = "", down] = found;
  const source = endOf(from);
  const destination = endOf(reached);
  const service = endOf(to);
  const options = new Map(rest.split(" ").map((word) => word.split("=") as [string, string]));
  const code = /^ (\d+|-)/.exec(rest)?.[1];
  const labels: Partial<Record<EdgeLabel, string>> = {
    reporter: reporter === "none" ? "" : reporter,
    source_workload_namespace: source.namespace,
    source_workload: source.name,
    ...(source.cluster === undefined ? {} : { source_cluster: source.cluster }),
    destination_service_namespace: service.namespace,
    destination_service_name: service.name,
    destination_workload_namespace: destination.namespace,
    destination_workload: destination.name,
    ...(destination.cluster === undefined ? {} : { destination_cluster: destination.cluster }),
    request_protocol: protocol,
    ...(code === undefined ? {} : { response_code: code }),
    ...(options.has("grpc") ? { grpc_response_status: options.get("grpc") ?? "" } : {}),
    response_flags: options.get("flags") ?? "-",
    connection_security_policy: options.get("mtls") ?? "unknown",
    ...(options.has("host") ? { destination_service: options.get("host") ?? "" } : {}),
    ...(options.has("by") ? { source_principal: options.get("by") ?? "" } : {}),
  };
  const ztunnel = carrier !== undefined;
  if (protocol !== "tcp") return [{ metric: "requests", ztunnel, labels, value: Number(up) }];
  return [
    { metric: "tcpReceived", ztunnel, labels, value: Number(up) },
    { metric: "tcpSent", ztunnel, labels, value: Number(down ?? 0) },
  ];
}

interface End {
  readonly namespace: string;
  readonly name: string;
  readonly cluster: string | undefined;
}

function endOf(text: string): End {
  const [rest = "", cluster] = text.split("@");
  if (rest === "?") return { namespace: "unknown", name: "unknown", cluster: cluster === "?" ? "unknown" : cluster };
  const slash = rest.indexOf("/");
  const [namespace, name] = [rest.slice(0, slash), rest.slice(slash + 1)];
  return { namespace: namespace === "?" ? "unknown" : namespace, name, cluster: cluster === "?" ? "unknown" : cluster };
}

/** Calls in the same notation, sorted; clusters as contexts' keys are left out unless `withKeys`. */
export function callsText(calls: readonly Call[]): string {
  return calls
    .map(
      (call) => `${endText(call.source)} -> ${serviceText(call.service)} > ${reachedText(call)} | ${endingText(call)}`,
    )
    .sort()
    .join("\n");
}

function endText({ namespace, workload, place, isWaypoint }: WorkloadEnd): string {
  const name = workload === "unknown" ? "?" : `${namespace}/${workload}`;
  return `${isWaypoint ? "waypoint " : ""}${name}@${placeText(place)}`;
}

/** Ambiguous labels are told apart by the cluster that was found for them. */
function placeText({ label, key, isDerived }: WorkloadEnd["place"]): string {
  const where = label === "Kubernetes" && key !== undefined ? `${label}(${key.replace("uid of ", "")})` : label;
  return `${where === "" ? (key?.replace("uid of ", "") ?? "-") : where}${isDerived ? "~" : ""}`;
}

function serviceText(service: ServiceEnd | undefined): string {
  if (!service) return "-";
  return `${service.namespace === "unknown" ? "?" : service.namespace}/${service.name}@${placeText(service.place)}`;
}

function reachedText({ destination }: Call): string {
  return destination ? endText(destination) : "nobody";
}

function endingText(call: Call): string {
  const { protocol, code, grpcStatus, flags, mutualTls, isL4, rps } = call;
  const parts = [
    protocol,
    code,
    grpcStatus === "" ? "" : `grpc=${grpcStatus}`,
    flags === "" ? "" : `flags=${flags}`,
    mutualTls === "unknown" ? "" : `mtls=${mutualTls}`,
    isL4 ? "L4" : "",
  ];
  const round = (value: number): number => Math.round(value * 1e6) / 1e6;
  const bytes = `${round(call.sentBytesPerSecond)} down ${round(call.receivedBytesPerSecond)}`;
  const amount = protocol === "tcp" ? bytes : String(round(rps));
  return `${parts.filter((part) => part !== "").join(" ")} | ${amount}`;
}
