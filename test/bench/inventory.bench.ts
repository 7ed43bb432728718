// Prints what an inventory of 5,000 services and 20,000 pods costs: heap, and the time to load it, to take one pod's
// change and to answer: npm run bench -- inventory

import { ClusterInventory } from "../../src/mesh/inventory/clusterInventory.ts";
import type { InventoryKindId } from "../../src/mesh/inventory/inventoryKinds.ts";
import { meshesOf } from "../../src/mesh/inventory/meshes/meshes.ts";
import type { KubeObject } from "../../src/mesh/model/kubeObject.ts";

const services = Number(process.argv[2] ?? 5_000);
const podsOfService = 4;
const servicesOfNamespace = 50;
const pageSize = 500;

function place(index: number) {
  return { name: `service-${index}`, namespace: `team-${Math.floor(index / servicesOfNamespace)}` };
}

function namespaceObject(index: number): KubeObject {
  const name = `team-${index}`;
  return { apiVersion: "v1", kind: "Namespace", metadata: { name, labels: { "istio-injection": "enabled" } } };
}

function serviceObject(index: number): KubeObject {
  const { name, namespace } = place(index);
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace, uid: `uid-service-${index}`, labels: { app: name } },
    spec: { type: "ClusterIP", selector: { app: name }, ports: [{ name: "http", port: 80, targetPort: 8080 }] },
  };
}

function deploymentObject(index: number): KubeObject {
  const { name, namespace } = place(index);
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace, uid: `uid-deployment-${index}`, labels: { app: name } },
    spec: {
      replicas: podsOfService,
      template: {
        metadata: { labels: { app: name, version: "v1" } },
        spec: { containers: [{ name: "app", image: "example/app:1" }] },
      },
    },
    status: { replicas: podsOfService, readyReplicas: podsOfService },
  };
}

function podObject(index: number, isReady = true): KubeObject {
  const { name, namespace } = place(Math.floor(index / podsOfService));
  const hash = `7d9f8b6c5${Math.floor(index / podsOfService) % 7}`;
  const end = (index % podsOfService).toString().padStart(5, "x");
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: `${name}-${hash}-${end}`,
      generateName: `${name}-${hash}-`,
      namespace,
      uid: `uid-pod-${index}`,
      resourceVersion: String(index),
      creationTimestamp: "2026-11-01T00:00:00Z",
      labels: {
        app: name,
        version: "v1",
        "pod-template-hash": hash,
        "security.istio.io/tlsMode": "istio",
        "service.istio.io/canonical-name": name,
        "service.istio.io/canonical-revision": "v1",
      },
      annotations: { "sidecar.istio.io/status": '{"containers":["istio-proxy"],"revision":"default"}' },
      ownerReferences: [
        {
          apiVersion: "apps/v1",
          kind: "ReplicaSet",
          name: `${name}-${hash}`,
          uid: `uid-rs-${index}`,
          controller: true,
        },
      ],
    },
    spec: {
      nodeName: `node-${index % 200}`,
      containers: [
        {
          name: "app",
          image: "example/app:1",
          env: Array.from({ length: 20 }, (_, n) => ({ name: `E${n}`, value: "v" })),
        },
        {
          name: "istio-proxy",
          image: "docker.io/istio/proxyv2:1.29.1",
          args: ["proxy", "sidecar"],
          env: [
            { name: "ISTIO_META_CLUSTER_ID", value: "cluster1" },
            { name: "ISTIO_META_WORKLOAD_NAME", value: name },
            { name: "ISTIO_META_MESH_ID", value: "mesh1" },
          ],
        },
      ],
    },
    status: {
      phase: "Running",
      conditions: [{ type: "Ready", status: isReady ? "True" : "False" }],
      containerStatuses: [{ name: "app", restartCount: 0, state: { running: {} } }],
    },
  };
}

/** Pages through JSON text, as they come from a server, so that texts are not shared before the inventory shares them. */
function* pages(count: number, make: (index: number) => KubeObject): Generator<KubeObject[]> {
  for (let from = 0; from < count; from += pageSize) {
    const length = Math.min(pageSize, count - from);
    yield JSON.parse(JSON.stringify(Array.from({ length }, (_, at) => make(from + at)))) as KubeObject[];
  }
}

function heapMegabytes(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed / 1e6;
}

/** Wall-clock time and, since other programs may share the cores, the processor time of this one. */
class Stopwatch {
  #wall = 0;
  #cpu = 0;

  run<T>(work: () => T): T {
    const wall = performance.now();
    const cpu = process.cpuUsage();
    const result = work();
    this.#wall += performance.now() - wall;
    const { user, system } = process.cpuUsage(cpu);
    this.#cpu += (user + system) / 1000;
    return result;
  }

  report(what: string): void {
    const [wall, cpu] = [this.#wall, this.#cpu].map((time) => time.toFixed(2).padStart(9));
    console.log(`${what.padEnd(52)} ${wall} ms, processor ${cpu} ms`);
  }
}

function timed<T>(what: string, work: () => T): T {
  const watch = new Stopwatch();
  const result = watch.run(work);
  watch.report(what);
  return result;
}

function load(inventory: ClusterInventory, kind: InventoryKindId, count: number, make: (index: number) => KubeObject) {
  const watch = new Stopwatch();
  inventory.listing(kind);
  for (const page of pages(count, make)) watch.run(() => inventory.upsert(kind, page));
  inventory.listed(kind, []);
  watch.report(`load ${count} ${kind}`);
}

const settings = { appLabels: ["service.istio.io/canonical-name", "app"], versionLabels: ["version"] };
const cluster = { key: "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0", context: "bench", kubernetesVersion: "v1.36.0" };
const before = heapMegabytes();
const inventory = new ClusterInventory(cluster, settings);
load(inventory, "namespaces", Math.ceil(services / servicesOfNamespace), namespaceObject);
load(inventory, "webhooks", 0, namespaceObject);
load(inventory, "services", services, serviceObject);
load(inventory, "deployments", services, deploymentObject);
load(inventory, "pods", services * podsOfService, (index) => podObject(index));
console.log(`${"heap of facts".padEnd(52)} ${(heapMegabytes() - before).toFixed(1).padStart(9)} MB`);

timed("all views, for the first time", () => inventory.takeTouched());
timed("services(), workloads(), view(), sorted", () => [inventory.services(), inventory.workloads(), inventory.view()]);
timed("meshesOf", () => meshesOf([inventory]));
console.log(`${"heap of facts and views".padEnd(52)} ${(heapMegabytes() - before).toFixed(1).padStart(9)} MB`);

const times: number[] = [];
for (let round = 0; round < 200; round++) {
  const changed = JSON.parse(JSON.stringify(podObject(round * 97, false))) as KubeObject;
  const start = performance.now();
  inventory.upsert("pods", [changed]);
  const { workloads } = inventory.takeTouched();
  times.push(performance.now() - start);
  if (workloads.size !== 1) throw new Error(`One workload should be touched, not ${workloads.size}`);
}
times.sort((a, b) => a - b);
const [median = 0, late = 0] = [times[100], times[198]];
console.log(
  `${"one pod's change -> takeTouched, median / p99".padEnd(52)} ${median.toFixed(3)} / ${late.toFixed(3)} ms`,
);
timed("services() and workloads() after a change", () => [inventory.services(), inventory.workloads()]);
load(inventory, "pods", services * podsOfService, (index) => podObject(index, index % 97 !== 0));
