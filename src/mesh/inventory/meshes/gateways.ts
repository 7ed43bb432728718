import { readImage } from "../facts/imageVersion.ts";
import type { GatewayView } from "../views.ts";
import type { WorkloadRecord } from "../workloads/workloadRecord.ts";

type Texts = Readonly<Record<string, string>>;

/** Gateways and waypoints, from the workloads whose pods are such; by id. */
export function gatewaysOf(workloads: readonly WorkloadRecord[]): readonly GatewayView[] {
  return [...workloads]
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .flatMap((workload) => {
      const { view } = workload;
      if (view === undefined) return [];
      const { ref, telemetryName, otherTelemetryNames = [], replicas, problems } = view;
      const telemetryNames = [telemetryName, ...otherTelemetryNames];
      const role = roleOf(labelsOf(workload));
      return [{ ref, telemetryNames, role, replicas, version: versionOf(workload), problems }];
    });
}

function labelsOf(workload: WorkloadRecord): Texts {
  if (workload.template !== undefined) return workload.template.labels.labels;
  const [pod] = [...workload.pods].sort((a, b) => (a.facts.name < b.facts.name ? -1 : 1));
  return pod?.facts.labels.labels ?? {};
}

const rolesByLabel: ReadonlyMap<string, GatewayView["role"]> = new Map([
  ["ingressgateway", "ingress"],
  ["ingress", "ingress"],
  ["egressgateway", "egress"],
  ["egress", "egress"],
  ["eastwestgateway", "east-west"],
  ["eastwest", "east-west"],
]);

/**
 * By the labels of istiod's own deployments (controllers and classes of its pilot/pkg/config/kube/gateway), else by the
 * label `istio` of Istio's gateway charts.
 */
function roleOf(labels: Texts): GatewayView["role"] {
  const controller = labels["gateway.istio.io/managed"];
  const gatewayClass = labels["gateway.networking.k8s.io/gateway-class-name"];
  if (controller === "istio.io-eastwest-controller" || gatewayClass === "istio-east-west") return "east-west";
  if (controller === "istio.io-mesh-controller" || gatewayClass === "istio-waypoint") return "waypoint";
  if (labels["istio.io/waypoint-for"] !== undefined) return "waypoint";
  return rolesByLabel.get(labels["istio"] ?? "") ?? "gateway";
}

// The pods' images are what runs; a template may still say "auto", and a rollout may be under way.
function versionOf(workload: WorkloadRecord): string | undefined {
  const versions = new Set<string>();
  for (const { facts } of workload.pods) {
    const version = facts.isLive && facts.proxyImage !== undefined ? readImage(facts.proxyImage).version : undefined;
    if (version !== undefined) versions.add(version);
  }
  if (versions.size > 0) return [...versions].sort().join(", ");
  const image = workload.controller?.templateProxy?.image;
  return image === undefined ? undefined : readImage(image).version;
}
