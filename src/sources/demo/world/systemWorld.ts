import type { ClusterId, ControlPlanePlan } from "./blueprint.ts";
import { addService, addWorkload, type Draft } from "./draft.ts";

/** Istio's own workloads: istiod for each revision, the CNI agent, and ztunnel where something is in the ambient mesh. */
export function drawSystem(
  draft: Draft,
  cluster: ClusterId,
  planes: readonly ControlPlanePlan[],
  isWell = false,
): void {
  const system = { cluster, namespace: "istio-system", plane: "none" } as const;
  for (const { revision, version } of planes) {
    const labels = { istio: "istiod", "istio.io/rev": revision, "sidecar.istio.io/inject": "false" };
    const ports = [
      { name: "grpc-xds", port: 15010, protocol: "grpc" },
      { name: "https-dns", port: 15012, protocol: "http" },
      { name: "https-webhook", port: 15017, protocol: "http" },
      { name: "http-monitoring", port: 15014, protocol: "http" },
    ] as const;
    const name = `istiod-${revision}`;
    const image = `docker.io/istio/pilot:${version}`;
    const replicas = revision === "1-29" ? 2 : 1;
    // Five hours before anybody looks, one of the smaller cluster's ran out of memory.
    const killed = cluster === "us" && !isWell ? { killed: { pod: 0, restarts: 2, secondsBefore: 18_000 } } : {};
    addWorkload(draft, { ...system, name, app: "istiod", replicas, image, labels, ports, ...killed });
    addService(draft, { ...system, name, app: "istiod", ports });
  }
  const version = planes[0]?.version ?? "";
  const agents = { ...system, kind: "DaemonSet", replicas: 0, ports: [] } as const;
  const cni = { "k8s-app": "istio-cni-node", "istio.io/dataplane-mode": "none" };
  addWorkload(draft, {
    ...agents,
    name: "istio-cni-node",
    image: `docker.io/istio/install-cni:${version}`,
    labels: cni,
  });
  if (!draft.workloads.some((plan) => plan.cluster === cluster && plan.plane === "ambient")) return;
  const labels = { "istio.io/dataplane-mode": "none", "sidecar.istio.io/inject": "false" };
  addWorkload(draft, { ...agents, name: "ztunnel", image: `docker.io/istio/ztunnel:${version}`, labels });
}
