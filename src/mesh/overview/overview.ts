import type { DrilldownInput } from "../drilldown/drilldownInput.ts";
import { errorShareOf, isFlowing } from "../explorer/rows/rowFacts.ts";
import { worstOf, type Verdict } from "../health/verdict.ts";
import { componentHealth } from "../health/workloadHealth.ts";
import { isCounted } from "../inventory/counting.ts";
import type {
  ClusterView,
  Counted,
  GatewayView,
  MeshView,
  PodView,
  Problem,
  Replicas,
  ServiceView,
  WorkloadView,
} from "../inventory/views.ts";
import type { ObjectRef } from "../model/refs.ts";

// What a mesh, its clusters and namespaces add up to: of the lists' own numbers, without a further question.

/** Sums over services. A request is counted at each service that answers it. NaN: nothing is known. */
export interface TrafficSum {
  readonly rps: number;
  /** Of the requests, 0 to 1; NaN where nothing was requested. */
  readonly errorRate: number;
  /** TCP, from the services' side. */
  readonly receivedBytesPerSecond: number;
  readonly sentBytesPerSecond: number;
  /** Services whose numbers are known, of all: what is missing of the sums. */
  readonly measured: number;
  readonly services: number;
  /** The oldest numbers in it are old: since when (milliseconds since 1970). */
  readonly staleSince: number | undefined;
}

/** A namespace in all clusters of the mesh that have it. */
export interface NamespaceSum {
  readonly name: string;
  readonly traffic: TrafficSum;
  readonly verdict: Verdict;
  readonly services: Counted;
  readonly workloads: Counted;
  readonly pods: Counted;
}

export interface ClusterSum {
  readonly cluster: ClusterView;
  readonly traffic: TrafficSum;
  readonly verdict: Verdict;
  readonly pods: Counted;
}

/** Something that runs the mesh: a workload, wherever it is listed. */
export interface MeshPart {
  readonly role: "istiod" | "cni" | "ztunnel" | GatewayView["role"];
  readonly ref: ObjectRef;
  readonly context: string;
  readonly version: string | undefined;
  /** undefined where it runs elsewhere and cannot be seen. */
  readonly replicas: Replicas | undefined;
  readonly verdict: Verdict;
}

/** One of the worst; `value` is what it is sorted by. */
export interface Worst {
  readonly ref: ObjectRef;
  readonly id: string;
  readonly value: number;
}

export interface Overview {
  readonly mesh: MeshView;
  readonly traffic: TrafficSum;
  readonly verdict: Verdict;
  readonly pods: Counted;
  readonly clusters: readonly ClusterSum[];
  /** By name. */
  readonly namespaces: readonly NamespaceSum[];
  readonly parts: readonly MeshPart[];
  /** Those that count, in the order of the inventory. */
  readonly services: readonly ServiceView[];
  readonly workloads: readonly WorkloadView[];
  /** Services with failed requests, by their share; at most six of each. */
  readonly worstErrors: readonly Worst[];
  /** By p95, seconds. */
  readonly worstLatency: readonly Worst[];
  /** TCP bytes per second, both ways. */
  readonly mostThroughput: readonly Worst[];
}

export type OverviewInput = Pick<
  DrilldownInput,
  "meshes" | "services" | "workloads" | "assessment" | "clusterHealth" | "format" | "now"
>;

const worstCount = 6;

/** `namespaces` undefined: all. */
export function overviewOf(mesh: MeshView, input: OverviewInput, namespaces?: readonly string[]): Overview {
  const keys = new Set(mesh.clusters.map(({ key }) => key));
  const wanted = namespaces && new Set(namespaces);
  const isIn = ({ ref }: { readonly ref: ObjectRef }): boolean =>
    keys.has(ref.cluster) && (wanted?.has(ref.namespace) ?? true);
  const services = input.services.filter(isIn);
  const workloads = input.workloads.filter(isIn);
  const problems = problemVerdict(mesh.problems, input);
  return {
    mesh,
    traffic: trafficOf(services, input),
    verdict: worstOf([...mesh.clusters.map(({ key }) => input.clusterHealth(key)), problems].filter(isKnown)),
    pods: wanted ? podsOf(workloads) : addedUp(mesh.clusters.map(clusterPods)),
    clusters: mesh.clusters.map((cluster) => ({
      cluster,
      traffic: trafficOf(
        services.filter(({ ref }) => ref.cluster === cluster.key),
        input,
      ),
      verdict: input.clusterHealth(cluster.key),
      pods: clusterPods(cluster),
    })),
    namespaces: namespacesOf(services, workloads, { input, mesh }),
    parts: mesh.clusters.flatMap((cluster) => partsOf(cluster, input)),
    ...{ services, workloads },
    ...worstIn(services, input),
  };
}

function namespacesOf(
  services: readonly ServiceView[],
  workloads: readonly WorkloadView[],
  { input, mesh }: { readonly input: OverviewInput; readonly mesh: MeshView },
): readonly NamespaceSum[] {
  const waiting = mesh.clusters.filter(({ counts }) => counts.workloads.inMesh === undefined);
  const awaiting = new Set(waiting.map(({ key }) => key));
  const byName = new Map<string, { services: ServiceView[]; workloads: WorkloadView[] }>();
  const at = (name: string) => {
    let found = byName.get(name);
    if (!found) byName.set(name, (found = { services: [], workloads: [] }));
    return found;
  };
  for (const view of services) at(view.ref.namespace).services.push(view);
  for (const view of workloads) at(view.ref.namespace).workloads.push(view);
  return [...byName]
    .map(([name, own]) => ({
      name,
      traffic: trafficOf(own.services, input),
      verdict: worstOf([...own.services, ...own.workloads].map(({ id }) => input.assessment(id).verdict)),
      services: counted(own.services.filter(isCounted), awaiting),
      workloads: counted(own.workloads, awaiting),
      pods: podsOf(own.workloads),
    }))
    .sort((a, b) => compare(a.name, b.name));
}

