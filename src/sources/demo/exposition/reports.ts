import type { Dialect } from "../../../mesh/telemetry/capabilities.ts";
import { leavesByZtunnel, reportsAtSource, type Flow } from "../traffic/flow.ts";
import type { WorkloadPlan, World } from "../world/blueprint.ts";
import { hash32 } from "../world/seed.ts";
import { podNameOf } from "../objects/podNames.ts";
import { v1Labels, v2Labels, type Reported } from "./istioLabels.ts";
import { labelText, type Labels } from "./textFormat.ts";

/** A proxy's view of a flow: one series, or a part of one. */
export interface Report {
  readonly protocol: "request" | "tcp";
  readonly labels: string;
  /** The part of the flow's amounts that this proxy saw. */
  readonly share: number;
  /** Times as the caller's proxy measures them. */
  readonly isAtSource: boolean;
  readonly isGrpc: boolean;
}

export interface ReportOptions {
  readonly world: World;
  readonly dialect: Dialect;
  /** One series for each proxy's pod, as scraping gives; else one for each workload, without principals. */
  readonly isDetailed: boolean;
  readonly ztunnels: ReadonlyMap<string, WorkloadPlan>;
}

/** One proxy's view of a flow, before anything is written. */
export interface ProxyView {
  readonly proxy: WorkloadPlan;
  /** Pods of the proxy's workload that saw it, each an equal share; undefined for all of them. */
  readonly pods: readonly number[] | undefined;
  readonly reported: Reported;
}

/** Who sees a flow: the caller's proxy, the answering side's, a waypoint's, and ztunnels. Mixer knew sidecars only. */
export function proxyViewsOf(
  flow: Flow,
  { dialect, ztunnels }: Pick<ReportOptions, "dialect" | "ztunnels">,
): readonly ProxyView[] {
  const { from, to, waypoint, pods } = flow;
  const views: ProxyView[] = [];
  const by = (proxy: WorkloadPlan, reported: Reported, seen?: readonly number[]) => {
    views.push({ proxy, pods: seen, reported });
  };
  if (reportsAtSource(flow)) by(from, { reporter: "source", from, to, l4: false });
  if (to?.plane === "sidecar") by(to, { reporter: "destination", from, to, l4: false }, pods);
  if (dialect === "v1") return views;
  if (waypoint) by(waypoint, { reporter: "waypoint", from, to, l4: false });
  const near = leavesByZtunnel(flow) ? ztunnels.get(from.cluster) : undefined;
  if (near) by(near, { reporter: "source", from, to: waypoint ?? to, l4: true });
  const far = to?.plane === "ambient" ? ztunnels.get(to.cluster) : undefined;
  if (far) by(far, { reporter: "destination", from: waypoint ?? from, to, l4: true });
  return views;
}

/** A view's labels in one of Istio's dialects, without what scraping adds. */
export function labelsOf(flow: Flow, reported: Reported, dialect: Dialect): Labels {
  return dialect === "v1" ? v1Labels(flow, reported) : v2Labels(flow, reported);
}

/** Everything that proxies report of a flow, as scraped. */
export function reportsOf(flow: Flow, options: ReportOptions): readonly Report[] {
  const protocol = flow.protocol === "tcp" ? ("tcp" as const) : ("request" as const);
  return proxyViewsOf(flow, options).flatMap(({ proxy, pods, reported }) => {
    const all = labelsOf(flow, reported, options.dialect);
    const own = options.isDetailed ? all : all.filter(([name]) => !name.endsWith("_principal"));
    return scraped(options, proxy, pods).map(({ labels, share }): Report => ({
      protocol: reported.l4 ? "tcp" : protocol,
      labels: labelText([...own, ...labels]),
      share,
      isAtSource: reported.reporter !== "destination",
      isGrpc: flow.protocol === "grpc",
    }));
  });
}

/** By cluster: the ztunnel that carries its ambient pods' bytes. */
export function ztunnelsOf(world: World): ReadonlyMap<string, WorkloadPlan> {
  const agents = world.workloads.filter((plan) => plan.name === "ztunnel" && plan.namespace === "istio-system");
  return new Map(agents.map((plan) => [plan.cluster, plan]));
}

/** What scraping adds: labels of the proxy's pod, one entry for each pod that saw a share. */
function scraped(
  { world, isDetailed, dialect }: ReportOptions,
  proxy: WorkloadPlan,
  pods: readonly number[] | undefined,
): readonly { labels: Labels; share: number }[] {
  // Mixer's own pods were scraped, which tells nothing of the workload's.
  if (dialect === "v1") return [{ labels: [], share: 1 }];
  const base: Labels = [
    ["app", proxy.app],
    ["namespace", proxy.namespace],
    ["cluster", proxy.cluster],
  ];
  if (!isDetailed) return [{ labels: base, share: 1 }];
  // A ztunnel reports for the pods of its node; here one of them reports for the whole workload.
  const count = proxy.kind === "DaemonSet" ? 1 : proxy.replicas;
  const seen = pods ?? Array.from({ length: count }, (_, pod) => pod);
  const first = proxy.kind === "DaemonSet" ? hash32(proxy.cluster, world.seed) % 3 : 0;
  return seen.map((pod) => ({
    labels: [...base, ["pod", podNameOf(proxy, first + pod, world.seed)]],
    share: 1 / seen.length,
  }));
}
