import type { Format } from "../format/format.ts";
import type { PodView, Problem, Replicas, WorkloadView } from "../inventory/views.ts";
import { say, type Message } from "../message.ts";
import { healthy, worstOf, worse, type Health, type Verdict } from "./verdict.ts";

/** Kinds whose pods are meant to end. */
const finite: ReadonlySet<string> = new Set(["Job", "CronJob"]);

/**
 * A pod by itself: failing when it cannot run (a reason such as CrashLoopBackOff, or phase Failed), degraded when it runs
 * with a reason (OOMKilled before its restart) or is not ready yet, idle when it has ended well.
 */
export function podHealth(pod: PodView): Health {
  if (pod.phase === "Succeeded") return "idle";
  if (pod.phase === "Failed") return "failing";
  if (pod.phase === "Unknown") return "unknown";
  if (pod.reason !== undefined) return pod.isReady ? "degraded" : "failing";
  return pod.isReady ? "healthy" : "degraded";
}

/**
 * A workload by its replicas and pods. Wanted: 0 is idle (somebody scaled it down). None of those wanted ready: failing;
 * some not ready: degraded. A pod with a reason (crash loop, OOM) makes it degraded at least. Pods that were evicted or
 * have failed and were replaced do not count once all replicas are ready again. Jobs are judged by their pods alone.
 */
export function workloadHealth(workload: WorkloadView, format: Format): Verdict {
  const parts = [...problemVerdicts(workload.problems)];
  if (finite.has(workload.ref.kind)) {
    parts.push(jobHealth(workload.pods));
  } else {
    const byReplicas = replicaHealth(workload.replicas, format);
    parts.push(byReplicas, podsHealth(workload.pods, byReplicas.state === "healthy"));
  }
  // A pod-less verdict must not hide that the rest is fine, nor the other way round: unknown parts have nothing to say.
  return worstOf(parts.filter(({ state }) => state !== "unknown"));
}

/**
 * A gateway, control plane or node agent: its replicas (undefined where it runs elsewhere and cannot be seen) and what is
 * known to trouble it.
 */
export function componentHealth(replicas: Replicas | undefined, problems: readonly Problem[], format: Format): Verdict {
  return worstOf([...(replicas ? [replicaHealth(replicas, format)] : []), ...problemVerdicts(problems)]);
}

/** Facts of a cluster that trouble the thing they belong to. */
export function problemVerdicts(problems: readonly Problem[]): readonly Verdict[] {
  return problems.map(({ severity, words }) => ({
    state: severity === "error" ? "failing" : "degraded",
    reasons: [words],
  }));
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

function jobHealth(pods: readonly PodView[]): Verdict {
  let state: Health = "idle";
  const reasons: Message[] = [];
  for (const pod of pods) {
    // A failed try of a job is retried by its controller: the job itself is degraded, not lost.
    const health = podHealth(pod);
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
