import type { KindOnServer } from "../../../mesh/model/kubeObject.ts";

function kinds(
  group: string,
  version: string,
  namespaced: boolean,
  plurals: Readonly<Record<string, string>>,
): KindOnServer[] {
  return Object.entries(plurals).map(([kind, plural]) => ({ group, version, kind, plural, namespaced }));
}

/** What the demo's API servers offer, in preferred versions. */
export const demoKinds: readonly KindOnServer[] = [
  ...kinds("", "v1", false, { Namespace: "namespaces", Node: "nodes" }),
  ...kinds("", "v1", true, {
    Pod: "pods",
    Service: "services",
    ConfigMap: "configmaps",
    Secret: "secrets",
    ServiceAccount: "serviceaccounts",
    Event: "events",
  }),
  ...kinds("apps", "v1", true, {
    Deployment: "deployments",
    ReplicaSet: "replicasets",
    StatefulSet: "statefulsets",
    DaemonSet: "daemonsets",
  }),
  ...kinds("batch", "v1", true, { Job: "jobs", CronJob: "cronjobs" }),
  ...kinds("metrics.k8s.io", "v1beta1", false, { NodeMetrics: "nodes" }),
  ...kinds("metrics.k8s.io", "v1beta1", true, { PodMetrics: "pods" }),
  ...kinds("discovery.k8s.io", "v1", true, { EndpointSlice: "endpointslices" }),
  ...kinds("admissionregistration.k8s.io", "v1", false, {
    MutatingWebhookConfiguration: "mutatingwebhookconfigurations",
    ValidatingWebhookConfiguration: "validatingwebhookconfigurations",
  }),
  ...kinds("apiextensions.k8s.io", "v1", false, { CustomResourceDefinition: "customresourcedefinitions" }),
  ...kinds("argoproj.io", "v1alpha1", true, { Rollout: "rollouts" }),
  ...kinds("networking.istio.io", "v1", true, {
    VirtualService: "virtualservices",
    DestinationRule: "destinationrules",
    Gateway: "gateways",
    ServiceEntry: "serviceentries",
    Sidecar: "sidecars",
    WorkloadEntry: "workloadentries",
    WorkloadGroup: "workloadgroups",
  }),
  ...kinds("networking.istio.io", "v1alpha3", true, { EnvoyFilter: "envoyfilters" }),
  ...kinds("networking.istio.io", "v1beta1", true, { ProxyConfig: "proxyconfigs" }),
  ...kinds("security.istio.io", "v1", true, {
    PeerAuthentication: "peerauthentications",
    RequestAuthentication: "requestauthentications",
    AuthorizationPolicy: "authorizationpolicies",
  }),
  ...kinds("telemetry.istio.io", "v1", true, { Telemetry: "telemetries" }),
  ...kinds("extensions.istio.io", "v1alpha1", true, { WasmPlugin: "wasmplugins" }),
  ...kinds("gateway.networking.k8s.io", "v1", false, { GatewayClass: "gatewayclasses" }),
  ...kinds("gateway.networking.k8s.io", "v1", true, {
    Gateway: "gateways",
    HTTPRoute: "httproutes",
    GRPCRoute: "grpcroutes",
  }),
  ...kinds("gateway.networking.k8s.io", "v1beta1", true, { ReferenceGrant: "referencegrants" }),
];
