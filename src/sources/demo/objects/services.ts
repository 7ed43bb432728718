import type { ServicePlan, WorkloadPlan } from "../world/blueprint.ts";
import { hash32 } from "../world/seed.ts";
import { lazy, metaOf, ownerOf, type Lazy, type Making } from "./making.ts";
import { nodeOf, podIp } from "./pods.ts";
import { podNameOf } from "./podNames.ts";

export function serviceOf(making: Making, plan: ServicePlan): Lazy {
  const { namespace, name } = plan;
  const manager = namespace === "payments" ? "argocd-controller" : "kubectl-client-side-apply";
  return lazy(making, { apiVersion: "v1", kind: "Service", namespace, name, manager }, () => {
    const isGateway = namespace === "istio-ingress";
    const h = hash32(`${making.cluster.id}/${namespace}/${name}/ip`, making.seed);
    const ip = `10.${making.cluster.id === "eu" ? 96 : 112}.${h % 256}.${1 + ((h >>> 8) % 254)}`;
    const clusterIP = plan.isHeadless ? "None" : ip;
    const external = `203.0.113.${10 + (h % 200)}`;
    return {
      metadata: metaOf(making, "Service", name, { namespace, labels: serviceLabels(making, plan) }),
      spec: {
        ports: plan.ports.map((port) => ({
          name: port.name,
          port: port.port,
          targetPort: port.port,
          protocol: "TCP",
          ...(port.name === "web" ? { appProtocol: "http" } : {}),
        })),
        selector: selectorFor(plan),
        clusterIP,
        clusterIPs: [clusterIP],
        type: isGateway ? "LoadBalancer" : "ClusterIP",
        sessionAffinity: "None",
        ipFamilies: ["IPv4"],
        ipFamilyPolicy: "SingleStack",
        internalTrafficPolicy: "Cluster",
      },
      status: { loadBalancer: isGateway ? { ingress: [{ ip: external }] } : {} },
    };
  });
}

function selectorFor({ namespace, name, app }: ServicePlan): Record<string, string> {
  if (namespace === "istio-ingress") return { istio: gatewayLabel(name) };
  return app === "istiod" ? { app, "istio.io/rev": name.slice("istiod-".length) } : { app };
}

function gatewayLabel(name: string): string {
  return name === "istio-ingressgateway" ? "ingressgateway" : "eastwestgateway";
}

export function serviceLabels(making: Making, plan: ServicePlan): Record<string, string> {
  const labels: Record<string, string> = { app: plan.app };
  if (plan.namespace === "istio-ingress") {
    labels["istio"] = gatewayLabel(plan.name);
    if (plan.name === "istio-eastwestgateway") labels["topology.istio.io/network"] = making.cluster.network;
  }
  const own = making.cluster.namespaces.find((namespace) => namespace.name === plan.namespace);
  if (plan.waypoint !== undefined) labels["istio.io/use-waypoint"] = plan.waypoint;
  else if (own?.labels["istio.io/use-waypoint"] !== undefined) labels["istio.io/use-waypoint"] = "none";
  return labels;
}

/** The endpoints of a service that do not change while the world runs. */
export function endpointSliceOf(making: Making, plan: ServicePlan, workloads: readonly WorkloadPlan[]): Lazy {
  const { namespace } = plan;
  const name = `${plan.name}-${(hash32(`${making.cluster.id}/${namespace}/${plan.name}/slice`, making.seed) % 90_000) + 10_000}`;
  return lazy(making, { apiVersion: "discovery.k8s.io/v1", kind: "EndpointSlice", namespace, name }, () => ({
    metadata: metaOf(making, "EndpointSlice", name, {
      namespace,
      labels: {
        "kubernetes.io/service-name": plan.name,
        "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io",
      },
      owner: ownerOf(making, { apiVersion: "v1", kind: "Service", namespace, name: plan.name }),
    }),
    addressType: "IPv4",
    ports: plan.ports.map(({ name: portName, port }) => ({ name: portName, port, protocol: "TCP" })),
    endpoints: workloads.flatMap((workload) =>
      Array.from({ length: workload.replicas }, (_, pod) => {
        const podName = podNameOf(workload, pod, making.seed);
        const nodeName = nodeOf(making, workload, pod);
        return {
          addresses: [podIp(making, `${namespace}/${podName}`)],
          conditions: { ready: true, serving: true, terminating: false },
          nodeName,
          zone: making.cluster.nodes.find((node) => node.name === nodeName)?.zone,
          targetRef: { kind: "Pod", namespace, name: podName },
        };
      }),
    ),
  }));
}
