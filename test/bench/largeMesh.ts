import type { KubeObject } from "../../src/mesh/model/kubeObject.ts";
import { sidecarAnnotations, sidecarContainer, sidecarVolumes } from "./injectedSidecar.ts";

export interface MeshSize {
  readonly services: number;
  readonly pods: number;
  readonly nodes: number;
  readonly namespaces: number;
}

/** The size that the budgets of the explorer are stated for. */
export const largeMesh: MeshSize = { services: 5_000, pods: 20_000, nodes: 100, namespaces: 50 };

/**
 * A mesh in full: each service has a Deployment with a ReplicaSet and its share of running pods with sidecars, spread
 * over namespaces and nodes. All statuses are set, so that no controller is needed to make it real.
 */
export function meshObjects(size: MeshSize): readonly KubeObject[] {
  const objects: KubeObject[] = [];
  for (let i = 0; i < size.namespaces; i++) {
    objects.push({
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name: namespaceName(i), labels: { "istio-injection": "enabled" } },
    });
  }
  for (let i = 0; i < size.nodes; i++) objects.push(node(i));
  for (let i = 0; i < size.services; i++) {
    const first = Math.floor((i * size.pods) / size.services);
    const next = Math.floor(((i + 1) * size.pods) / size.services);
    objects.push(...serviceObjects(i, namespaceName(i % size.namespaces), next - first));
    for (let p = first; p < next; p++) objects.push(pod(i, p, namespaceName(i % size.namespaces), p % size.nodes));
  }
  return objects;
}

const namespaceName = (i: number) => `team-${i}`;
const serviceName = (i: number) => `service-${i}`;
const replicaSetName = (i: number) => `${serviceName(i)}-6d5f7c9b8`;
const labelsOf = (i: number) => ({ app: serviceName(i), version: "v1" });
const podLabelsOf = (i: number) => ({ ...labelsOf(i), "pod-template-hash": "6d5f7c9b8" });
const since = "2026-01-01T00:00:00Z";

const appContainer = { name: "app", image: "example.com/shop/app:1.4.2", ports: [{ containerPort: 8080 }] };

/** As in a Deployment's template; only the pods have sidecars. */
const templateSpec = { containers: [appContainer] };

function node(i: number): KubeObject {
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name: `node-${i}`, labels: { "topology.kubernetes.io/zone": `zone-${i % 3}` } },
    status: {
      conditions: [{ type: "Ready", status: "True", lastTransitionTime: since, lastHeartbeatTime: since }],
      allocatable: { cpu: "16", memory: "64Gi", pods: "250" },
      nodeInfo: nodeInfo(),
    },
  };
}

function nodeInfo(): object {
  const fields = ["machineID", "systemUUID", "bootID", "kernelVersion", "osImage", "containerRuntimeVersion"];
  const empty = Object.fromEntries(fields.map((field) => [field, ""]));
  return { ...empty, kubeletVersion: "v1.36.3", kubeProxyVersion: "", operatingSystem: "linux", architecture: "amd64" };
}

function serviceObjects(i: number, namespace: string, replicas: number): readonly KubeObject[] {
  const name = serviceName(i);
  const clusterIp = `10.96.${1 + Math.floor(i / 250)}.${1 + (i % 250)}`;
  const ready = { replicas, readyReplicas: replicas, availableReplicas: replicas, observedGeneration: 1 };
  const template = { metadata: { labels: podLabelsOf(i) }, spec: templateSpec };
  return [
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name, namespace, labels: { app: name } },
      spec: {
        selector: { app: name },
        ports: [{ name: "http", port: 80, targetPort: 8080 }],
        clusterIP: clusterIp,
        clusterIPs: [clusterIp],
        ipFamilies: ["IPv4"],
        ipFamilyPolicy: "SingleStack",
      },
    },
    {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name, namespace, labels: labelsOf(i) },
      spec: { replicas, selector: { matchLabels: labelsOf(i) }, template },
      status: { ...ready, updatedReplicas: replicas },
    },
    {
      apiVersion: "apps/v1",
      kind: "ReplicaSet",
      metadata: {
        name: replicaSetName(i),
        namespace,
        labels: podLabelsOf(i),
        ownerReferences: [{ apiVersion: "apps/v1", kind: "Deployment", name, uid: "", controller: true }],
      },
      spec: { replicas, selector: { matchLabels: podLabelsOf(i) }, template },
      status: { ...ready, fullyLabeledReplicas: replicas },
    },
  ];
}

function pod(service: number, i: number, namespace: string, onNode: number): KubeObject {
  const owner = { apiVersion: "apps/v1", kind: "ReplicaSet", name: replicaSetName(service), uid: "", controller: true };
  const address = `10.${(i >> 16) & 255}.${(i >> 8) & 255}.${i & 255}`;
  const sidecar = sidecarContainer(namespace, serviceName(service));
  const running = ({ name, image }: { name: string; image: string }) => ({
    name,
    image,
    imageID: image,
    ready: true,
    started: true,
    restartCount: 0,
    containerID: `none://${i}/${name}`,
    state: { running: { startedAt: since } },
  });
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: `${replicaSetName(service)}-${i.toString(36).padStart(5, "0")}`,
      namespace,
      labels: { ...podLabelsOf(service), "service.istio.io/canonical-name": serviceName(service) },
      annotations: sidecarAnnotations,
      ownerReferences: [owner],
    },
    spec: {
      containers: [appContainer],
      initContainers: [sidecar],
      volumes: sidecarVolumes,
      serviceAccountName: "default",
      nodeName: `node-${onNode}`,
    },
    status: {
      phase: "Running",
      podIP: address,
      podIPs: [{ ip: address }],
      hostIP: "192.0.2.1",
      startTime: since,
      conditions: ["Initialized", "ContainersReady", "Ready", "PodScheduled"].map((type) => ({
        type,
        status: "True",
        lastTransitionTime: since,
      })),
      initContainerStatuses: [running(sidecar)],
      containerStatuses: [running(appContainer)],
    },
  };
}
