import type { NodeView, PodView } from "../../inventory/views.ts";
import { say, type Message } from "../../message.ts";
import { isTrouble } from "../../health/verdict.ts";
import type { LevelQuestion } from "../levelQuestion.ts";

/** What is amiss with a pod by itself, whatever it answers; undefined where nothing is. */
export function ownTrouble({ index }: LevelQuestion, pod: PodView): Message | undefined {
  if (pod.phase === "Succeeded" || !isTrouble(index.podState(pod))) return undefined;
  if (pod.reason !== undefined) return say("pod {0}: {1}", pod.ref.name, pod.reason);
  return say("pod {0} is not ready", pod.ref.name);
}

/** Its trouble of its own, where that keeps it from answering now. What is over is a reason, and no cause. */
export function standingTrouble(question: LevelQuestion, pod: PodView): Message | undefined {
  return pod.isReady ? undefined : ownTrouble(question, pod);
}

/** What is amiss with a node that its pods feel; undefined where nothing is, and where it may not be read. */
export function nodeTrouble({ input, index }: LevelQuestion, pod: PodView): Trouble | undefined {
  if (pod.node === undefined) return undefined;
  const view = index.node(index.nodeRef(pod.ref.cluster, pod.node));
  if (!view) return undefined;
  const words = troubleOf(view);
  return words && isTrouble(input.nodeVerdict(view).state) ? { view, words } : undefined;
}

export interface Trouble {
  readonly view: NodeView;
  readonly words: Message;
}

function troubleOf({ ref, isReady, pressures }: NodeView): Message | undefined {
  if (isReady === false) return say("node {0} is not ready", ref.name);
  return pressures.length > 0 ? say("node {0}: {1}", ref.name, pressures.join(", ")) : undefined;
}
