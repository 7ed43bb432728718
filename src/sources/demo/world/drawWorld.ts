import type { ClusterPlan, NamespacePlan, NodePlan, Plane, World, WorkloadPlan } from "./blueprint.ts";
import { drawCrowd } from "./crowd.ts";
import type { Draft } from "./draft.ts";
import { heal, plant, pressedNode, type FaultName } from "./faults.ts";
import { demandCount, drawShop, shopNamespaces } from "./shopWorld.ts";
import { drawSystem } from "./systemWorld.ts";

export interface WorldOptions {
  readonly seed: number;
  /** How many mesh services; the shop's own are always there. */
  readonly services: number;
  readonly clusters: 1 | 2;
  /** A corner of the world is in the ambient mesh, or nothing, or everything (then with a waypoint per namespace). */
  readonly ambient: "corner" | "none" | "all";
  /** A world that is well but for this; undefined: the usual one with its sick pod. */
  readonly fault?: FaultName | undefined;
}

const systemNamespaces: readonly NamespacePlan[] = [
  { name: "kube-system", labels: {} },
  { name: "default", labels: {} },
  { name: "istio-ingress", labels: { "istio-injection": "enabled" } },
];

/** Draws up the world; the same options always give the same world. */
export function drawWorld(options: WorldOptions): World {
  const ids = options.clusters === 1 ? (["eu"] as const) : (["eu", "us"] as const);
  const draft: Draft = { services: [], workloads: [], externals: [], calls: [] };
  drawShop(draft, ids);
  const missing = options.services - meshServices(draft);
  const crowd = drawCrowd(draft, Math.max(0, missing), { seed: options.seed, clusters: ids });
  if (options.ambient === "all") moveToAmbient(draft);
  if (options.ambient === "none") moveToSidecars(draft);
  const { fault } = options;
  if (fault !== undefined) heal(draft);
  const planted = fault === undefined ? undefined : plant(draft, fault, options.seed);
  for (const id of ids) drawSystem(draft, id, clusterFacts[id].controlPlanes, fault !== undefined);
  const clusters = ids.map((id): ClusterPlan => {
    const pods = draft.workloads.reduce((sum, plan) => sum + (plan.cluster === id ? plan.replicas : 0), 0);
    const namespaces = [...systemNamespaces, systemNamespaceOf(id), ...shopNamespaces(id), ...(crowd.get(id) ?? [])];
    return {
      ...clusterFacts[id],
      id,
      nodes: nodesOf(id, pods, pressedNode(id, fault, planted)),
      namespaces: namespaces.map((namespace) => relabelled(namespace, options.ambient)),
    };
  });
  return { ...draft, seed: options.seed, clusters, demands: demandCount, fault: planted };
}

/** Services that a mesh lists: by namespace and name, gateways apart. */
export function meshServices(draft: Pick<Draft, "services">): number {
  const own = draft.services.filter((service) => service.namespace !== "istio-ingress");
  return new Set(own.map((service) => `${service.namespace}/${service.name}`)).size;
}

const clusterFacts = {
  eu: {
    context: "demo-eu",
    kubernetesVersion: "v1.35.2",
    network: "network-eu",
    region: "europe-west1",
    controlPlanes: [
      { revision: "1-29", version: "1.29.2", tags: ["default", "canary"] },
      { revision: "1-27", version: "1.27.5", tags: [] },
    ],
  },
  us: {
    context: "demo-us",
    kubernetesVersion: "v1.34.4",
    network: "network-us",
    region: "us-east1",
    controlPlanes: [{ revision: "1-29", version: "1.29.2", tags: ["default", "canary"] }],
  },
} satisfies Record<string, Partial<ClusterPlan>>;

function systemNamespaceOf(id: "eu" | "us"): NamespacePlan {
  return { name: "istio-system", labels: { "topology.istio.io/network": clusterFacts[id].network } };
}

