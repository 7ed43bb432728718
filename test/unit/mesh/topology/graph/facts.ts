import type {
  ClusterView,
  ControlPlane,
  GatewayView,
  MeshView,
  ServiceView,
  WorkloadView,
} from "../../../../../src/mesh/inventory/views.ts";
import { noTrafficConfig, type MtlsFacts, type RouteFacts } from "../../../../../src/mesh/inventory/trafficConfig.ts";
import { refId, type ObjectRef } from "../../../../../src/mesh/model/refs.ts";
import type { MeshFacts } from "../../../../../src/mesh/topology/reading/topologyReading.ts";

// An inventory made by hand. Clusters have the keys that `Ends` gives to places: "key-eu" for "eu".

export function ref(kind: string, path: string): ObjectRef {
  const [cluster = "", namespace = "", name = ""] = path.split("/");
  return { cluster: `key-${cluster}`, group: "", kind, namespace, name };
}

export function workload(path: string, more: Partial<WorkloadView> = {}): WorkloadView {
  const own = ref("Deployment", path);
  const [, app = own.name, version] = /^(.*?)(?:-(v\d+))?$/.exec(own.name) ?? [];
  return {
    id: refId(own),
    ref: own,
    app,
    version,
    labels: { app },
    telemetryName: own.name,
    replicas: { desired: 2, ready: 2 },
    ownerRead: true,
    pods: [],
    dataPlane: "sidecar",
    inMesh: true,
    revision: "default",
    services: [],
    problems: [],
    ...more,
  };
}

export function service(
  path: string,
  workloads: readonly WorkloadView[],
  more: Partial<ServiceView> = {},
): ServiceView {
  const own = ref(more.type === "ServiceEntry" ? "ServiceEntry" : "Service", path);
  return {
    id: refId(own),
    ref: own,
    type: "ClusterIP",
    hosts: [`${own.name}.${own.namespace}.svc.cluster.local`, `${own.name}.${own.namespace}`],
    ports: [{ name: "http", port: 80, protocol: "http" }],
    labels: { app: own.name },
    workloads: workloads.map(({ id }) => id),
    inMesh: true,
    dataPlanes: ["sidecar"],
    ...more,
  };
}

export function gateway(path: string, role: GatewayView["role"] = "ingress"): GatewayView {
  const own = ref("Deployment", path);
  return {
    ref: own,
    telemetryNames: [own.name],
    role,
    replicas: { desired: 1, ready: 1 },
    version: "1.29.2",
    problems: [],
  };
}

const planeOf = (cluster: string): ControlPlane => ({
  ref: ref("Deployment", `${cluster}/istio-system/istiod`),
  revision: "default",
  tags: [],
  version: "1.29.2",
  image: undefined,
  vendorBuild: false,
  proxies: 1,
  replicas: { desired: 1, ready: 1 },
  external: false,
  trustDomain: { value: "cluster.local", isDefault: true },
  rootNamespace: { value: "istio-system", isDefault: true },
  autoMtls: { value: "true", isDefault: true },
  outboundPolicy: { value: "ALLOW_ANY", isDefault: true },
  problems: [],
});

export function cluster(name: string, more: Partial<ClusterView> = {}): ClusterView {
  return {
    key: `key-${name}`,
    context: `context-${name}`,
    clusterId: name,
    network: undefined,
    meshId: undefined,
    role: "primary",
    kubernetesVersion: "v1.36.3",
    controlPlanes: [planeOf(name)],
    gateways: [],
    cni: undefined,
    ztunnel: undefined,
    pods: { sidecar: 1, ambient: 0, gateway: 0, none: 0 },
    counts: { services: { inMesh: 0, all: 0 }, workloads: { inMesh: 0, all: 0 } },
    problems: [],
    unread: [],
    ...more,
  };
}

export function facts(more: Partial<MeshFacts> & { readonly clusters?: readonly ClusterView[] } = {}): MeshFacts {
  const { clusters = [cluster("eu")], ...rest } = more;
  const mesh: MeshView = {
    id: "mesh",
    name: "cluster.local",
    clusters,
    topology: "single",
    services: { inMesh: 0, all: 0 },
    workloads: { inMesh: 0, all: 0 },
    problems: [],
  };
  return { meshes: [mesh], services: [], workloads: [], config: noTrafficConfig, ...rest };
}

export function route(path: string, hosts: readonly string[], more: Partial<RouteFacts> = {}): RouteFacts {
  return {
    ref: ref("VirtualService", path),
    hosts,
    destinations: [],
    exportTo: undefined,
    gateways: ["mesh"],
    shiftsTraffic: false,
    routesRequests: false,
    injectsFaults: false,
    mirrors: false,
    setsTimeouts: false,
    breaksCircuits: false,
    ...more,
  };
}

export function peerAuthentication(path: string, mode: MtlsFacts["mode"], selector?: MtlsFacts["selector"]): MtlsFacts {
  return { ref: ref("PeerAuthentication", path), selector, mode, portModes: {} };
}
