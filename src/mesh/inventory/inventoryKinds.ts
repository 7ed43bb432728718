/** One kind of object that the inventory is fed with, and how it is read. */
export interface InventoryKind<Id extends string = InventoryKindId | ConfigKindId> {
  readonly id: Id;
  readonly group: string;
  readonly kind: string;
  /** Preferred order where the server's preferred version must not be assumed. */
  readonly versions?: readonly string[];
  /** "selected": only the selected namespaces; "unselected": all others; "all": every namespace that may be read. */
  readonly scope: "all" | "selected" | "unselected";
  /** "slow": a paged list every few minutes instead of a watch. */
  readonly pace: "watch" | "slow";
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  readonly metadataOnly?: boolean;
  /** The kind may be absent from a server; that is normal and not worth a word. */
  readonly optional: boolean;
  /** Nothing waits for it, and where it may not be read nothing else is less known. */
  readonly isAside?: true;
}

export type InventoryKindId =
  | "namespaces"
  | "services"
  | "deployments"
  | "statefulSets"
  | "daemonSets"
  | "replicaSets"
  | "cronJobs"
  | "jobs"
  | "workloadGroups"
  | "workloadEntries"
  | "serviceEntries"
  | "webhooks"
  | "istioConfigMap"
  | "istioRevisionConfigMaps"
  | "rootCertificates"
  | "remoteSecrets"
  | "pods"
  | "istiodPods"
  | "cniPods"
  | "gatewayPods"
  | "managedGatewayPods"
  | "podMetadata"
  | "nodes";

/** Configuration that acts on traffic: nothing of the lists needs it. */
export type ConfigKindId =
  | "virtualServices"
  | "destinationRules"
  | "peerAuthentications"
  | "authorizationPolicies"
  | "requestAuthentications"
  | "sidecars"
  | "telemetries"
  | "envoyFilters"
  | "wasmPlugins"
  | "istioGateways"
  | "httpRoutes"
  | "grpcRoutes"
  | "tcpRoutes"
  | "tlsRoutes";

const istioNetworking = {
  group: "networking.istio.io",
  versions: ["v1", "v1beta1", "v1alpha3"],
  scope: "all",
  pace: "watch",
  optional: true,
} as const;

const controlPlanePods = { group: "", kind: "Pod", scope: "all", pace: "watch", optional: false } as const;