function nodesOf(id: "eu" | "us", pods: number, pressed: number | undefined): readonly NodePlan[] {
  const count = Math.max(id === "eu" ? 5 : 3, Math.ceil(pods / 40));
  return Array.from({ length: count }, (_, i) => {
    const letter = i < 26 ? String.fromCharCode(97 + i) : String(i + 1);
    const zone = `${clusterFacts[id].region}-${"bcd".charAt(i % 3)}`;
    return { name: `node-${letter}`, zone, isUnderMemoryPressure: i === pressed };
  });
}

function relabelled(namespace: NamespacePlan, ambient: WorldOptions["ambient"]): NamespacePlan {
  const labels = { ...namespace.labels };
  if (ambient === "corner") return namespace;
  if (ambient === "none") {
    if (labels["istio.io/dataplane-mode"] !== undefined)
      return { ...namespace, labels: { "istio-injection": "enabled" } };
    return namespace;
  }
  const wasInjected = labels["istio-injection"] === "enabled" || labels["istio.io/rev"] !== undefined;
  if (!wasInjected || namespace.name === "istio-ingress") return namespace;
  delete labels["istio-injection"];
  delete labels["istio.io/rev"];
  return {
    ...namespace,
    labels: { ...labels, "istio.io/dataplane-mode": "ambient", "istio.io/use-waypoint": "waypoint" },
  };
}

function moveToAmbient(draft: Draft): void {
  const wanted = new Map<string, { cluster: string; namespace: string }>();
  for (const [i, plan] of draft.workloads.entries()) {
    if (plan.plane === "sidecar") {
      draft.workloads[i] = { ...plan, plane: "ambient", revision: "" };
      wanted.set(`${plan.cluster}/${plan.namespace}`, plan);
    }
  }
  for (const plan of draft.workloads) if (plan.plane === "waypoint") wanted.delete(`${plan.cluster}/${plan.namespace}`);
  for (const { cluster, namespace } of wanted.values()) draft.workloads.push(waypointOf(cluster, namespace));
  const waypoints = new Set(
    draft.workloads.filter((plan) => plan.plane === "waypoint").map((plan) => `${plan.cluster}/${plan.namespace}`),
  );
  const isAmbient = new Set(
    draft.workloads
      .filter((plan) => plan.plane === "ambient")
      .map((plan) => `${plan.cluster}/${plan.namespace}/${plan.app}`),
  );
  for (const [i, service] of draft.services.entries()) {
    const has = waypoints.has(`${service.cluster}/${service.namespace}`);
    const joins = isAmbient.has(`${service.cluster}/${service.namespace}/${service.app}`);
    if (has && joins && !isTcpOnly(service)) draft.services[i] = { ...service, waypoint: "waypoint" };
  }
}

function moveToSidecars(draft: Draft): void {
  const stay = draft.workloads.filter((plan) => plan.plane !== "waypoint");
  const moved = stay.map((plan) =>
    plan.plane === "ambient" ? { ...plan, plane: "sidecar" as const, revision: "1-29" } : plan,
  );
  draft.workloads.length = 0;
  for (const plan of moved) draft.workloads.push(plan);
  const services = draft.services.map((service) => ({ ...service, waypoint: undefined }));
  draft.services.length = 0;
  for (const service of services) draft.services.push(service);
}

function isTcpOnly(service: { readonly ports: readonly { readonly protocol: string }[] }): boolean {
  return service.ports.every((port) => port.protocol === "tcp");
}

function waypointOf(cluster: string, namespace: string): WorkloadPlan {
  return {
    cluster,
    namespace,
    name: "waypoint",
    kind: "Deployment",
    app: "waypoint",
    version: undefined,
    plane: "waypoint" satisfies Plane,
    revision: "1-29",
    replicas: 1,
    image: "docker.io/istio/proxyv2:1.29.2",
    ports: [],
    medianMillis: 1,
    failingShare: 0,
    notFoundShare: 0,
    sickness: undefined,
    schedule: undefined,
    labels: {},
  };
}
