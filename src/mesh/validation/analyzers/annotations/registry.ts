/** How far Istio takes the feature behind an annotation. */
export type Stage = "Alpha" | "Beta" | "Stable";

/** An annotation that Istio knows. */
export interface KnownAnnotation {
  readonly stage: Stage;
  readonly isDeprecated: boolean;
  /** Kinds that may have it; "Any" is all. */
  readonly resources: readonly string[];
}

type Entry = readonly [resources: string, names: readonly string[]];

// Facts of istio.io/api's annotation/annotations.yaml.
const entries: readonly Entry[] = [
  [
    "Service",
    [
      "alpha.istio.io/canonical-serviceaccounts",
      "alpha.istio.io/kubernetes-serviceaccounts",
      "networking.istio.io/exportTo",
      "traffic.istio.io/nodeSelector",
    ],
  ],
  [
    "Pod",
    [
      "ambient.istio.io/bypass-inbound-capture",
      "ambient.istio.io/dns-capture",
      "ambient.istio.io/redirection",
      "inject.istio.io/templates",
      "istio.io/reroute-virtual-interfaces",
      "istio.io/rev",
      "prometheus.istio.io/merge-metrics",
      "proxy.istio.io/config",
      "proxy.istio.io/overrides",
      "readiness.status.sidecar.istio.io/applicationPorts",
      "readiness.status.sidecar.istio.io/failureThreshold",
      "readiness.status.sidecar.istio.io/initialDelaySeconds",
      "readiness.status.sidecar.istio.io/periodSeconds",
      "sidecar.istio.io/agentLogLevel",
      "sidecar.istio.io/bootstrapOverride",
      "sidecar.istio.io/componentLogLevel",
      "sidecar.istio.io/discoveryAddress",
      "sidecar.istio.io/extraStatTags",
      "sidecar.istio.io/inject",
      "sidecar.istio.io/interceptionMode",
      "sidecar.istio.io/logLevel",
      "sidecar.istio.io/nativeSidecar",
      "sidecar.istio.io/proxyCPU",
      "sidecar.istio.io/proxyCPULimit",
      "sidecar.istio.io/proxyImage",
      "sidecar.istio.io/proxyImageType",
      "sidecar.istio.io/proxyMemory",
      "sidecar.istio.io/proxyMemoryLimit",
      "sidecar.istio.io/rewriteAppHTTPProbers",
      "sidecar.istio.io/statsCompression",
      "sidecar.istio.io/statsEvictionInterval",
      "sidecar.istio.io/statsFlushInterval",
      "sidecar.istio.io/statsHistogramBins",
      "sidecar.istio.io/statsHistogramBuckets",
      "sidecar.istio.io/statsInclusionPrefixes",
      "sidecar.istio.io/statsInclusionRegexps",
      "sidecar.istio.io/statsInclusionSuffixes",
      "sidecar.istio.io/status",
      "sidecar.istio.io/userVolume",
      "sidecar.istio.io/userVolumeMount",
      "status.sidecar.istio.io/port",
      "traffic.sidecar.istio.io/excludeInboundPorts",
      "traffic.sidecar.istio.io/excludeInterfaces",
      "traffic.sidecar.istio.io/excludeOutboundIPRanges",
      "traffic.sidecar.istio.io/excludeOutboundPorts",
      "traffic.sidecar.istio.io/includeInboundPorts",
      "traffic.sidecar.istio.io/includeOutboundIPRanges",
      "traffic.sidecar.istio.io/includeOutboundPorts",
      "traffic.sidecar.istio.io/kubevirtInterfaces",
    ],
  ],
  ["GatewayClass Gateway", ["ambient.istio.io/waypoint-inbound-binding"]],
  ["Any", ["galley.istio.io/analyze-suppress", "gateway.istio.io/controller-version"]],
  [
    "Gateway",
    ["gateway.istio.io/name-override", "gateway.istio.io/service-account", "networking.istio.io/service-type"],
  ],
  [
    "WorkloadEntry",
    [
      "istio.io/autoRegistrationGroup",
      "istio.io/connectedAt",
      "istio.io/disconnectedAt",
      "istio.io/workloadController",
    ],
  ],
  ["AuthorizationPolicy", ["istio.io/dry-run"]],
  ["Service ServiceEntry Namespace", ["istio.io/use-waypoint-canary-weight"]],
  ["Ingress", ["kubernetes.io/ingress.class"]],
  ["Namespace Service ServiceEntry", ["networking.istio.io/traffic-distribution"]],
  ["Namespace", ["topology.istio.io/controlPlaneClusters"]],
];

const deprecated: ReadonlySet<string> = new Set([
  "alpha.istio.io/canonical-serviceaccounts",
  "alpha.istio.io/kubernetes-serviceaccounts",
  "sidecar.istio.io/discoveryAddress",
  "sidecar.istio.io/extraStatTags",
  "sidecar.istio.io/inject",
  "sidecar.istio.io/statsCompression",
  "sidecar.istio.io/statsInclusionPrefixes",
  "sidecar.istio.io/statsInclusionRegexps",
  "sidecar.istio.io/statsInclusionSuffixes",
  "traffic.sidecar.istio.io/kubevirtInterfaces",
]);

/** All others are alpha. */
const stages: ReadonlyMap<string, Stage> = new Map([
  ["ambient.istio.io/redirection", "Beta"],
  ["kubernetes.io/ingress.class", "Stable"],
  ["proxy.istio.io/config", "Beta"],
  ["sidecar.istio.io/inject", "Beta"],
  ["traffic.istio.io/nodeSelector", "Stable"],
] as const);

export const knownAnnotations: ReadonlyMap<string, KnownAnnotation> = new Map(
  entries.flatMap(([resources, names]) =>
    names.map((name): [string, KnownAnnotation] => [
      name,
      { stage: stages.get(name) ?? "Alpha", isDeprecated: deprecated.has(name), resources: resources.split(" ") },
    ]),
  ),
);

const ignored: ReadonlySet<string> = new Set([
  "sidecar.istio.io/status",
  "gateway.istio.io/controller-version",
  "istio.io/rev",
]);

/** True for keys that are Istio's to judge: "kubernetes.io/ingress.class" and all under a domain that ends in istio.io. */
export function isIstioAnnotation(key: string): boolean {
  if (ignored.has(key)) return false;
  return key === "kubernetes.io/ingress.class" || (key.split("/")[0] ?? "").endsWith("istio.io");
}
