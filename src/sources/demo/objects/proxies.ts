import type { WorkloadPlan } from "../world/blueprint.ts";
import { templateHash } from "./podNames.ts";
import type { Making } from "./making.ts";

// What Istio's injector adds to a pod: labels, annotations and the istio-proxy container (native sidecar).

export const trustDomain = "cluster.local";

export function proxyVersion(making: Making, revision: string): string {
  const { controlPlanes } = making.cluster;
  return (controlPlanes.find((plane) => plane.revision === revision) ?? controlPlanes[0])?.version ?? "";
}

/** Labels as the pod has them, with those of the injector and of the controller. */
export function podLabels(making: Making, plan: WorkloadPlan, rollout = 0): Record<string, string> {
  const labels: Record<string, string> = { ...templateLabels(plan) };
  const hash = templateHash(plan, making.seed, rollout);
  if (plan.kind === "Deployment") labels["pod-template-hash"] = hash;
  if (plan.kind === "Rollout") labels["rollouts-pod-template-hash"] = hash;
  if (plan.plane === "sidecar") {
    labels["security.istio.io/tlsMode"] = "istio";
    labels["service.istio.io/canonical-name"] = plan.app;
    labels["service.istio.io/canonical-revision"] = plan.version ?? "latest";
  }
  if (plan.plane === "gateway" || plan.plane === "waypoint") {
    labels["service.istio.io/canonical-name"] = plan.name;
    labels["service.istio.io/canonical-revision"] = "latest";
  }
  return labels;
}

/** Labels as a person wrote them into the template. */
export function templateLabels(plan: WorkloadPlan): Record<string, string> {
  const labels: Record<string, string> = { app: plan.app };
  if (plan.version !== undefined) labels["version"] = plan.version;
  if (plan.plane === "gateway") {
    labels["istio"] = plan.name === "istio-ingressgateway" ? "ingressgateway" : "eastwestgateway";
    labels["istio.io/rev"] = plan.revision;
    if (plan.name === "istio-eastwestgateway") labels["topology.istio.io/network"] = `network-${plan.cluster}`;
  }
  if (plan.plane === "waypoint") {
    delete labels["app"];
    labels["gateway.networking.k8s.io/gateway-name"] = plan.name;
    labels["gateway.networking.k8s.io/gateway-class-name"] = "istio-waypoint";
    labels["gateway.istio.io/managed"] = "istio.io-mesh-controller";
    labels["istio.io/dataplane-mode"] = "none";
    labels["sidecar.istio.io/inject"] = "false";
  }
  if (plan.namespace === "ops") labels["sidecar.istio.io/inject"] = plan.plane === "sidecar" ? "true" : "false";
  if (plan.plane === "none" && plan.namespace === "shop") labels["sidecar.istio.io/inject"] = "false";
  return { ...labels, ...plan.labels };
}

export function podAnnotations(plan: WorkloadPlan): Record<string, string> {
  if (plan.plane === "ambient") return { "ambient.istio.io/redirection": "enabled" };
  if (plan.plane === "none") return {};
  const scraped = {
    "istio.io/rev": plan.revision,
    "prometheus.io/path": "/stats/prometheus",
    "prometheus.io/port": "15020",
    "prometheus.io/scrape": "true",
  };
  const status = {
    initContainers: ["istio-validation", "istio-proxy"],
    containers: null,
    volumes: ["workload-socket", "credential-socket", "workload-certs", "istio-envoy", "istio-data"].concat([
      "istio-podinfo",
      "istio-token",
      "istiod-ca-cert",
    ]),
    imagePullSecrets: null,
    revision: plan.revision,
  };
  if (plan.plane === "waypoint") return scraped;
  if (plan.plane === "gateway") return { ...scraped, "inject.istio.io/templates": "gateway" };
  return {
    ...scraped,
    "kubectl.kubernetes.io/default-container": "app",
    "kubectl.kubernetes.io/default-logs-container": "app",
    "sidecar.istio.io/status": JSON.stringify(status),
  };
}

const routerArgs: Readonly<Record<string, string>> = { sidecar: "sidecar", gateway: "router", waypoint: "waypoint" };

/** The istio-proxy container; a sidecar's restarts by itself, which makes it a native one. */
export function proxyContainer(making: Making, plan: WorkloadPlan): Record<string, unknown> {
  const version = proxyVersion(making, plan.revision);
  const { id, network } = making.cluster;
  const kind = plan.kind === "CronJob" ? "Job" : plan.kind;
  const env = {
    PILOT_CERT_PROVIDER: "istiod",
    CA_ADDR: `istiod-${plan.revision}.istio-system.svc:15012`,
    ISTIO_META_CLUSTER_ID: id,
    ISTIO_META_NODE_NAME: "",
    ISTIO_META_INTERCEPTION_MODE: "REDIRECT",
    ISTIO_META_NETWORK: network,
    ISTIO_META_WORKLOAD_NAME: plan.name,
    ISTIO_META_OWNER: `kubernetes://apis/apps/v1/namespaces/${plan.namespace}/${kind.toLowerCase()}s/${plan.name}`,
    ISTIO_META_MESH_ID: trustDomain,
    TRUST_DOMAIN: trustDomain,
  };
  return {
    name: "istio-proxy",
    image: `docker.io/istio/proxyv2:${version}`,
    args: ["proxy", routerArgs[plan.plane] ?? "sidecar", "--domain", "$(POD_NAMESPACE).svc.cluster.local"],
    env: Object.entries(env).flatMap(([name, value]) => (value === "" ? [] : [{ name, value }])),
    ports: [{ containerPort: 15090, name: "http-envoy-prom", protocol: "TCP" }],
    readinessProbe: { httpGet: { path: "/healthz/ready", port: 15021, scheme: "HTTP" }, periodSeconds: 15 },
    resources: { limits: { cpu: "2", memory: "1Gi" }, requests: { cpu: "100m", memory: "128Mi" } },
    ...(plan.plane === "sidecar" ? { restartPolicy: "Always" } : {}),
  };
}
