import { listAt, textAt, textsAt } from "../../model/fields.ts";
import type { DataPlane } from "../views.ts";

type Texts = Readonly<Record<string, string>>;

/** What the containers of a pod, or of a pod template, say about the proxy in it. */
export interface ProxyFacts {
  readonly dataPlane: DataPlane;
  readonly image: string;
  readonly clusterId: string | undefined;
  readonly meshId: string | undefined;
  readonly network: string | undefined;
  readonly workloadName: string | undefined;
}

/**
 * Reads the container `istio-proxy` of a PodSpec; native sidecars are init containers. `image: auto` is a template that
 * waits for injection and no proxy yet. ztunnel's container has the same name and serves a node, not a pod.
 * Istio's files/injection-template.yaml, files/waypoint.yaml, files/kube-gateway.yaml, charts/ztunnel.
 */
export function readProxy(spec: unknown, labels: Texts, annotations: Texts): ProxyFacts | undefined {
  const container = [...listAt(spec, "containers"), ...listAt(spec, "initContainers")].find(
    (candidate) => textAt(candidate, "name") === "istio-proxy",
  );
  const image = textAt(container, "image");
  if (container === undefined || image === undefined || image === "auto") return undefined;
  const role = textsAt(container, "args")[1];
  if (role === "ztunnel") return undefined;
  const isGateway = role === "router" || role === "waypoint" || isGatewayByLabels(labels, annotations);
  return {
    dataPlane: isGateway ? "gateway" : "sidecar",
    image,
    clusterId: envValue(container, "ISTIO_META_CLUSTER_ID"),
    meshId: envValue(container, "ISTIO_META_MESH_ID"),
    network: envValue(container, "ISTIO_META_NETWORK"),
    workloadName: envValue(container, "ISTIO_META_WORKLOAD_NAME"),
  };
}

/** The data plane as labels and annotations alone show it, for pods of which nothing else is read. */
export function dataPlaneByMetadata(labels: Texts, annotations: Texts): DataPlane {
  if (isManagedGateway(labels)) return "gateway";
  if (annotations["sidecar.istio.io/status"] !== undefined) {
    return isGatewayByLabels(labels, annotations) ? "gateway" : "sidecar";
  }
  return isCaptured(annotations) ? "ambient" : "none";
}

/** istio-cni has redirected the pod's traffic to ztunnel. */
export function isCaptured(annotations: Texts): boolean {
  return annotations["ambient.istio.io/redirection"] === "enabled";
}

/** Labels that istiod puts on the gateways and waypoints that it deploys; `istio.io/gateway-name` up to 1.17. */
export function isManagedGateway(labels: Texts): boolean {
  return labels["gateway.istio.io/managed"] !== undefined || labels["istio.io/gateway-name"] !== undefined;
}

// The Gateway API's own label is on other vendors' gateways too, so it counts beside Istio's proxy only.
function isGatewayByLabels(labels: Texts, annotations: Texts): boolean {
  const templates = annotations["inject.istio.io/templates"]?.split(",").map((name) => name.trim());
  return (
    isManagedGateway(labels) ||
    labels["gateway.networking.k8s.io/gateway-name"] !== undefined ||
    templates?.includes("gateway") === true ||
    /^(ingress|egress|eastwest)gateway$/.test(labels["istio"] ?? "")
  );
}

/** The revision that injected a pod: what the injector wrote down, else the label it set. */
export function proxyRevision(labels: Texts, annotations: Texts): string | undefined {
  const status = annotations["sidecar.istio.io/status"];
  const written = status === undefined ? undefined : /"revision":\s*"([^"\\]+)"/.exec(status)?.[1];
  return written ?? labels["istio.io/rev"] ?? annotations["istio.io/rev"];
}

/** A container's environment variable where it is given as a plain value. */
export function envValue(container: unknown, name: string): string | undefined {
  const variable = listAt(container, "env").find((candidate) => textAt(candidate, "name") === name);
  return textAt(variable, "value");
}
