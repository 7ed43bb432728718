import type { Format } from "../format/format.ts";
import type { NodeView, PodView, Problem, Replicas, WorkloadView } from "../inventory/views.ts";
import { say, type Message } from "../message.ts";
import type { ClusterKey, ObjectRef } from "../model/refs.ts";
import { podsNodeReasons } from "./nodeHealth.ts";
import type { Tolerances } from "./tolerances.ts";
import { healthy, isTrouble, worstOf, worse, type Health, type Verdict } from "./verdict.ts";

/** Kinds whose pods are meant to end. */
const finite: ReadonlySet<string> = new Set(["Job", "CronJob"]);

/** So long a container that ran out of memory troubles its pod though all is ready again; Foreyard's own rule. */
export const troubleLastsMillis = 3_600_000;

/** What verdicts are made with besides the thing itself. */
export interface Judging {
  readonly format: Format;
  /** Milliseconds since 1970. */
  readonly nowMillis: number;
  /** The defaults where they are left out. */
  readonly tolerances?: Tolerances;
  /** undefined for a node that is not there or may not be read: then it troubles nobody. */
  readonly nodeOf?: (cluster: ClusterKey, name: string) => NodeView | undefined;
  /** What third parties know of a resource; "warning" and "error" are reasons. */
  readonly notes?: (ref: ObjectRef) => readonly Note[];
}

/** A line of a third party about a resource. */
export interface Note {
  readonly words: Message;
  readonly severity: "info" | "warning" | "error";
}

/** What third parties say is amiss with a resource. */
export function noteVerdicts(ref: ObjectRef, { notes }: Judging): readonly Verdict[] {
  const grave = notes?.(ref).filter(({ severity }) => severity !== "info") ?? [];
  return grave.map(({ severity, words }) => ({
    state: severity === "error" ? "failing" : "degraded",
    reasons: [words],
  }));
}

/**
 * A pod by itself: failing when it cannot run (a reason such as CrashLoopBackOff, or phase Failed), degraded when it runs
 * with a reason of the last hour (OOMKilled before its restart) or is not ready yet, idle when it has ended well.
 */
export function podHealth(pod: PodView, nowMillis: number): Health {
  if (pod.phase === "Succeeded") return "idle";
  if (pod.phase === "Failed") return "failing";
  if (pod.phase === "Unknown") return "unknown";
  if (pod.reason !== undefined && !pod.isReady) return "failing";
  if (pod.reason !== undefined) return isLongAgo(pod.reasonAt, nowMillis) ? "healthy" : "degraded";
  return pod.isReady ? "healthy" : "degraded";
}

/** A pod by itself, by its node (a troubled one makes it degraded), and by what third parties say. */
export function podVerdict(pod: PodView, judging: Judging): Verdict {
  const { format, nowMillis } = judging;
  const own = podHealth(pod, nowMillis);
  const words = pod.reason === undefined || !isTrouble(own) ? [] : [podReason(pod, pod.reason, format)];
  const byNode = nodeReasonsOf([pod], judging);
  const parts: Verdict[] = [{ state: own, reasons: words }, ...noteVerdicts(pod.ref, judging)];
  if (byNode.length > 0) parts.push({ state: "degraded", reasons: byNode });
  return worstOf(parts);
}

/**
 * A workload by its replicas and pods. Wanted: 0 is idle (somebody scaled it down). None of those wanted ready: failing;
 * some not ready: degraded. A pod with a reason (crash loop, OOM) makes it degraded at least, for an hour where it is
 * ready again, and so does a pod on a node that is not ready or under pressure. Pods that were evicted or have failed
 * and were replaced do not count once all replicas are ready again. Jobs are judged by their pods alone.
 */
export function workloadHealth(workload: WorkloadView, judging: Judging): Verdict {
  const { format, nowMillis } = judging;
  const parts = [...problemVerdicts(workload.problems, nowMillis), ...noteVerdicts(workload.ref, judging)];
  if (finite.has(workload.ref.kind)) {
    parts.push(jobHealth(workload.pods, judging));
  } else {
    const byReplicas = replicaHealth(workload.replicas, format);
    parts.push(byReplicas, troubleOf(podReasonsOf(workload, judging)));
  }
  parts.push(troubleOf(nodeReasonsOf(workload.pods, judging)));
  // A pod-less verdict must not hide that the rest is fine, nor the other way round: unknown parts have nothing to say.
  return worstOf(parts.filter(({ state }) => state !== "unknown"));
}

/**
 * What of a workload's pods, and of the nodes below them, is told at the services in front of it: containers out of
 * memory, pods that cannot run, nodes not ready or under pressure.
 */
