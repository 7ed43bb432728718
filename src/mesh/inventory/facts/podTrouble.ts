import { fieldsAt, listAt, textAt } from "../../model/fields.ts";

/** Why a pod is not well, in Kubernetes' own word. */
export interface PodTrouble {
  /** E.g. CrashLoopBackOff, OOMKilled, Evicted, Unschedulable. */
  readonly reason: string;
  /** ISO 8601. */
  readonly at: string | undefined;
  readonly container: string | undefined;
  /** The container's memory limit as the manifest spells it; for OOMKilled only. */
  readonly memoryLimit: string | undefined;
}

// Waiting for these is how every pod starts.
const ordinaryWaits = new Set(["ContainerCreating", "PodInitializing"]);

/**
 * The most telling trouble of a pod, from a PodSpec and PodStatus. A container that ran out of memory comes first, even
 * when it runs again: its last state is the only trace. Then what a container waits for, how it ended, what became of
 * the pod.
 */
export function readTrouble(spec: unknown, status: unknown): PodTrouble | undefined {
  const containers = [...listAt(status, "containerStatuses"), ...listAt(status, "initContainerStatuses")];
  for (const container of containers) {
    const ended = endedForMemory(container);
    const name = textAt(container, "name");
    if (ended !== undefined) {
      return {
        reason: "OOMKilled",
        at: textAt(ended, "finishedAt"),
        container: name,
        memoryLimit: limitOf(spec, name),
      };
    }
  }
  for (const container of containers) {
    const trouble = currentTrouble(container);
    if (trouble !== undefined) return trouble;
  }
  return podTrouble(status);
}

function endedForMemory(container: unknown): unknown {
  return [fieldsAt(container, "state"), fieldsAt(container, "lastState")]
    .map((state) => fieldsAt(state, "terminated"))
    .find((terminated) => textAt(terminated, "reason") === "OOMKilled");
}

function currentTrouble(container: unknown): PodTrouble | undefined {
  const state = fieldsAt(container, "state");
  const waiting = textAt(fieldsAt(state, "waiting"), "reason");
  const name = textAt(container, "name");
  if (waiting !== undefined && !ordinaryWaits.has(waiting)) {
    const before = fieldsAt(fieldsAt(container, "lastState"), "terminated");
    return { reason: waiting, at: textAt(before, "finishedAt"), container: name, memoryLimit: undefined };
  }
  const terminated = fieldsAt(state, "terminated");
  const reason = textAt(terminated, "reason");
  if (reason === undefined || reason === "Completed") return undefined;
  return { reason, at: textAt(terminated, "finishedAt"), container: name, memoryLimit: undefined };
}

function podTrouble(status: unknown): PodTrouble | undefined {
  const reason = textAt(status, "reason");
  const conditions = listAt(status, "conditions");
  if (reason !== undefined) {
    const disruption = conditions.find((condition) => textAt(condition, "type") === "DisruptionTarget");
    return { reason, at: textAt(disruption, "lastTransitionTime"), container: undefined, memoryLimit: undefined };
  }
  const unscheduled = conditions.find(
    (condition) => textAt(condition, "type") === "PodScheduled" && textAt(condition, "status") === "False",
  );
  const why = textAt(unscheduled, "reason");
  if (why === undefined) return undefined;
  return { reason: why, at: textAt(unscheduled, "lastTransitionTime"), container: undefined, memoryLimit: undefined };
}

function limitOf(spec: unknown, container: string | undefined): string | undefined {
  const found = [...listAt(spec, "containers"), ...listAt(spec, "initContainers")].find(
    (candidate) => textAt(candidate, "name") === container,
  );
  return textAt(fieldsAt(fieldsAt(found, "resources"), "limits"), "memory");
}
