import { MeshError } from "../../meshError.ts";
import { say, type Message } from "../../message.ts";
import { serviceNames } from "../../explorer/join/nameClaims.ts";
import type { ServiceView, WorkloadView } from "../../inventory/views.ts";
import type { ChartsAnswer, TrafficChart } from "../../telemetry/levels/levelTelemetry.ts";
import { noRequests } from "../../telemetry/requestRates.ts";
import type { Suspect } from "../level.ts";
import type { LevelQuestion } from "../levelQuestion.ts";
import { answerOrWhy, isStore, levelStoreOf } from "../levelStore.ts";
import { readPodTraffic } from "../podTable.ts";
import { leastSlow, leastTurnedAway, slowFactor } from "../thresholds.ts";
import { configSuspects, type RateByName } from "./configSuspects.ts";
import { standingTrouble } from "./podTrouble.ts";
import { hasErrorShare, isFailing, isGathered, isLaggy } from "./trouble.ts";
import { isSlow } from "./workloadSuspects.ts";

/**
 * What explains the trouble of a service: workloads by the errors they answer with, and rules and policies by the requests
 * that never got to a workload; where nothing fails, workloads that are slow or whose pods are down. Most first; none where
 * the service is well. Two queries where it fails, three where it is slow.
 */
export async function serviceSuspects(question: LevelQuestion, view: ServiceView): Promise<readonly Suspect[]> {
  const { input, index } = question;
  const { reading } = input.assessment(view.id);
  const requests = reading.requests ?? noRequests;
  const workloads = index.workloadsOf(view);
  if (hasErrorShare(requests)) {
    const failing = await failureSuspects(question, view, workloads);
    if (failing.length > 0) return failing;
  }
  if (isLaggy(reading)) {
    const slow = await slowWorkloads(question, workloads);
    if (slow.length > 0) return slow;
  }
  return downWorkloads(question, workloads);
}

async function failureSuspects(
  question: LevelQuestion,
  view: ServiceView,
  workloads: readonly WorkloadView[],
): Promise<readonly Suspect[]> {
  const { input } = question;
  const { windowSeconds } = input;
  const whole = input.assessment(view.id).reading.requests ?? noRequests;
  const { errorsPerSecond } = whole;
  if (errorsPerSecond * windowSeconds < leastTurnedAway) return [];
  const configured = await configSuspects(question, view, { ...(await readEnds(question, view)), errorsPerSecond });
  const taken = configured.reduce((sum, { share }) => sum + share, 0);
  const answered = workloads.flatMap((workload): Suspect[] => {
    const part = input.assessment(workload.id).reading.requests ?? noRequests;
    if (!isFailing(whole, windowSeconds) && !isGathered(part, whole, windowSeconds)) return [];
    // A workload in front of which several services stand is not to blame for what goes to the others.
    const share = Math.min(part.errorsPerSecond / errorsPerSecond, Math.max(0, 1 - taken));
    if (!(share > 0)) return [];
    const { ref, version } = workload;
    const words = input.format.share(share);
    const reason =
      version === undefined
        ? say("{0} of the errors are of {1}", words, ref.name)
        : say("{0} of the errors are of {1} (version {2})", words, ref.name, version);
    return [suspected(workload, share, reason)];
  });
  return [...configured, ...answered].sort((a, b) => b.share - a.share);
}

/** Versions much slower than the others; of a single one those that have a pod much slower than its others. */
async function slowWorkloads(question: LevelQuestion, workloads: readonly WorkloadView[]): Promise<readonly Suspect[]> {
  const { input } = question;
  const p95 = ({ id }: WorkloadView) => input.assessment(id).reading.latency?.p95 ?? NaN;
  const { latency } = input.format;
  const told = workloads.filter((workload) => !Number.isNaN(p95(workload)));
  const slow = told.filter((workload) => {
    const others = told.flatMap((other) => (other === workload ? [] : [p95(other)])).sort((a, b) => a - b);
    const middle = others[Math.floor((others.length - 1) / 2)];
    return middle !== undefined && p95(workload) >= leastSlow && p95(workload) > slowFactor * middle;
  });
  if (slow.length > 0) {
    return slow.map((workload) => {
      const reason = say("{0} is slower than the others: p95 of {1}", workload.ref.name, latency(p95(workload)));
      return suspected(workload, 1 / slow.length, reason);
    });
  }
  const [first] = workloads;
  const pods = workloads.flatMap((workload) => workload.pods);
  if (!first || pods.length < 2) return [];
  const { rows } = await readPodTraffic(question, first.ref.cluster, pods);
  const withSlow = workloads.flatMap((workload) => {
    const pod = workload.pods.find((one) => isSlow(one, workload.pods, rows));
    return pod ? [{ workload, pod }] : [];
  });
  return withSlow.map(({ workload, pod }) => {
    const seconds = rows.get(pod.ref.name)?.p95 ?? NaN;
    const reason = say("pod {0} is slower than the others: p95 of {1}", pod.ref.name, latency(seconds));
    return suspected(workload, 1 / withSlow.length, reason);
  });
}

/** Workloads with pods that cannot answer, by how many. A node under pressure whose pods answer well is no cause. */
function downWorkloads(question: LevelQuestion, workloads: readonly WorkloadView[]): readonly Suspect[] {
  const down = workloads.flatMap((workload) => {
    const told = workload.pods.flatMap((pod) => standingTrouble(question, pod) ?? []);
    const [first] = told;
    return first ? [{ workload, first, pods: told.length }] : [];
  });
  const all = down.reduce((sum, { pods }) => sum + pods, 0);
  return down
    .map(({ workload, first, pods }) => suspected(workload, pods / all, first))
    .sort((a, b) => b.share - a.share);
}

function suspected({ ref }: WorkloadView, share: number, reason: Message): Suspect {
  return { level: "workload", to: { level: "workload", ref }, ref, name: ref.name, share, reason };
}

/** How requests to it ended, and who sent them: two queries. */
async function readEnds(
  question: LevelQuestion,
  view: ServiceView,
): Promise<{ readonly flags: RateByName; readonly sources: RateByName }> {
  const { input, windowSeconds, atMillis, signal } = question;
  const none = { flags: new Map<string, number>(), sources: new Map<string, number>() };
  const store = levelStoreOf(input, view.ref.cluster);
  if (!isStore(store)) return none;
  const range = { fromMillis: atMillis, toMillis: atMillis, stepSeconds: 1 };
  const of = { what: "service", namespace: view.ref.namespace, name: serviceNames(view)[0] ?? view.ref.name } as const;
  const charts = [
    { chart: "requests", by: "flags" },
    { chart: "requests", by: "source" },
  ] as const;
  const query = { of, direction: "inbound", cluster: store.rows, charts, windowSeconds, range } as const;
  const answer = await answerOrWhy(store.telemetry.trafficCharts(query, signal), signal);
  if (MeshError.is(answer)) return none;
  return { flags: lastByName(answer, 0), sources: lastByName(answer, 1) };
}

/** The last value of each series of one chart. */
export function lastByName(answer: ChartsAnswer<TrafficChart>, chart: number): RateByName {
  const series = answer.charts[chart]?.series ?? [];
  return new Map(series.map(({ name, points }) => [name, points.at(-1) ?? NaN]));
}
