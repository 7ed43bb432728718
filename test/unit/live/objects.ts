import type { KubeObject } from "../../../src/mesh/model/kubeObject.ts";
import type { Log } from "../../../src/mesh/ports.ts";

type Labels = Readonly<Record<string, string>>;

export function aNamespace(name: string, labels: Labels = {}): KubeObject {
  return { apiVersion: "v1", kind: "Namespace", metadata: { name, labels } };
}

export function aService(namespace: string, name: string): KubeObject {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace, uid: `service-${namespace}-${name}` },
    spec: { selector: { app: name }, ports: [{ name: "http", port: 80 }] },
  };
}

export function aDeployment(namespace: string, name: string): KubeObject {
  const labels = { app: name };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace, uid: `deployment-${namespace}-${name}` },
    spec: { replicas: 1, selector: { matchLabels: labels }, template: { metadata: { labels } } },
    status: { replicas: 1, readyReplicas: 1 },
  };
}

export interface PodDraft {
  readonly namespace: string;
  readonly app: string;
  readonly suffix?: string;
  readonly isReady?: boolean;
  /** Kind and apiVersion of a custom controller instead of a Deployment. */
  readonly owner?: { readonly apiVersion: string; readonly kind: string };
}

/** A pod with a sidecar, owned by the Deployment of its app through a ReplicaSet, or by a custom controller. */
export function aPod({ namespace, app, suffix = "x1", isReady = true, owner }: PodDraft): KubeObject {
  const hash = "5d8f";
  const reference = owner
    ? { ...owner, name: app, uid: `custom-${app}`, controller: true }
    : { apiVersion: "apps/v1", kind: "ReplicaSet", name: `${app}-${hash}`, uid: `rs-${app}`, controller: true };
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: `${app}-${hash}-${suffix}`,
      namespace,
      uid: `pod-${namespace}-${app}-${suffix}`,
      labels: { app, ...(owner ? {} : { "pod-template-hash": hash }) },
      annotations: { "sidecar.istio.io/status": "{}" },
      ownerReferences: [reference],
    },
    spec: { nodeName: "node-a", containers: [{ name: "app" }, { name: "istio-proxy", image: "istio/proxyv2:1.29.0" }] },
    status: {
      phase: "Running",
      conditions: [{ type: "Ready", status: isReady ? "True" : "False" }],
      containerStatuses: [
        { name: "app", ready: isReady, restartCount: 0 },
        { name: "istio-proxy", ready: true, restartCount: 0 },
      ],
    },
  };
}

/** A log whose error lines a test can count. */
export class CountedLog implements Log {
  readonly errors: string[] = [];

  debug(): void {
    // Nothing here is about debug lines.
  }

  info(): void {
    // Nothing here is about info lines.
  }

  error(what: string): void {
    this.errors.push(what);
  }
}

/** The pod of a Deployment of gateways. */
export function aGatewayPod(namespace: string, app: string): KubeObject {
  const pod = aPod({ namespace, app });
  const args = ["proxy", "router"];
  return {
    ...pod,
    metadata: {
      ...pod.metadata,
      generateName: `${app}-5d8f-`,
      labels: { app, istio: "ingressgateway", "pod-template-hash": "5d8f" },
    },
    spec: { containers: [{ name: "istio-proxy", image: "istio/proxyv2:1.29.0", args }] },
  };
}
