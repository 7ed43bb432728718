import type { Format } from "../format/format.ts";
import type { NodeView, PodView, Problem, Replicas, WorkloadView } from "../inventory/views.ts";
import { say, type Message } from "../message.ts";
import type { ClusterKey } from "../model/refs.ts";
import { podsNodeReasons, type PodsOnNode } from "./nodeHealth.ts";
import { noteVerdicts, type NotesOf } from "./notes.ts";
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
  readonly notes?: NotesOf;
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
  const parts: Verdict[] = [{ state: own, reasons: words }, ...noteVerdicts(pod.ref, judging.notes)];
  if (byNode.length > 0) parts.push({ state: "degraded", reasons: byNode });
  return worstOf(parts);
}

/**
 * A workload by its replicas and pods. Wanted: 0 is idle (somebody scaled it down). None of those wanted ready: failing;
 * some not ready: degraded. A pod with a reason (crash loop, OOM) makes it degraded at least, for an hour where it is
 * ready again. Pods that were evicted or have failed and were replaced do not count once all replicas are ready again,
 * but for those evicted from a node that is still under pressure. Jobs are judged by their pods alone. Trouble of nodes
 * is told (`nodeReasonsOf`) and leaves the state alone: whose pods are all ready and answer well does not suffer from it.
 */
export function workloadHealth(workload: WorkloadView, judging: Judging): Verdict {
  const { format, nowMillis } = judging;
  const parts = [...problemVerdicts(workload.problems, nowMillis), ...noteVerdicts(workload.ref, judging.notes)];
  if (finite.has(workload.ref.kind)) {
    parts.push(jobHealth(workload.pods, judging));
  } else {
    const byReplicas = replicaHealth(workload.replicas, format);
    parts.push(byReplicas, troubleOf(podReasonsOf(workload, judging)));
  }
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

function podReasonsOf({ pods, problems, replicas }: WorkloadView, judging: Judging): readonly Message[] {
  const { format, nowMillis } = judging;
  const allReady = replicas.ready >= replicas.desired && replicas.ready + replicas.desired > 0;
  const isToldOfMemory = problems.some(isOfMemory);
  return pods.flatMap((pod) => {
    const left = pod.phase === "Failed" || pod.phase === "Succeeded";
    const isOver = pod.isReady && isLongAgo(pod.reasonAt, nowMillis);
    if (pod.reason === undefined || isOver || (left && allReady && !isStillEvicted(pod, judging))) return [];
    return isToldOfMemory && pod.reason === outOfMemory ? [] : [podReason(pod, pod.reason, format)];
  });
}

/** Evicted by a node that has not recovered: the next one may be the pod that replaced it. */
function isStillEvicted({ ref, reason, node }: PodView, { nodeOf }: Judging): boolean {
  if (reason !== "Evicted" || node === undefined) return false;
  return (nodeOf?.(ref.cluster, node)?.pressures.length ?? 0) > 0;
}

/** What troubles the nodes below these pods: a reason for each node and condition. */
export function nodeReasonsOf(pods: readonly PodView[], { nodeOf }: Judging): readonly Message[] {
  if (!nodeOf) return [];
  return firstOf(
    byNode(pods).flatMap((group) => {
      const view = nodeOf(group.cluster, group.node);
      return view ? podsNodeReasons(group, view) : [];
    }),
  );
}

function byNode(pods: readonly PodView[]): readonly PodsOnNode[] {
  const groups = new Map<string, PodsOnNode & { readonly pods: string[] }>();
  for (const { ref, node, phase } of pods) {
    if (node === undefined || phase === "Failed" || phase === "Succeeded") continue;
    const key = `${ref.cluster}/${node}`;
    const group = groups.get(key);
    if (group) group.pods.push(ref.name);
    else groups.set(key, { cluster: ref.cluster, node, pods: [ref.name] });
  }
  return [...groups.values()];
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
  return [...reasons.slice(0, shown), say("{0} more like these", reasons.length - shown)];
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
