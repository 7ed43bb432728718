import type { NodePressure, NodeView } from "../inventory/views.ts";
import { say, type Message } from "../message.ts";
import type { ClusterKey } from "../model/refs.ts";
import { noteVerdicts, type NotesOf } from "./notes.ts";
import { worstOf, type Verdict } from "./verdict.ts";

/**
 * By its kubelet's conditions (not ready is failing, pressure is degraded) and by what third parties say. unknown: nobody
 * says.
 */
export function nodeVerdict(node: NodeView, { notes }: { readonly notes?: NotesOf }): Verdict {
  return worstOf([conditionVerdict(node), ...noteVerdicts(node.ref, notes)]);
}

function conditionVerdict({ isReady, pressures }: NodeView): Verdict {
  const reasons = pressures.map((pressure) => pressureWords[pressure]);
  if (isReady === false) return { state: "failing", reasons: [say("The node is not ready"), ...reasons] };
  if (reasons.length > 0) return { state: "degraded", reasons };
  return { state: isReady ? "healthy" : "unknown", reasons: [] };
}

const pressureWords: Readonly<Record<NodePressure, Message>> = {
  MemoryPressure: say("The node is under memory pressure"),
  DiskPressure: say("The node is under disk pressure"),
  PIDPressure: say("The node is running out of process IDs"),
  NetworkUnavailable: say("The node's network is not set up"),
};

/** Pods of one thing on one node. */
export interface PodsOnNode {
  readonly cluster: ClusterKey;
  readonly node: string;
  readonly pods: readonly string[];
}

/** What of their node troubles these pods: one reason for each condition, however many pods they are. */
export function podsNodeReasons({ pods }: PodsOnNode, view: NodeView): readonly Message[] {
  const { name } = view.ref;
  const [only = ""] = pods;
  const wordsFor = (trouble: NodeTrouble): Message =>
    pods.length === 1 ? podWords(trouble, only, name) : podsWords(trouble, String(pods.length), name);
  const troubles: readonly NodeTrouble[] = [
    ...(view.isReady === false ? (["NotReady"] as const) : []),
    ...view.pressures,
  ];
  return troubles.map(wordsFor);
}

type NodeTrouble = NodePressure | "NotReady";

function podWords(trouble: NodeTrouble, pod: string, node: string): Message {
  switch (trouble) {
    case "NotReady":
      return say("Pod {0} on {1}: the node is not ready", pod, node);
    case "MemoryPressure":
      return say("Pod {0} on {1}: the node is under memory pressure", pod, node);
    case "DiskPressure":
      return say("Pod {0} on {1}: the node is under disk pressure", pod, node);
    case "PIDPressure":
      return say("Pod {0} on {1}: the node is running out of process IDs", pod, node);
    case "NetworkUnavailable":
      return say("Pod {0} on {1}: the node's network is not set up", pod, node);
  }
}

function podsWords(trouble: NodeTrouble, count: string, node: string): Message {
  switch (trouble) {
    case "NotReady":
      return say("{0} pods on {1}: the node is not ready", count, node);
    case "MemoryPressure":
      return say("{0} pods on {1}: the node is under memory pressure", count, node);
    case "DiskPressure":
      return say("{0} pods on {1}: the node is under disk pressure", count, node);
    case "PIDPressure":
      return say("{0} pods on {1}: the node is running out of process IDs", count, node);
    case "NetworkUnavailable":
      return say("{0} pods on {1}: the node's network is not set up", count, node);
  }
}
