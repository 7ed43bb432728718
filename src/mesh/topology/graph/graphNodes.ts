import type { Verdict } from "../../health/verdict.ts";
import type { GatewayView, Replicas } from "../../inventory/views.ts";
import { say } from "../../message.ts";
import type { ObjectRef } from "../../model/refs.ts";
import type { GraphNode } from "./graph.ts";
import { only } from "./inventoryIndex.ts";
import { nodeBadges, type BadgeContext } from "./nodeBadges.ts";
import type { NodeDraft } from "./nodeDrafts.ts";
import type { JudgedFlow } from "./flowHealth.ts";
import type { NodeFlow } from "./nodeFlows.ts";
import { nodeHealth, type NodeJudging } from "./nodeHealth.ts";
import { nodeObjects, type NodeObjects } from "./nodeObjects.ts";

/** What nodes are made with. */
export interface NodeContext extends BadgeContext {
  readonly judgingAt: (draft: NodeDraft) => NodeJudging;
}

/** A node whose box is found when all nodes are known. */
export interface UnboxedNode extends Omit<GraphNode, "box"> {
  box: number | undefined;
}

/** A node with all that the inventory knows of it. */
export function graphNode(draft: NodeDraft, flow: NodeFlow, context: NodeContext): UnboxedNode {
  const objects = nodeObjects(draft, context.inventory);
  const verdict = nodeHealth(draft, flow, objects, context.judgingAt(draft));
  const isVersioned = draft.kind !== "app" && draft.kind !== "namespace" && objects.services.length === 0;
  const { receivedBytesPerSecond, sentBytesPerSecond } = bytesOf(flow);
  return {
    id: draft.id,
    kind: draft.kind,
    place: draft.at.place,
    namespace: draft.namespace,
    name: draft.name,
    app: draft.app,
    version: draft.version ?? (isVersioned ? only(objects.workloads)?.version : undefined),
    replicas: replicasOf(draft, objects),
    state: verdict.state,
    reasons: reasonsOf(verdict, objects),
    badges: nodeBadges(draft, objects, verdict.state, context),
    labels: labelsOf(draft, objects),
    refs: refsOf(draft, objects, context),
    box: undefined,
    rpsIn: flow.in?.countsRequests ? flow.in.rps : NaN,
    rpsOut: flow.out?.countsRequests ? flow.out.rps : NaN,
    errorRate: flow.in && flow.in.rps > 0 ? flow.in.errorsPerSecond / flow.in.rps : NaN,
    receivedBytesPerSecond,
    sentBytesPerSecond,
  };
}

/** From the node's own side: what callers sent it, and what it was sent back by those it called. */
function bytesOf(flow: NodeFlow): Pick<GraphNode, "receivedBytesPerSecond" | "sentBytesPerSecond"> {
  const asked = bytes(flow.in);
  const asking = bytes(flow.out);
  if (!asked && !asking) return { receivedBytesPerSecond: NaN, sentBytesPerSecond: NaN };
  return {
    receivedBytesPerSecond: (asked?.sentBytesPerSecond ?? 0) + (asking?.receivedBytesPerSecond ?? 0),
    sentBytesPerSecond: (asked?.receivedBytesPerSecond ?? 0) + (asking?.sentBytesPerSecond ?? 0),
  };
}

function bytes(flow: JudgedFlow | undefined): JudgedFlow | undefined {
  return flow?.countsBytes ? flow : undefined;
}

function replicasOf({ kind }: NodeDraft, { workloads, isContested }: NodeObjects): Replicas | undefined {
  const runs = kind === "workload" || kind === "gateway" || kind === "waypoint" || kind === "app";
  if (!runs || isContested || workloads.length === 0) return undefined;
  return {
    desired: workloads.reduce((sum, { replicas }) => sum + replicas.desired, 0),
    ready: workloads.reduce((sum, { replicas }) => sum + replicas.ready, 0),
  };
}

function reasonsOf({ reasons }: Verdict, { isContested, workloads, services }: NodeObjects): GraphNode["reasons"] {
  if (!isContested) return reasons;
  const rivals = (services.length > 0 ? services : workloads).map(({ ref }) => `${ref.kind} ${ref.name}`);
  return [...reasons, say("The metrics do not tell these apart: {0}", rivals.join(", "))];
}

const noLabels: Readonly<Record<string, string>> = {};

// Of several workloads, the labels that all of them have.
function labelsOf({ kind }: NodeDraft, { workloads, services, isContested }: NodeObjects): GraphNode["labels"] {
  if (isContested || kind === "namespace") return noLabels;
  const [first, ...others] = services.length > 0 ? services : workloads;
  if (!first?.labels) return noLabels;
  if (others.length === 0) return first.labels;
  const shared = Object.entries(first.labels).filter(([name, value]) =>
    others.every(({ labels }) => labels !== undefined && Object.hasOwn(labels, name) && labels[name] === value),
  );
  return Object.fromEntries(shared);
}

function refsOf(draft: NodeDraft, { workloads, services }: NodeObjects, context: NodeContext): readonly ObjectRef[] {
  if (draft.kind === "namespace") return namespaceRefs(draft);
  if (services.length > 0) return [...services, ...workloads].map(({ ref }) => ref);
  if (workloads.length > 0) return workloads.map(({ ref }) => ref);
  const gateway = gatewayOf(draft, context);
  return gateway ? [gateway.ref] : [];
}

function namespaceRefs({ at, namespace }: NodeDraft): readonly ObjectRef[] {
  const cluster = at.place.key;
  return cluster === undefined ? [] : [{ cluster, group: "", kind: "Namespace", namespace: "", name: namespace }];
}

function gatewayOf({ kind, at, namespace, name }: NodeDraft, { inventory }: NodeContext): GatewayView | undefined {
  const isGateway = kind === "gateway" || kind === "waypoint";
  return isGateway ? inventory.gateway(at.place.key, namespace, name) : undefined;
}
