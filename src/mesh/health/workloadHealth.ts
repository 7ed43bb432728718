import type { Format } from "../format/format.ts";
import type { PodView, Problem, Replicas, WorkloadView } from "../inventory/views.ts";
import { say, type Message } from "../message.ts";
import { healthy, worstOf, worse, type Health, type Verdict } from "./verdict.ts";

/** Kinds whose pods are meant to end. */
const finite: ReadonlySet<string> = new Set(["Job", "CronJob"]);

/** So long a container that ran out of memory troubles its pod though all is ready again; Foreyard's own rule. */
export const troubleLastsMillis = 3_600_000;

/** What verdicts are made with besides the thing itself. */
export interface Judging {
  readonly format: Format;
  /** Milliseconds since 1970. */
  readonly nowMillis: number;
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

/**
 * A workload by its replicas and pods. Wanted: 0 is idle (somebody scaled it down). None of those wanted ready: failing;
 * some not ready: degraded. A pod with a reason (crash loop, OOM) makes it degraded at least, for an hour where it is
 * ready again. Pods that were evicted or have failed and were replaced do not count once all replicas are ready again.
 * Jobs are judged by their pods alone.
 */
export function workloadHealth(workload: WorkloadView, { format, nowMillis }: Judging): Verdict {
  const parts = [...problemVerdicts(workload.problems, nowMillis)];
  if (finite.has(workload.ref.kind)) {
    parts.push(jobHealth(workload.pods, nowMillis));
  } else {
    const byReplicas = replicaHealth(workload.replicas, format);
    const concerning = workload.pods.filter((pod) => !pod.isReady || !isLongAgo(pod.reasonAt, nowMillis));
    parts.push(byReplicas, podsHealth(concerning, byReplicas.state === "healthy"));
  }
  // A pod-less verdict must not hide that the rest is fine, nor the other way round: unknown parts have nothing to say.
  return worstOf(parts.filter(({ state }) => state !== "unknown"));
}

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

function podsHealth(pods: readonly PodView[], allReady: boolean): Verdict {
  const reasons: Message[] = [];
  for (const pod of pods) {
    const left = pod.phase === "Failed" || pod.phase === "Succeeded";
    if (pod.reason === undefined || (left && allReady)) continue;
    reasons.push(podReason(pod, pod.reason));
  }
  return reasons.length > 0 ? { state: "degraded", reasons: firstOf(reasons) } : { state: "unknown", reasons: [] };
}

function jobHealth(pods: readonly PodView[], nowMillis: number): Verdict {
  let state: Health = "idle";
  const reasons: Message[] = [];
  for (const pod of pods) {
    // A failed try of a job is retried by its controller: the job itself is degraded, not lost.
    const health = podHealth(pod, nowMillis);
    state = worse(state, health === "failing" ? "degraded" : health);
    if (health === "failing") reasons.push(podReason(pod, pod.reason ?? pod.phase));
  }
  return { state, reasons: firstOf(reasons) };
}

// A DaemonSet in trouble has a pod on every node; a tooltip has room for a few.
function firstOf(reasons: readonly Message[]): readonly Message[] {
  const shown = 5;
  if (reasons.length <= shown) return reasons;
  return [...reasons.slice(0, shown), say("{0} more pods are in trouble", reasons.length - shown)];
}

function podReason(pod: PodView, reason: string): Message {
  return pod.node === undefined
    ? say("Pod {0}: {1}", pod.ref.name, reason)
    : say("Pod {0} on {1}: {2}", pod.ref.name, pod.node, reason);
}
