import {
  judgedService,
  judgedWorkload,
  serviceHealth,
  toleratedBy,
  workloadsVerdict,
  workloadVerdict,
} from "../../health/resourceHealth.ts";
import type { Judged, ToleranceSet } from "../../health/tolerances.ts";
import type { Verdict } from "../../health/verdict.ts";
import type { Judging } from "../../health/workloadHealth.ts";
import { say } from "../../message.ts";
import { flowHealth } from "./flowHealth.ts";
import type { InventoryIndex } from "./inventoryIndex.ts";
import type { NodeDraft } from "./nodeDrafts.ts";
import type { NodeFlow } from "./nodeFlows.ts";
import type { NodeObjects } from "./nodeObjects.ts";
import { isSilenceTelling } from "./tellingSilence.ts";

const noVerdict: Verdict = { state: "unknown", reasons: [] };

/** What health is judged with besides the node. */
export interface NodeJudging extends Judging {
  /** The node's cluster has numbers, so that silence says that nothing flows. */
  readonly isHeard: boolean;
  /** The numbers are older than what the inventory knows of pods, which then judges nothing. */
  readonly isPast: boolean;
  readonly inventory: InventoryIndex;
}

/**
 * As lists judge: a workload by its pods and what it is asked, a service by what it is asked and whether a pod behind it
 * is ready; an app or namespace by the worst of its workloads and by what it is asked. Gateways are asked nothing in the
 * metrics, so what they pass on counts.
 */
export function nodeHealth(draft: NodeDraft, flow: NodeFlow, objects: NodeObjects, judging: NodeJudging): Verdict {
  const byTraffic = trafficVerdict(draft, flow, objects, judging);
  if (objects.isContested || judging.isPast) return byTraffic;
  const { services, workloads } = objects;
  if (services.length > 0) return serviceHealth(services[0], workloads, byTraffic, judging);
  if (workloads.length === 0) return byTraffic;
  const [only] = workloads;
  if (only && workloads.length === 1) return workloadVerdict(only, byTraffic, judging);
  return workloadsVerdict(workloads, byTraffic, judging);
}

/** What a node tolerates: what the one object behind it does, else by its name alone. */
export function nodeTolerances(draft: NodeDraft, objects: NodeObjects, judging: Judging): ToleranceSet {
  return toleratedBy(judgedNode(draft, objects), judging);
}

function judgedNode({ kind, namespace, name }: NodeDraft, { services, workloads, isContested }: NodeObjects): Judged {
  const [service] = services;
  const [workload] = workloads;
  if (!isContested && service) return judgedService(service);
  if (!isContested && workload && workloads.length === 1) return judgedWorkload(workload);
  const ref = { kind: "", namespace, name };
  if (kind === "app" || kind === "namespace") return { ref, is: "app" };
  return { ref, is: kind === "service" || kind === "serviceEntry" ? "service" : "workload" };
}

function trafficVerdict(draft: NodeDraft, flow: NodeFlow, objects: NodeObjects, judging: NodeJudging): Verdict {
  const tolerated = nodeTolerances(draft, objects, judging);
  const { format } = judging;
  if (flow.in) {
    const calls = () => (flow.inEdges ?? []).flatMap((edge) => edge.calls);
    return flowHealth(flow.in, { format, tolerated, direction: "inbound" }, calls);
  }
  if (flow.out && draft.kind === "gateway") {
    const calls = () => (flow.outEdges ?? []).flatMap((edge) => edge.calls);
    return flowHealth(flow.out, { format, tolerated, direction: "outbound" }, calls);
  }
  const isIdle = flow.out === undefined && judging.isHeard && isSilenceTelling(objects, judging.inventory);
  return isIdle ? { state: "idle", reasons: [say("No traffic in the window")] } : noVerdict;
}