/** What to read, cheap and telling kinds first: names and owners are there when the pods arrive. */
export const inventoryKinds: readonly InventoryKind<InventoryKindId>[] = [
  {
    id: "namespaces",
    group: "",
    kind: "Namespace",
    scope: "all",
    pace: "watch",
    metadataOnly: true,
    optional: false,
  },
  {
    id: "webhooks",
    group: "admissionregistration.k8s.io",
    kind: "MutatingWebhookConfiguration",
    scope: "all",
    pace: "watch",
    optional: false,
  },
  // The mesh configuration is named "istio" for the unnamed revision; those of the other revisions and the injector's
  // carry the revision label (Istio's chart istio-discovery).
  {
    id: "istioConfigMap",
    group: "",
    kind: "ConfigMap",
    scope: "all",
    pace: "watch",
    fieldSelector: "metadata.name=istio",
    optional: false,
  },
  {
    id: "istioRevisionConfigMaps",
    group: "",
    kind: "ConfigMap",
    scope: "all",
    pace: "watch",
    labelSelector: "istio.io/rev",
    optional: false,
  },
  // Names and annotations only: their data are kubeconfigs with credentials.
  {
    id: "remoteSecrets",
    group: "",
    kind: "Secret",
    scope: "all",
    pace: "slow",
    labelSelector: "istio/multiCluster=true",
    metadataOnly: true,
    optional: false,
  },
  { id: "deployments", group: "apps", kind: "Deployment", scope: "all", pace: "watch", optional: false },
  { id: "statefulSets", group: "apps", kind: "StatefulSet", scope: "all", pace: "watch", optional: false },
  { id: "daemonSets", group: "apps", kind: "DaemonSet", scope: "all", pace: "watch", optional: false },
  // A Deployment's ReplicaSets are told by the pods' own label, as Istio does it; there may be ten for each Deployment.
  {
    id: "replicaSets",
    group: "apps",
    kind: "ReplicaSet",
    scope: "all",
    pace: "watch",
    labelSelector: "!pod-template-hash",
    optional: false,
  },
  {
    id: "cronJobs",
    group: "batch",
    kind: "CronJob",
    versions: ["v1", "v1beta1"],
    scope: "all",
    pace: "watch",
    optional: true,
  },
  { id: "jobs", group: "batch", kind: "Job", scope: "all", pace: "watch", optional: false },
  { id: "services", group: "", kind: "Service", scope: "all", pace: "watch", optional: false },
  { id: "serviceEntries", kind: "ServiceEntry", ...istioNetworking },
  { id: "workloadGroups", kind: "WorkloadGroup", ...istioNetworking },
  { id: "workloadEntries", kind: "WorkloadEntry", ...istioNetworking },
  { id: "pods", group: "", kind: "Pod", scope: "selected", pace: "watch", optional: false },
  // Istio's own pods are watched wherever they are, so that their trouble shows whatever is selected.
  { id: "istiodPods", ...controlPlanePods, labelSelector: "app in (istiod,pilot,ztunnel)" },
  { id: "cniPods", ...controlPlanePods, labelSelector: "k8s-app=istio-cni-node" },
  {
    id: "gatewayPods",
    ...controlPlanePods,
    labelSelector: "istio in (ingressgateway,egressgateway,eastwestgateway)",
  },
  { id: "managedGatewayPods", ...controlPlanePods, labelSelector: "gateway.istio.io/managed" },
  {
    id: "rootCertificates",
    group: "",
    kind: "ConfigMap",
    scope: "all",
    pace: "slow",
    fieldSelector: "metadata.name=istio-ca-root-cert",
    optional: false,
  },
  {
    id: "podMetadata",
    group: "",
    kind: "Pod",
    scope: "unselected",
    pace: "slow",
    fieldSelector: "status.phase!=Succeeded,status.phase!=Failed",
    metadataOnly: true,
    optional: false,
  },
  // Most users of a namespace may not read nodes.
  { id: "nodes", group: "", kind: "Node", scope: "all", pace: "watch", optional: true, isAside: true },
];

const istioSecurity = { ...istioNetworking, group: "security.istio.io", versions: ["v1", "v1beta1"] } as const;
const gatewayRoutes = {
  ...istioNetworking,
  group: "gateway.networking.k8s.io",
  versions: ["v1", "v1beta1", "v1alpha3", "v1alpha2"],
} as const;

/** To be read only while somebody looks at a topology; what has the most to say first. */
export const configKinds: readonly InventoryKind<ConfigKindId>[] = [
  { id: "virtualServices", kind: "VirtualService", ...istioNetworking },
  { id: "destinationRules", kind: "DestinationRule", ...istioNetworking },
  { id: "peerAuthentications", kind: "PeerAuthentication", ...istioSecurity },
  { id: "httpRoutes", kind: "HTTPRoute", ...gatewayRoutes },
  { id: "grpcRoutes", kind: "GRPCRoute", ...gatewayRoutes },
  { id: "tcpRoutes", kind: "TCPRoute", ...gatewayRoutes },
  { id: "tlsRoutes", kind: "TLSRoute", ...gatewayRoutes },
  { id: "authorizationPolicies", kind: "AuthorizationPolicy", ...istioSecurity },
  { id: "requestAuthentications", kind: "RequestAuthentication", ...istioSecurity },
  { id: "istioGateways", kind: "Gateway", ...istioNetworking },
  { id: "sidecars", kind: "Sidecar", ...istioNetworking },
  {
    ...istioNetworking,
    id: "telemetries",
    group: "telemetry.istio.io",
    kind: "Telemetry",
    versions: ["v1", "v1alpha1"],
  },
  { ...istioNetworking, id: "envoyFilters", kind: "EnvoyFilter", versions: ["v1alpha3"] },
  {
    ...istioNetworking,
    id: "wasmPlugins",
    group: "extensions.istio.io",
    kind: "WasmPlugin",
    versions: ["v1alpha1"],
  },
];
