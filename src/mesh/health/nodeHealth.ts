import type { NodePressure, NodeView } from "../inventory/views.ts";
import { say, type Message } from "../message.ts";
import type { Verdict } from "./verdict.ts";

/** By its kubelet's conditions: not ready is failing, pressure is degraded. unknown: it does not say. */
export function nodeVerdict({ isReady, pressures }: NodeView): Verdict {
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

/** What of its node troubles a pod. */
export function podsNodeReasons(pod: string, node: NodeView): readonly Message[] {
  const { name } = node.ref;
  const reasons = node.pressures.map((pressure) => podPressureWords(pressure, pod, name));
  return node.isReady === false ? [say("Pod {0} on {1}: the node is not ready", pod, name), ...reasons] : reasons;
}

function podPressureWords(pressure: NodePressure, pod: string, node: string): Message {
  switch (pressure) {
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
