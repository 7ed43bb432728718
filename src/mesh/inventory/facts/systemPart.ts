import { fieldsAt, listAt, textAt, textMapAt } from "../../model/fields.ts";
import type { KubeObject } from "../../model/kubeObject.ts";
import { readImage } from "./imageVersion.ts";
import { envValue } from "./proxyFacts.ts";

/** One of Istio's own parts, as its Deployment or DaemonSet shows it. */
export interface SystemPart {
  readonly part: "istiod" | "mixer" | "cni" | "ztunnel";
  readonly revision: string | undefined;
  readonly image: string | undefined;
  readonly version: string | undefined;
  readonly isVendorBuild: boolean;
  /** CLUSTER_ID of istiod: the cluster it watches first. */
  readonly clusterId: string | undefined;
  /** It runs here for another cluster (external control plane). */
  readonly servesElsewhere: boolean;
}

type Texts = Readonly<Record<string, string>>;

const containerOfPart = { istiod: "discovery", mixer: "mixer", cni: "install-cni", ztunnel: "istio-proxy" } as const;

/** Reads a Deployment or DaemonSet; undefined where it is none of Istio's own. */
export function readSystemPart(object: KubeObject): SystemPart | undefined {
  const metadata = fieldsAt(object, "metadata");
  const labels = textMapAt(metadata, "labels");
  const part = partOf(object.kind, labels);
  if (part === undefined) return undefined;
  const template = fieldsAt(fieldsAt(object, "spec"), "template");
  const containers = listAt(fieldsAt(template, "spec"), "containers");
  const container =
    containers.find((candidate) => textAt(candidate, "name") === containerOfPart[part]) ?? containers[0];
  const image = textAt(container, "image");
  const read = image === undefined ? undefined : readImage(image);
  return {
    part,
    revision: labels["istio.io/rev"] ?? envValue(container, "REVISION"),
    image,
    version: read?.version ?? versionByLabels(labels, textMapAt(metadata, "annotations")),
    isVendorBuild: read?.isVendorBuild ?? false,
    clusterId: envValue(container, "CLUSTER_ID"),
    servesElsewhere: part === "istiod" && servesElsewhere(container),
  };
}

// Labels of Istio's charts istio-discovery, istio-cni and ztunnel; "pilot" and "mixer" up to Istio 1.5 and 1.7.
function partOf(kind: unknown, labels: Texts): SystemPart["part"] | undefined {
  if (kind === "DaemonSet") {
    if (labels["k8s-app"] === "istio-cni-node") return "cni";
    return labels["app"] === "ztunnel" ? "ztunnel" : undefined;
  }
  if (kind !== "Deployment") return undefined;
  if (labels["app"] === "istiod") return "istiod";
  if (labels["istio"] === "pilot") return "istiod";
  return labels["istio"] === "mixer" ? "mixer" : undefined;
}

function versionByLabels(labels: Texts, annotations: Texts): string | undefined {
  const candidates = [
    labels["operator.istio.io/version"],
    annotations["operator.istio.io/version"],
    labels["app.kubernetes.io/version"],
  ];
  return candidates.map((text) => (text === undefined ? undefined : readImage(`:${text}`).version)).find(Boolean);
}

/**
 * An external istiod takes its remote secrets' own cluster from the cluster it runs in and installs no webhooks there
 * (Istio's guide "Install Istio with an External Control Plane"). EXTERNAL_ISTIOD alone is also set on the primary of
 * a primary-remote mesh.
 */
function servesElsewhere(container: unknown): boolean {
  const injectionConfig = listAt(container, "env").find(
    (candidate) => textAt(candidate, "name") === "INJECTION_WEBHOOK_CONFIG_NAME",
  );
  const installsNoWebhook = injectionConfig !== undefined && textAt(injectionConfig, "value") === undefined;
  return envValue(container, "LOCAL_CLUSTER_SECRET_WATCHER") === "true" || installsNoWebhook;
}
