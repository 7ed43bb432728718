import type { Dialect } from "../../../../mesh/telemetry/capabilities.ts";
import type { ClusterRows, Direction, Grouping, TrafficOf } from "../../../../mesh/telemetry/levels/levelTelemetry.ts";
import type { Reported } from "../../exposition/istioLabels.ts";
import { labelsOf } from "../../exposition/reports.ts";
import { podNameOf } from "../../objects/podNames.ts";
import { hasEnvoy, observerOf, passesZtunnel, reportsAtSource, type Flow } from "../../traffic/flow.ts";
import type { WorkloadPlan } from "../../world/blueprint.ts";
import type { CountedPart } from "./linearSums.ts";

/** What a group is called that nobody knows. */
export const unknown = "unknown";

/** What a chart is of. */
export interface Subject {
  readonly of: TrafficOf;
  readonly direction: Direction;
  readonly cluster: ClusterRows;
}

/** Requests are counted where a proxy reads them; bytes of TCP, and of what nobody read. */
export type Counted = "requests" | "bytes";

/** Which pod told of a part of a flow, as which end, and how much of the flow that is. */
export interface PodPart {
  readonly pod: string;
  readonly share: number;
  readonly reporter: Reported["reporter"];
}

/** A part of a flow that counts for a chart, and the series it counts for. */
export interface NamedPart extends CountedPart {
  readonly name: string;
}

/** The parts of a flow that are the subject's, each request and byte counted once. */
export function* partsOf(
  flow: Flow,
  subject: Subject,
  { by, counted, dialect, seed }: { by: Grouping; counted: Counted; dialect: Dialect; seed: number },
): Generator<NamedPart, void, undefined> {
  if (countedAs(flow) !== counted || !isOf(flow, subject)) return;
  const { of, direction } = subject;
  const ofWorkload = of.what === "workload";
  const named = (reported: Reported, pod: string) =>
    by === "pod" ? pod : groupOf(new Map(labelsOf(flow, reported, dialect)), { by, direction, ofWorkload });
  if (of.what !== "pod" && by !== "pod") {
    const reported = direction === "outbound" ? sentReport(flow) : reportOf(flow);
    yield { flow, share: 1, isAtSource: reported.reporter !== "destination", name: named(reported, "") };
    return;
  }
  const told = direction === "outbound" ? sendingPods(flow, seed) : reportingPods(flow, seed);
  const counting =
    of.what === "pod" ? told.filter(({ pod }) => pod === of.name) : ownPods(told, direction, isKnownByPod(dialect));
  for (const { pod, share, reporter } of counting) {
    const reported = { reporter, from: flow.from, to: flow.to, l4: false };
    yield { flow, share, isAtSource: reporter !== "destination", name: named(reported, pod) };
  }
}

/** Mixer told of both ends' requests itself: its pods are nobody's. */
function isKnownByPod(dialect: Dialect): boolean {
  return dialect !== "v1";
}

/** Pods of the end that the chart is of; a proxy on the way, or of the other end, does not know them. */
function ownPods(told: readonly PodPart[], direction: Direction, isKnown: boolean): readonly PodPart[] {
  const reporter = direction === "outbound" ? "source" : "destination";
  const own = isKnown ? told.filter((part) => part.reporter === reporter) : [];
  return own.length > 0 ? own : [{ pod: unknown, share: 1, reporter: told[0]?.reporter ?? "source" }];
}

function countedAs(flow: Flow): Counted | undefined {
  const observer = observerOf(flow);
  if (flow.protocol !== "tcp" && observer) return "requests";
  return observer !== undefined || passesZtunnel(flow) ? "bytes" : undefined;
}

