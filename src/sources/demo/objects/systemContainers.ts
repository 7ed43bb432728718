import type { WorkloadPlan } from "../world/blueprint.ts";
import type { Making } from "./making.ts";

/** The container of one of Istio's own workloads. */
export function systemContainer(making: Making, plan: WorkloadPlan): Record<string, unknown> | undefined {
  const { image } = plan;
  const { id, network } = making.cluster;
  if (plan.app === "istiod") {
    const env = {
      REVISION: plan.labels["istio.io/rev"] ?? "",
      PILOT_CERT_PROVIDER: "istiod",
      CLUSTER_ID: id,
      EXTERNAL_ISTIOD: "false",
      PILOT_ENABLE_AMBIENT: "true",
    };
    return {
      name: "discovery",
      image,
      args: ["discovery", "--monitoringAddr=:15014", "--domain", "cluster.local"],
      env: Object.entries(env).map(([name, value]) => ({ name, value })),
      ports: plan.ports.map(({ name, port }) => ({ name, containerPort: port, protocol: "TCP" })),
      resources: { requests: { cpu: "500m", memory: "2Gi" }, ...(plan.killed ? { limits: { memory: "2Gi" } } : {}) },
    };
  }
  if (plan.name === "ztunnel") {
    const env = { CA_ADDRESS: "istiod-1-29.istio-system.svc:15012", ISTIO_META_CLUSTER_ID: id, NETWORK: network };
    return {
      name: "istio-proxy",
      image,
      args: ["proxy", "ztunnel"],
      env: Object.entries(env).map(([name, value]) => ({ name, value })),
      ports: [{ containerPort: 15020, name: "ztunnel-stats", protocol: "TCP" }],
      resources: { requests: { cpu: "200m", memory: "512Mi" } },
    };
  }
  if (plan.name === "istio-cni-node") {
    return {
      name: "install-cni",
      image,
      command: ["install-cni"],
      resources: { requests: { cpu: "100m", memory: "100Mi" } },
    };
  }
  return undefined;
}