export function reasonsBelow(workload: WorkloadView, judging: Judging): readonly Message[] {
  const memory = workload.problems.filter(isOfMemory);
  return [
    ...problemVerdicts(memory, judging.nowMillis).flatMap(({ reasons }) => reasons),
    ...podReasonsOf(workload, judging),
    ...nodeReasonsOf(workload.pods, judging),
  ];
}

// The inventory tells once of each container that ran out of memory, however many pods it happened in.
function isOfMemory({ words }: Problem): boolean {
  return words.text.startsWith(`${outOfMemory}:`);
}

const outOfMemory = "OOMKilled";

/**
 * A gateway, control plane or node agent: its replicas (undefined where it runs elsewhere and cannot be seen) and what is
 * known to trouble it.
 */
export function componentHealth(
  replicas: Replicas | undefined,
  problems: readonly Problem[],
  { format, nowMillis }: Judging,
): Verdict {
  return worstOf([...(replicas ? [replicaHealth(replicas, format)] : []), ...problemVerdicts(problems, nowMillis)]);
}

/** Facts of a cluster that trouble the thing they belong to. What is over troubles it for an hour. */
export function problemVerdicts(problems: readonly Problem[], nowMillis: number): readonly Verdict[] {
  return problems
    .filter(({ happenedAt }) => !isLongAgo(happenedAt, nowMillis))
    .map(({ severity, words }) => ({ state: severity === "error" ? "failing" : "degraded", reasons: [words] }));
}

function isLongAgo(time: string | undefined, nowMillis: number): boolean {
  return time !== undefined && nowMillis - Date.parse(time) > troubleLastsMillis;
}

function replicaHealth({ desired, ready }: Replicas, format: Format): Verdict {
  if (desired === 0 && ready === 0) return { state: "idle", reasons: [say("Scaled to 0")] };
  if (ready >= desired) return healthy;
  const reasons = [say("{0} of {1} ready", format.count(ready), format.count(desired))];
  return { state: ready === 0 ? "failing" : "degraded", reasons };
}

function troubleOf(reasons: readonly Message[]): Verdict {
  return reasons.length > 0 ? { state: "degraded", reasons: firstOf(reasons) } : { state: "unknown", reasons: [] };
}

function podReasonsOf({ pods, problems, replicas }: WorkloadView, { format, nowMillis }: Judging): readonly Message[] {
  const allReady = replicas.ready >= replicas.desired && replicas.ready + replicas.desired > 0;
  const isToldOfMemory = problems.some(isOfMemory);
  return pods.flatMap((pod) => {
    const left = pod.phase === "Failed" || pod.phase === "Succeeded";
    const isOver = pod.isReady && isLongAgo(pod.reasonAt, nowMillis);
    if (pod.reason === undefined || isOver || (left && allReady)) return [];
    return isToldOfMemory && pod.reason === outOfMemory ? [] : [podReason(pod, pod.reason, format)];
  });
}

function nodeReasonsOf(pods: readonly PodView[], { nodeOf }: Judging): readonly Message[] {
  if (!nodeOf) return [];
  return pods.flatMap((pod) => {
    if (pod.node === undefined || pod.phase === "Failed" || pod.phase === "Succeeded") return [];
    const node = nodeOf(pod.ref.cluster, pod.node);
    return node ? podsNodeReasons(pod.ref.name, node) : [];
  });
}

function jobHealth(pods: readonly PodView[], { format, nowMillis }: Judging): Verdict {
  let state: Health = "idle";
  const reasons: Message[] = [];
  for (const pod of pods) {
    // A failed try of a job is retried by its controller: the job itself is degraded, not lost.
    const health = podHealth(pod, nowMillis);
    state = worse(state, health === "failing" ? "degraded" : health);
    if (health === "failing") reasons.push(podReason(pod, pod.reason ?? pod.phase, format));
  }
  return { state, reasons: firstOf(reasons) };
}

/** A DaemonSet in trouble has a pod on every node; a tooltip has room for a few. */
export function firstOf(reasons: readonly Message[]): readonly Message[] {
  const shown = 5;
  if (reasons.length <= shown) return reasons;
  return [...reasons.slice(0, shown), say("{0} more pods are in trouble", reasons.length - shown)];
}

function podReason(pod: PodView, reason: string, format: Format): Message {
  const { name } = pod.ref;
  const limit = reason === outOfMemory ? pod.memoryLimitBytes : undefined;
  if (limit !== undefined) {
    const bytes = format.bytes(limit);
    return pod.node === undefined
      ? say("Pod {0}: {1}, memory limit {2}", name, reason, bytes)
      : say("Pod {0} on {1}: {2}, memory limit {3}", name, pod.node, reason, bytes);
  }
  return pod.node === undefined
    ? say("Pod {0}: {1}", name, reason)
    : say("Pod {0} on {1}: {2}", name, pod.node, reason);
}
