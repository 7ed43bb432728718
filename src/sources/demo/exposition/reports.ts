import type { Dialect } from "../../../mesh/telemetry/capabilities.ts";
import { hasEnvoy, type Flow } from "../traffic/flow.ts";
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

/** Everything that proxies report of a flow: the caller's, the answering side's, a waypoint's, and ztunnels'. */
export function reportsOf(flow: Flow, options: ReportOptions): readonly Report[] {
  const isTcp = flow.protocol === "tcp";
  const protocol = isTcp ? ("tcp" as const) : ("request" as const);
  const reports: Report[] = [];
  const by = (proxy: WorkloadPlan, pods: readonly number[] | undefined, reported: Reported) => {
    const all = options.dialect === "v1" ? v1Labels(flow, reported) : v2Labels(flow, reported);
    const own = options.isDetailed ? all : all.filter(([name]) => !name.endsWith("_principal"));
    const isAtSource = reported.reporter !== "destination";
    for (const { labels, share } of scraped(options, proxy, pods)) {
      const text = labelText([...own, ...labels]);
      reports.push({
        protocol: reported.l4 ? "tcp" : protocol,
        labels: text,
        share,
        isAtSource,
        isGrpc: flow.protocol === "grpc",
      });
    }
  };
  const { from, to, waypoint } = flow;
  if (hasEnvoy(from)) by(from, undefined, { reporter: "source", from, to, l4: false });
  if (to?.plane === "sidecar") by(to, flow.pods, { reporter: "destination", from, to, l4: false });
  if (options.dialect === "v1") return reports;
  if (waypoint) by(waypoint, undefined, { reporter: "waypoint", from, to, l4: false });
  const near =
    from.plane === "ambient" && (to ?? waypoint ?? flow.external) ? options.ztunnels.get(from.cluster) : undefined;
  if (near) by(near, undefined, { reporter: "source", from, to: waypoint ?? to, l4: true });
  const far = to?.plane === "ambient" ? options.ztunnels.get(to.cluster) : undefined;
  if (far) by(far, undefined, { reporter: "destination", from: waypoint ?? from, to, l4: true });
  return reports;
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
