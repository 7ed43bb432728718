import type { PodView, WorkloadView } from "../../inventory/views.ts";
import { fill, say } from "../../message.ts";
import type { PodTrafficRow } from "../../telemetry/levels/levelTelemetry.ts";
import type { Suspect } from "../level.ts";
import type { LevelQuestion } from "../levelQuestion.ts";
import { podErrorShare, type PodTraffic } from "../podTable.ts";
import { leastErrorShare, leastFailed, leastSlow, slowFactor, tellsApart } from "../thresholds.ts";
import { nodeTrouble, ownTrouble } from "./podTrouble.ts";

/** How a pod stands out among those of its workload. */
export interface PodBlame {
  readonly pod: PodView;
  /** Of the workload's trouble, 0 to 1. */
  readonly share: number;
  /** It fails or lags more than the others, or is ill by itself. */
  readonly standsOut: boolean;
}

/** The pods that explain what is wrong with a workload, most first; none where it is well. */
export function workloadSuspects(question: LevelQuestion, view: WorkloadView, traffic: PodTraffic): readonly Suspect[] {
  const { format } = question.input;
  return podBlames(question, view, traffic)
    .filter(({ share, standsOut }) => standsOut && share > 0)
    .map(({ pod, share }): Suspect => {
      const row = traffic.rows.get(pod.ref.name);
      const told = [ownTrouble(question, pod), nodeTrouble(question, pod)?.words].flatMap((words) => words ?? []);
      const of = isFailing(row, question.windowSeconds)
        ? say("{0} of the errors are of pod {1}", format.share(share), pod.ref.name)
        : say("pod {0} explains {1} of the trouble", pod.ref.name, format.share(share));
      const reason = told.length > 0 ? say("{0}; {1}", fill(of), told.map(fill).join("; ")) : of;
      return { level: "pod", to: { level: "pod", ref: pod.ref }, ref: pod.ref, name: pod.ref.name, share, reason };
    });
}

export function podBlames(question: LevelQuestion, { pods }: WorkloadView, { rows }: PodTraffic): readonly PodBlame[] {
  const { windowSeconds } = question;
  const failing = pods.filter(({ ref }) => isFailing(rows.get(ref.name), windowSeconds));
  const ill = pods.filter((pod) => ownTrouble(question, pod) !== undefined || isSlow(pod, pods, rows));
  const errors = pods.reduce((sum, { ref }) => sum + (rows.get(ref.name)?.errorsPerSecond ?? 0), 0);
  const byErrors = failing.length > 0 && errors > 0;
  const blames = pods.map((pod): PodBlame => {
    const row = rows.get(pod.ref.name);
    if (byErrors)
      return {
        pod,
        share: (row?.errorsPerSecond ?? 0) / errors,
        standsOut: standsOut(pod, pods, rows) || ill.includes(pod),
      };
    return { pod, share: ill.includes(pod) ? 1 / ill.length : 0, standsOut: ill.includes(pod) };
  });
  return blames.toSorted((a, b) => b.share - a.share);
}

function isFailing(row: PodTrafficRow | undefined, windowSeconds: number): boolean {
  return podErrorShare(row) >= leastErrorShare && (row?.errorsPerSecond ?? 0) * windowSeconds >= leastFailed;
}

/** Its share of failed requests is a multiple of that of all the others together. */
function standsOut(pod: PodView, pods: readonly PodView[], rows: PodTraffic["rows"]): boolean {
  const others = pods.flatMap(({ id, ref }) => (id === pod.id ? [] : (rows.get(ref.name) ?? [])));
  const rps = others.reduce((sum, row) => sum + (row.rps > 0 ? row.rps : 0), 0);
  const failed = others.reduce((sum, row) => sum + (row.errorsPerSecond > 0 ? row.errorsPerSecond : 0), 0);
  return rps > 0 && podErrorShare(rows.get(pod.ref.name)) > tellsApart * (failed / rps);
}

/** Much slower than the middle one of the others. */
export function isSlow(pod: PodView, pods: readonly PodView[], rows: PodTraffic["rows"]): boolean {
  const own = rows.get(pod.ref.name)?.p95 ?? NaN;
  const others = pods
    .flatMap(({ id, ref }) => (id === pod.id ? [] : (rows.get(ref.name)?.p95 ?? [])))
    .filter((p95) => !Number.isNaN(p95))
    .sort((a, b) => a - b);
  const middle = others[Math.floor((others.length - 1) / 2)];
  return middle !== undefined && own >= leastSlow && own > slowFactor * middle;
}
