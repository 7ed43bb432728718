import { MeshError } from "../../meshError.ts";
import { say } from "../../message.ts";
import { isTrouble } from "../../health/verdict.ts";
import { serviceNames } from "../../explorer/join/nameClaims.ts";
import type { ServiceView, WorkloadView } from "../../inventory/views.ts";
import type { Suspect } from "../level.ts";
import type { LevelQuestion } from "../levelQuestion.ts";
import { answerOrWhy, isStore, levelStoreOf } from "../levelStore.ts";
import { leastErrorShare, leastFailed } from "../thresholds.ts";
import { configSuspects, type FlagRates } from "./configSuspects.ts";
import { nodeTrouble, ownTrouble } from "./podTrouble.ts";

/**
 * What explains the trouble of a service: workloads by the errors they answer with, and rules and policies by the requests
 * that never got to a workload. Most first; none where the service is well. One query, only where it fails.
 */
export async function serviceSuspects(question: LevelQuestion, view: ServiceView): Promise<readonly Suspect[]> {
  const { input, index } = question;
  const { reading, verdict } = input.assessment(view.id);
  if (!isTrouble(verdict.state)) return illWorkloads(question, index.workloadsOf(view));
  const { rps = 0, errorsPerSecond = 0 } = reading.requests ?? {};
  const isFailing =
    rps > 0 && errorsPerSecond / rps >= leastErrorShare && errorsPerSecond * input.windowSeconds >= leastFailed;
  if (!isFailing) return illWorkloads(question, index.workloadsOf(view));
  const flags = await readFlags(question, view);
  const configured = await configSuspects(question, view, { flags, errorsPerSecond });
  const taken = configured.reduce((sum, { share }) => sum + share, 0);
  const workloads = index.workloadsOf(view);
  const answered = workloads.flatMap((workload): Suspect[] => {
    const failed = input.assessment(workload.id).reading.requests?.errorsPerSecond ?? 0;
    // A workload in front of which several services stand is not to blame for what goes to the others.
    const share = Math.min(failed / errorsPerSecond, Math.max(0, 1 - taken));
    if (share <= 0) return [];
    const { ref, version } = workload;
    const words = input.format.share(share);
    const reason =
      version === undefined
        ? say("{0} of the errors are of {1}", words, ref.name)
        : say("{0} of the errors are of {1} (version {2})", words, ref.name, version);
    return [{ level: "workload", to: { level: "workload", ref }, ref, name: ref.name, share, reason }];
  });
  return [...configured, ...answered].sort((a, b) => b.share - a.share);
}

/** Where no requests fail: workloads whose pods or nodes are ill by themselves. */
function illWorkloads(question: LevelQuestion, workloads: readonly WorkloadView[]): readonly Suspect[] {
  const ill = workloads.flatMap((workload) => {
    const told = workload.pods.flatMap((pod) => ownTrouble(question, pod) ?? nodeTrouble(question, pod)?.words ?? []);
    const [first] = told;
    return first ? [{ workload, first, pods: told.length }] : [];
  });
  const all = ill.reduce((sum, { pods }) => sum + pods, 0);
  return ill
    .map(({ workload: { ref }, first, pods }): Suspect => {
      return {
        level: "workload",
        to: { level: "workload", ref },
        ref,
        name: ref.name,
        share: pods / all,
        reason: first,
      };
    })
    .sort((a, b) => b.share - a.share);
}

async function readFlags(question: LevelQuestion, view: ServiceView): Promise<FlagRates> {
  const { input, windowSeconds, atMillis, signal } = question;
  const store = levelStoreOf(input, view.ref.cluster);
  if (!isStore(store)) return new Map();
  const range = { fromMillis: atMillis, toMillis: atMillis, stepSeconds: 1 };
  const of = { what: "service", namespace: view.ref.namespace, name: serviceNames(view)[0] ?? view.ref.name } as const;
  const charts = [{ chart: "requests", by: "flags" }] as const;
  const query = { of, direction: "inbound", cluster: store.rows, charts, windowSeconds, range } as const;
  const answer = await answerOrWhy(store.telemetry.trafficCharts(query, signal), signal);
  if (MeshError.is(answer)) return new Map();
  const series = answer.charts[0]?.series ?? [];
  return new Map(series.map(({ name, points }) => [name, points.at(-1) ?? NaN]));
}