function isOf(flow: Flow, { of, direction, cluster }: Subject): boolean {
  const isIn = (id: string) => cluster.id === undefined || cluster.id === id;
  // Envoy's catch-all clusters are no services.
  const isService = flow.external?.requestedHost === undefined;
  const { from, to } = flow;
  if (direction === "outbound") {
    // A caller's proxy forgets the copies that it sends; callers without one tell nothing.
    if (from.plane === "none" || (hasEnvoy(from) && flow.isMirrored)) return false;
    if (of.what === "mesh") return isIn(from.cluster);
    if (of.what === "service" || !isIn(from.cluster) || from.namespace !== of.namespace) return false;
    if (of.what === "workload") return of.names.includes(from.name);
    return of.what === "namespace" || reportsAtSource(flow);
  }
  switch (of.what) {
    case "mesh":
      return isService && isIn(flow.cluster);
    case "namespace":
      return isService && isIn(flow.cluster) && flow.namespace === of.namespace;
    case "service":
      return isService && isIn(flow.cluster) && flow.namespace === of.namespace && flow.service === of.name;
    case "workload":
      return isMember(to, of.namespace, isIn) && of.names.includes(to?.name ?? "");
    case "pod":
      return [to, flow.waypoint, from].some((plan) => isMember(plan, of.namespace, isIn));
  }
}

function isMember(plan: WorkloadPlan | undefined, namespace: string, isIn: (id: string) => boolean): boolean {
  return plan !== undefined && plan.namespace === namespace && isIn(plan.cluster);
}

/** The report that counts: the one nearest to the answer. */
function reportOf(flow: Flow): Reported {
  const { from, to, waypoint } = flow;
  const reporter = observerOf(flow);
  if (reporter) return { reporter, from, to, l4: false };
  return to?.plane === "ambient"
    ? { reporter: "destination", from: waypoint ?? from, to, l4: true }
    : { reporter: "source", from, to: waypoint ?? to, l4: true };
}

/** Of what is sent the sender's own report counts, where it has a proxy. */
function sentReport(flow: Flow): Reported {
  const { from, to } = flow;
  return reportsAtSource(flow) ? { reporter: "source", from, to, l4: false } : reportOf(flow);
}

/**
 * Pods whose own proxy reports what came to them, nearest to the answer first: the answering ones, a waypoint's, and
 * gateways', which pass it on.
 */
export function reportingPods(flow: Flow, seed: number): readonly PodPart[] {
  const { from, to, waypoint, pods } = flow;
  return [
    ...(to?.plane === "sidecar" ? podsOf(to, { pods, reporter: "destination", seed }) : []),
    ...(waypoint ? podsOf(waypoint, { pods: undefined, reporter: "waypoint", seed }) : []),
    ...(from.plane === "gateway" ? sendingPods(flow, seed) : []),
  ];
}

function sendingPods(flow: Flow, seed: number): readonly PodPart[] {
  return reportsAtSource(flow) ? podsOf(flow.from, { pods: undefined, reporter: "source", seed }) : [];
}

function podsOf(
  plan: WorkloadPlan,
  { pods, reporter, seed }: { pods: readonly number[] | undefined; reporter: PodPart["reporter"]; seed: number },
): readonly PodPart[] {
  const all = pods ?? Array.from({ length: plan.replicas }, (_, pod) => pod);
  return all.map((pod) => ({ pod: podNameOf(plan, pod, seed), share: 1 / all.length, reporter }));
}

interface GroupScope {
  readonly by: Grouping;
  readonly direction: Direction;
  readonly ofWorkload: boolean;
}

function groupOf(labels: ReadonlyMap<string, string>, { by, direction, ofWorkload }: GroupScope): string {
  const own = direction === "inbound" ? "destination" : "source";
  const other = direction === "inbound" ? "source" : "destination";
  const label = (name: string) => labels.get(name) ?? "";
  const workload = (end: string) => {
    const name = label(`${end}_workload`);
    return name === "" || name === unknown ? undefined : `${label(`${end}_workload_namespace`)}/${name}`;
  };
  switch (by) {
    case "version":
      return label(`${own}_canonical_revision`) || label(`${own}_version`) || unknown;
    case "source":
      return workload("source") ?? unknown;
    case "destination":
      return workload("destination") ?? (label("destination_service_name") || unknown);
    case "code": {
      const status = label("grpc_response_status");
      const code = label("response_code") || unknown;
      return `${code}${status === "" || status === "0" ? "" : ` · gRPC ${status}`}`;
    }
    case "flags":
      return label("response_flags") || "-";
    case "cluster":
      return label(`${other}_cluster`) || unknown;
    case "protocol":
      return label("request_protocol") || "tcp";
    case "namespace":
      return label(`${own}_${own === "source" || ofWorkload ? "workload" : "service"}_namespace`) || unknown;
    case "none":
    case "pod":
      return "";
  }
}