/** Sums over what is known; nothing known gives NaN, and never 0. */
function trafficOf(services: readonly ServiceView[], { assessment }: OverviewInput): TrafficSum {
  const sum = { rps: NaN, errors: 0, received: NaN, sent: NaN, measured: 0 };
  let staleSince: number | undefined;
  for (const { id } of services) {
    const { reading } = assessment(id);
    if (reading.kind === "none" || reading.lacksRequests) continue;
    sum.measured++;
    const { requests, tcp } = reading;
    if (requests || reading.kind === "idle") sum.rps = plus(sum.rps, requests?.rps ?? 0);
    sum.errors += requests?.errorsPerSecond ?? 0;
    if (tcp) {
      sum.received = plus(sum.received, tcp.receivedBytesPerSecond);
      sum.sent = plus(sum.sent, tcp.sentBytesPerSecond);
    }
    if (reading.staleSince !== undefined) staleSince = Math.min(reading.staleSince, staleSince ?? Infinity);
  }
  return {
    rps: sum.rps,
    errorRate: sum.rps > 0 ? sum.errors / sum.rps : NaN,
    receivedBytesPerSecond: sum.received,
    sentBytesPerSecond: sum.sent,
    measured: sum.measured,
    services: services.length,
    staleSince,
  };
}

function plus(sum: number, more: number): number {
  return (Number.isNaN(sum) ? 0 : sum) + more;
}

function worstIn(
  services: readonly ServiceView[],
  { assessment }: OverviewInput,
): Pick<Overview, "worstErrors" | "worstLatency" | "mostThroughput"> {
  const most = (valueOf: (view: ServiceView) => number | null | undefined): readonly Worst[] =>
    services
      .flatMap((view) => {
        const value = valueOf(view);
        return typeof value === "number" && value > 0 ? [{ ref: view.ref, id: view.id, value }] : [];
      })
      .sort((a, b) => b.value - a.value || compare(a.id, b.id))
      .slice(0, worstCount);
  return {
    worstErrors: most(({ id }) => errorShareOf(assessment(id).reading)),
    worstLatency: most(({ id }) => assessment(id).reading.latency?.p95),
    mostThroughput: most(({ id }) => {
      const { tcp } = assessment(id).reading;
      return isFlowing(tcp) ? tcp.receivedBytesPerSecond + tcp.sentBytesPerSecond : undefined;
    }),
  };
}

function partsOf(
  { controlPlanes, gateways, cni, ztunnel, context }: ClusterView,
  input: OverviewInput,
): readonly MeshPart[] {
  const judging = { format: input.format, nowMillis: input.now() };
  const part = (
    role: MeshPart["role"],
    {
      ref,
      version,
      replicas,
      problems,
    }: Pick<MeshPart, "ref" | "version" | "replicas"> & { problems: readonly Problem[] },
  ): MeshPart => ({ role, ref, context, version, replicas, verdict: componentHealth(replicas, problems, judging) });
  return [
    ...controlPlanes.map((plane) => part("istiod", plane)),
    ...gateways.map((gateway) => part(gateway.role, gateway)),
    ...(ztunnel ? [part("ztunnel", ztunnel)] : []),
    ...(cni ? [part("cni", cni)] : []),
  ];
}

function problemVerdict(problems: readonly Problem[], { format, now }: OverviewInput): Verdict {
  return componentHealth(undefined, problems, { format, nowMillis: now() });
}

function isKnown({ state }: Verdict): boolean {
  return state !== "unknown";
}

function clusterPods({ pods }: ClusterView): Counted {
  if (!pods) return { inMesh: undefined, all: NaN };
  const inMesh = pods.sidecar + pods.ambient + pods.gateway;
  return { inMesh, all: inMesh + pods.none };
}

/** Living pods by the workloads that own them; NaN where some of them are not read. */
function podsOf(workloads: readonly WorkloadView[]): Counted {
  if (workloads.some(({ podsRead }) => podsRead === false)) return { inMesh: undefined, all: NaN };
  const pods = workloads.flatMap((view) => view.pods).filter(isLiving);
  return { inMesh: pods.filter(({ dataPlane }) => dataPlane !== "none").length, all: pods.length };
}

function isLiving({ phase }: PodView): boolean {
  return phase !== "Succeeded" && phase !== "Failed";
}

function addedUp(parts: readonly Counted[]): Counted {
  return parts.reduce(
    (a, b) => ({
      inMesh: a.inMesh === undefined || b.inMesh === undefined ? undefined : a.inMesh + b.inMesh,
      all: a.all + b.all,
    }),
    { inMesh: 0, all: 0 },
  );
}

/** As each cluster counts them: unknown while pods are still being listed. */
function counted(views: readonly Pick<ServiceView, "ref" | "inMesh">[], awaiting: ReadonlySet<string>): Counted {
  const isOpen = views.some(({ ref }) => awaiting.has(ref.cluster));
  return { inMesh: isOpen ? undefined : views.filter(({ inMesh }) => inMesh === true).length, all: views.length };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
