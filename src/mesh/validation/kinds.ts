/** A kind of any version: "networking.istio.io/VirtualService"; the core group is "core": "core/Service". */
export type KindName = `${string}/${string}`;

/** The kinds that rules know, by short names. Others are written out. */
export const kinds = {
  VirtualService: "networking.istio.io/VirtualService",
  DestinationRule: "networking.istio.io/DestinationRule",
  Gateway: "networking.istio.io/Gateway",
  ServiceEntry: "networking.istio.io/ServiceEntry",
  Sidecar: "networking.istio.io/Sidecar",
  WorkloadEntry: "networking.istio.io/WorkloadEntry",
  WorkloadGroup: "networking.istio.io/WorkloadGroup",
  EnvoyFilter: "networking.istio.io/EnvoyFilter",
  ProxyConfig: "networking.istio.io/ProxyConfig",
  AuthorizationPolicy: "security.istio.io/AuthorizationPolicy",
  PeerAuthentication: "security.istio.io/PeerAuthentication",
  RequestAuthentication: "security.istio.io/RequestAuthentication",
  Telemetry: "telemetry.istio.io/Telemetry",
  WasmPlugin: "extensions.istio.io/WasmPlugin",
  TrafficExtension: "extensions.istio.io/TrafficExtension",
  /** Pseudo kinds of Istio's analyzers: what `MeshConfig` and `MeshNetworks` files hold. */
  MeshConfig: "istio.io/MeshConfig",
  MeshNetworks: "istio.io/MeshNetworks",
  KubernetesGateway: "gateway.networking.k8s.io/Gateway",
  GatewayClass: "gateway.networking.k8s.io/GatewayClass",
  HTTPRoute: "gateway.networking.k8s.io/HTTPRoute",
  GRPCRoute: "gateway.networking.k8s.io/GRPCRoute",
  TCPRoute: "gateway.networking.k8s.io/TCPRoute",
  TLSRoute: "gateway.networking.k8s.io/TLSRoute",
  ReferenceGrant: "gateway.networking.k8s.io/ReferenceGrant",
  BackendTLSPolicy: "gateway.networking.k8s.io/BackendTLSPolicy",
  ListenerSet: "gateway.networking.k8s.io/ListenerSet",
  Service: "core/Service",
  Pod: "core/Pod",
  Namespace: "core/Namespace",
  Node: "core/Node",
  Secret: "core/Secret",
  ConfigMap: "core/ConfigMap",
  ServiceAccount: "core/ServiceAccount",
  Deployment: "apps/Deployment",
  StatefulSet: "apps/StatefulSet",
  DaemonSet: "apps/DaemonSet",
  ReplicaSet: "apps/ReplicaSet",
  Job: "batch/Job",
  CronJob: "batch/CronJob",
  MutatingWebhookConfiguration: "admissionregistration.k8s.io/MutatingWebhookConfiguration",
  ValidatingWebhookConfiguration: "admissionregistration.k8s.io/ValidatingWebhookConfiguration",
  CustomResourceDefinition: "apiextensions.k8s.io/CustomResourceDefinition",
} as const satisfies Record<string, KindName>;

/** The kind of an apiVersion and kind. */
export function kindNameOf(group: string, kind: string): KindName {
  return `${group === "" ? "core" : group}/${kind}`;
}

const clusterScoped: ReadonlySet<KindName> = new Set<KindName>([
  kinds.Namespace,
  kinds.Node,
  kinds.GatewayClass,
  kinds.MutatingWebhookConfiguration,
  kinds.ValidatingWebhookConfiguration,
  kinds.CustomResourceDefinition,
  "rbac.authorization.k8s.io/ClusterRole",
  "rbac.authorization.k8s.io/ClusterRoleBinding",
]);

/** True for kinds without a namespace; a namespace that such an object claims is ignored. */
export function isClusterScoped(kind: KindName): boolean {
  return clusterScoped.has(kind);
}
