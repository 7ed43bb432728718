import type { PodView, WorkloadView } from "../../inventory/views.ts";
import { fill, say } from "../../message.ts";
import type { PodTrafficRow } from "../../telemetry/levels/levelTelemetry.ts";
import type { Suspect } from "../level.ts";
import type { LevelQuestion } from "../levelQuestion.ts";
import { podErrorShare, type PodTraffic } from "../podTable.ts";
import { leastSlow, slowFactor, tellsApart } from "../thresholds.ts";
import { nodeTrouble, ownTrouble, standingTrouble } from "./podTrouble.ts";
import { isFailing } from "./trouble.ts";

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
      const of = fails(row, question.windowSeconds)
        ? say("{0} of the errors are of pod {1}", format.share(share), pod.ref.name)
        : say("pod {0} explains {1} of the trouble", pod.ref.name, format.share(share));
      const reason = told.length > 0 ? say("{0}; {1}", fill(of), told.map(fill).join("; ")) : of;
      return { level: "pod", to: { level: "pod", ref: pod.ref }, ref: pod.ref, name: pod.ref.name, share, reason };
    });
}

/** Pods that stand out explain their part of the errors themselves; what calls that fail explain is of the rest. */
export function withDependencies(pods: readonly Suspect[], called: readonly Suspect[]): readonly Suspect[] {
  const rest = Math.max(0, 1 - pods.reduce((sum, { share }) => sum + share, 0));
  const others = called.map((one) => ({ ...one, share: Math.min(one.share, rest) })).filter(({ share }) => share > 0);
  return [...pods, ...others].toSorted((a, b) => b.share - a.share);
}

/** How much each pod explains, most first. Past trouble of a pod counts only where pods fail. */
export function podBlames(question: LevelQuestion, { pods }: WorkloadView, { rows }: PodTraffic): readonly PodBlame[] {
  const errors = pods.reduce((sum, { ref }) => sum + (rows.get(ref.name)?.errorsPerSecond ?? 0), 0);
  const byErrors = errors > 0 && pods.some(({ ref }) => fails(rows.get(ref.name), question.windowSeconds));
  const troubleOf = byErrors ? ownTrouble : standingTrouble;
  const ill = pods.filter((pod) => troubleOf(question, pod) !== undefined || isSlow(pod, pods, rows));
  const blames = pods.map((pod): PodBlame => {
    const isIll = ill.includes(pod);
    if (!byErrors) return { pod, share: isIll ? 1 / ill.length : 0, standsOut: isIll };
    const share = (rows.get(pod.ref.name)?.errorsPerSecond ?? 0) / errors;
    return { pod, share, standsOut: isIll || standsOut(pod, pods, rows) };
  });
  return blames.toSorted((a, b) => b.share - a.share);
}

function fails(row: PodTrafficRow | undefined, windowSeconds: number): boolean {
  return row !== undefined && isFailing(row, windowSeconds);
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
