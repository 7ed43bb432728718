import { hasEnvoy, type Flow } from "../traffic/flow.ts";
import type { WorkloadPlan } from "../world/blueprint.ts";
import { serviceAccountOf } from "../objects/pods.ts";
import { trustDomain } from "../objects/proxies.ts";
import type { Labels } from "./textFormat.ts";

/** Whom one reporter names at both ends. */
export interface Reported {
  readonly reporter: "source" | "destination" | "waypoint";
  readonly from: WorkloadPlan;
  readonly to: WorkloadPlan | undefined;
  /** ztunnel: bytes only, whatever they are. */
  readonly l4: boolean;
}

const unknown = "unknown";

interface Peer {
  readonly workload: string;
  readonly namespace: string;
  readonly service: string;
  readonly revision: string;
  readonly principal: string;
  readonly app: string;
  readonly version: string;
  readonly cluster: string;
}

const nobody: Peer = {
  workload: unknown,
  namespace: unknown,
  service: unknown,
  revision: "latest",
  principal: unknown,
  app: unknown,
  version: unknown,
  cluster: unknown,
};

/** Who is in no mesh has no certificate; a client without one stays unknown, a server is known from its endpoint. */
function peerOf(plan: WorkloadPlan | undefined, isClient: boolean): Peer {
  if (!plan || (isClient && plan.plane === "none")) return nobody;
  const account = `spiffe://${trustDomain}/ns/${plan.namespace}/sa/${serviceAccountOf(plan)}`;
  return {
    workload: plan.name,
    namespace: plan.namespace,
    service: plan.app,
    revision: plan.version ?? "latest",
    principal: plan.plane === "none" ? unknown : account,
    app: plan.app,
    version: plan.version ?? unknown,
    cluster: plan.cluster,
  };
}

function isMutual({ from, to }: Reported): boolean {
  return from.plane !== "none" && to !== undefined && to.plane !== "none";
}

/** Only the answering side can tell; ztunnel knows both ends of its tunnel. */
function securityOf(reported: Reported): string {
  if (reported.reporter === "source" && !reported.l4) return unknown;
  if (isMutual(reported)) return "mutual_tls";
  return reported.l4 ? unknown : "none";
}

function hostOf(flow: Flow): string {
  return flow.external
    ? (flow.external.requestedHost ?? flow.external.host)
    : `${flow.service}.${flow.namespace}.svc.cluster.local`;
}

function flagsOf(flow: Flow, { reporter, l4 }: Reported): string {
  if (l4) return "-";
  return reporter === "destination" ? flow.destinationFlags : flow.sourceFlags;
}

/** Istio's V2 labels in the order of the wire; ztunnel's are the same set. */
export function v2Labels(flow: Flow, reported: Reported): Labels {
  const { reporter, l4 } = reported;
  const source = peerOf(reported.from, true);
  const target = peerOf(reported.to, false);
  // A proxy's own version label is absent where its pod has none; a peer's reads "unknown".
  const ownVersion = (plan: WorkloadPlan | undefined, peer: Peer, isOwn: boolean) =>
    isOwn && plan && hasEnvoy(plan) ? (plan.version ?? "") : peer.version;
  const labels: [string, string][] = [
    ["reporter", reporter],
    ["source_workload", source.workload],
    ["source_canonical_service", source.service],
    ["source_canonical_revision", source.revision],
    ["source_workload_namespace", source.namespace],
    ["source_principal", source.principal],
    ["source_app", source.app],
    ["source_version", ownVersion(reported.from, source, reporter === "source")],
    ["source_cluster", source.cluster],
    ["destination_workload", target.workload],
    ["destination_workload_namespace", target.namespace],
    ["destination_principal", target.principal],
    ["destination_app", target.app],
    ["destination_version", ownVersion(reported.to, target, reporter === "destination")],
    ["destination_service", hostOf(flow)],
    ["destination_canonical_service", target.service],
    ["destination_canonical_revision", target.revision],
    ["destination_service_name", flow.service],
    ["destination_service_namespace", flow.namespace],
    ["destination_cluster", target.cluster],
    ["request_protocol", l4 ? "tcp" : flow.protocol],
  ];
  if (!l4 && flow.protocol !== "tcp") {
    labels.push(["response_code", String(flow.code)]);
    if (flow.grpcStatus !== undefined) labels.push(["grpc_response_status", String(flow.grpcStatus)]);
  }
  labels.push(["response_flags", flagsOf(flow, reported)], ["connection_security_policy", securityOf(reported)]);
  return labels;
}

/** Mixer's labels: no clusters, no canonical names, no gRPC status; its TCP metrics name no protocol. */
export function v1Labels(flow: Flow, reported: Reported): Labels {
  const source = peerOf(reported.from, true);
  const target = peerOf(reported.to, false);
  const labels: [string, string][] = [
    ["reporter", reported.reporter],
    ["source_app", source.app],
    ["source_principal", source.principal],
    ["source_workload", source.workload],
    ["source_workload_namespace", source.namespace],
    ["source_version", source.version],
    ["destination_app", target.app],
    ["destination_principal", target.principal],
    ["destination_workload", target.workload],
    ["destination_workload_namespace", target.namespace],
    ["destination_version", target.version],
    ["destination_service", hostOf(flow)],
    ["destination_service_name", flow.service],
    ["destination_service_namespace", flow.namespace],
  ];
  if (flow.protocol !== "tcp") {
    labels.push(["request_protocol", flow.protocol], ["response_code", String(flow.code)]);
    labels.push(["permissive_response_code", "none"], ["permissive_response_policyid", "none"]);
  }
  labels.push(["response_flags", flagsOf(flow, reported)], ["connection_security_policy", securityOf(reported)]);
  return labels;
}
