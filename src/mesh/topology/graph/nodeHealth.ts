import { isTrouble, worstOf, type Verdict } from "../../health/verdict.ts";
import { workloadHealth, type Judging } from "../../health/workloadHealth.ts";
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
  if (objects.services.length > 0) return worstOf([serviceVerdict(objects), byTraffic]);
  if (objects.workloads.length === 0) return byTraffic;
  return together(worstOf(objects.workloads.map((view) => workloadHealth(view, judging))), byTraffic);
}

function trafficVerdict(draft: NodeDraft, flow: NodeFlow, objects: NodeObjects, judging: NodeJudging): Verdict {
  const judged = flow.in ?? (draft.kind === "gateway" ? flow.out : undefined);
  if (judged) return flowHealth(judged, judging.format);
  const isIdle = flow.out === undefined && judging.isHeard && isSilenceTelling(objects, judging.inventory);
  return isIdle ? { state: "idle", reasons: [say("No traffic in the window")] } : noVerdict;
}

function serviceVerdict({ workloads }: NodeObjects): Verdict {
  const wanted = workloads.reduce((sum, { replicas }) => sum + replicas.desired, 0);
  const ready = workloads.reduce((sum, { replicas }) => sum + replicas.ready, 0);
  if (wanted === 0 || ready > 0) return noVerdict;
  return { state: "failing", reasons: [say("No pod behind it is ready")] };
}

function together(byPods: Verdict, byTraffic: Verdict): Verdict {
  if (isTrouble(byPods.state) || isTrouble(byTraffic.state)) return worstOf([byPods, byTraffic]);
  if (byTraffic.state === "unknown") return byPods;
  return byPods.state === "idle" && byTraffic.state === "idle" ? byPods : byTraffic;
}
