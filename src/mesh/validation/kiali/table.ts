/** What became of one of Kiali's codes. */
export interface KialiCode {
  readonly code: string;
  readonly title: string;
  readonly state: "implemented" | "mapped" | "left out";
  /** The codes that stand for it, if it is mapped. */
  readonly to?: readonly string[];
  /** How it differs from Kiali's own check, or why it is not here. */
  readonly why: string;
}

function implemented(code: string, title: string, why: string): KialiCode {
  return { code, title, state: "implemented", why };
}

/** All of Kiali's codes (Kiali's models/istio_validation.go), each once. */
export const kialiTable: readonly KialiCode[] = [
  implemented(
    "KIA0002",
    "Several objects for a whole namespace",
    "As Kiali; RequestAuthentications are left out, since istiod merges them.",
  ),
  implemented(
    "KIA0003",
    "Several objects for a workload",
    "As Kiali, with workloads of the object's own namespace only.",
  ),
  implemented(
    "KIA0004",
    "Selector matches no workload",
    "As Kiali; a policy of the root namespace is judged by the workloads of all namespaces, which it is for.",
  ),
  implemented("KIA0005", "Exported to a namespace that is not there", "As Kiali."),
  implemented("KIA0101", "Source namespace not found", "As Kiali, with Istio's patterns."),
  implemented("KIA0102", "No HTTP method", "As Kiali, with Istio's patterns."),
  implemented("KIA0104", "Host of a policy not found", "As Kiali: only names that look like a Service's are judged."),
  implemented(
    "KIA0105",
    "Identity without mutual TLS",
    "As Kiali; ambient namespaces are left out, since ztunnel always uses mutual TLS.",
  ),
  implemented(
    "KIA0106",
    "Service account of a principal not found",
    "As Kiali; a declared ServiceAccount counts even if nothing runs as it yet.",
  ),
  implemented("KIA0107", "Service account of a principal in another cluster", "As Kiali, at the level of information."),
  implemented(
    "KIA0108",
    "Unknown trust domain",
    "As Kiali; cluster.local is known in every mesh, as Istio takes it for the mesh's own.",
  ),
  implemented(
    "KIA0109",
    "AuthorizationPolicy for requests without a waypoint in ambient",
    "As Kiali; a Service that targetRefs name is looked at itself.",
  ),
  implemented("KIA0110", "AuthorizationPolicy for requests without targetRefs in ambient", "As Kiali."),
  implemented(
    "KIA0201",
    "Several DestinationRules for a host",
    "As Kiali; rules for different clients (workloadSelector) do not conflict.",
  ),
  implemented(
    "KIA0202",
    "DestinationRule for an unknown host",
    "As Kiali; ServiceEntry hosts are compared by whole labels.",
  ),
  implemented(
    "KIA0203",
    "Labels of a subset select nothing",
    "As Kiali; only endpoints of ServiceEntries for the host count, and pods of all clusters.",
  ),
  implemented(
    "KIA0204",
    "DestinationRule drops another's mutual TLS",
    "As Kiali; rules for hosts outside the mesh are left out where only *.local has mutual TLS.",
  ),
  implemented("KIA0205", "No mesh-wide PeerAuthentication for mutual TLS", "As Kiali."),
  implemented(
    "KIA0206",
    "No PeerAuthentication for a namespace's mutual TLS",
    "As Kiali; the namespace is the host's.",
  ),
  implemented("KIA0207", "Plain text to a namespace that wants mutual TLS", "As Kiali."),
  implemented("KIA0208", "Plain text to a mesh that wants mutual TLS", "As Kiali."),
  implemented("KIA0209", "Subset without labels", "As Kiali."),
  implemented("KIA0210", "DestinationRule without a waypoint in ambient", "As Kiali."),
  implemented("KIA0211", "DestinationRule for a Service without a waypoint", "As Kiali."),
  implemented("KIA0212", "DestinationRule outside the namespace of its ambient Service", "As Kiali."),
  implemented(
    "KIA0301",
    "Several Gateways for a host and port",
    "As Kiali; servers with different bind addresses do not conflict.",
  ),
  implemented("KIA0302", "Gateway selects no workload", "As Kiali."),
  implemented("KIA0401", "No mesh-wide DestinationRule for mutual TLS", "As Kiali."),
  implemented("KIA0501", "No DestinationRule for a namespace's mutual TLS", "As Kiali."),
  implemented("KIA0505", "Mutual TLS off in a namespace whose clients use it", "As Kiali."),
  implemented("KIA0506", "Mutual TLS off in a mesh whose clients use it", "As Kiali."),
  implemented(
    "KIA0601",
    "Port name without a protocol",
    "As Kiali; a template that would be injected stands for its pods.",
  ),
  implemented("KIA0602", "Unknown appProtocol", "As Kiali."),
  implemented(
    "KIA0701",
    "No container declares the target port",
    "As Kiali, by the labels of pods in the Service's namespace; a hint only where the target port is a number, which needs no declaration.",
  ),
  implemented("KIA1004", "Egress host not found", "As Kiali; VirtualService hosts count, which Istio imports too."),
  implemented("KIA1006", "Mesh-wide Sidecar with a selector", "As Kiali."),
  implemented("KIA1007", "outboundTrafficPolicy without a mode", "As Kiali, where the mode is really absent."),
  implemented(
    "KIA1101",
    "Destination host not found",
    "As Kiali; ServiceEntry hosts are compared by whole labels, Services of all clusters and domains count.",
  ),
  implemented("KIA1102", "Gateway not found", "As Kiali, in every match of every protocol."),
  implemented("KIA1104", "Weight of the only destination", "As Kiali."),
  implemented(
    "KIA1105",
    "Same destination twice in a route",
    "As Kiali; destinations without a subset or with different ports are left out.",
  ),
  implemented("KIA1106", "Host of several VirtualServices", "As Kiali; an object never conflicts with itself."),
  implemented("KIA1107", "Subset not found", "As Kiali."),
  implemented("KIA1108", "Gateway named in an old form", "As Kiali; a dot may be part of the Gateway's own name."),
  implemented("KIA1109", "VirtualService without a waypoint in ambient", "As Kiali."),
  implemented(
    "KIA1110",
    "RequestAuthentication without a waypoint in ambient",
    "As Kiali; a Service that targetRefs name is looked at itself.",
  ),
  implemented(
    "KIA1111",
    "WasmPlugin without a waypoint in ambient",
    "As Kiali; a Service that targetRefs name is looked at itself.",
  ),
  implemented(
    "KIA1112",
    "Telemetry of requests without a waypoint in ambient",
    "As Kiali; a Service that targetRefs name is looked at itself.",
  ),
  implemented("KIA1113", "VirtualService for a Service without a waypoint", "As Kiali."),
  implemented("KIA1114", "VirtualService outside the namespace of its ambient Service", "As Kiali."),
  implemented("KIA1115", "RequestAuthentication without targetRefs in ambient", "As Kiali."),
  implemented("KIA1116", "WasmPlugin without targetRefs in ambient", "As Kiali."),
  implemented("KIA1117", "Telemetry of requests without targetRefs in ambient", "As Kiali."),
  implemented(
    "KIA1211",
    "Several ServiceEntries for a host and port",
    "As Kiali; one ServiceEntry never conflicts with itself.",
  ),
  implemented("KIA1212", "ServiceEntries disagree on a port's protocol", "As Kiali."),
  implemented("KIA1301", "Workload without an AuthorizationPolicy", "As Kiali, off unless asked for."),
  implemented("KIA1311", "Sidecar and ambient asked for at once", "As Kiali."),
  implemented("KIA1312", "Waypoint named outside ambient", "As Kiali; the labels of a template tell as well as pods."),
  implemented("KIA1313", "Waypoint not found", "As Kiali, by the Gateway that is named."),
  implemented("KIA1314", "Sidecar asked for, pod in ambient", "As Kiali."),
  implemented("KIA1315", "Pod with a sidecar labelled for ambient", "As Kiali."),
  implemented("KIA1316", "Sidecar in an ambient namespace", "As Kiali."),
  implemented("KIA1317", "Policy for requests, but no waypoint", "As Kiali; a Service's own waypoint counts."),
  implemented(
    "KIA1401",
    "Route's Gateway not found or not open to it",
    "As Kiali, with the API's defaults where files leave fields out.",
  ),
  implemented(
    "KIA1402",
    "Service of a route not found",
    "As Kiali, with the API's defaults where files leave fields out.",
  ),
  implemented("KIA1501", "Several Gateways for a host and port (Gateway API)", "As Kiali."),
  implemented("KIA1502", "Several Gateways for an address (Gateway API)", "As Kiali."),
  implemented("KIA1503", "Listeners of one Gateway are not distinct", "As Kiali."),
  implemented("KIA1504", "GatewayClass not found", "As Kiali, by the GatewayClasses of the cluster."),
  implemented("KIA1601", "Namespace of a ReferenceGrant not found", "As Kiali."),
  implemented(
    "KIA1701",
    "Service account of a WorkloadGroup not found",
    "As Kiali; a declared ServiceAccount counts even if nothing runs as it yet.",
  ),
  implemented("KIA1702", "WorkloadGroups with the same labels", "As Kiali."),
];
