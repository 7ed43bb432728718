import { serviceNames, telemetryNames } from "../../explorer/join/nameClaims.ts";
import type { ServiceView, WorkloadView } from "../../inventory/views.ts";
import { MeshError } from "../../meshError.ts";
import { say } from "../../message.ts";
import { noRequests } from "../../telemetry/requestRates.ts";
import type { Suspect } from "../level.ts";
import type { LevelQuestion } from "../levelQuestion.ts";
import { answerOrWhy, isStore, levelStoreOf } from "../levelStore.ts";
import { leastErrorShare } from "../thresholds.ts";
import { lastByName } from "./serviceSuspects.ts";
import { isFailing } from "./trouble.ts";

/** Calls that explain less of a workload's errors than this are told nowhere. */
const leastPart = 0.2;

/**
 * Services whose failing explains a workload's errors: the calls that it makes to them fail, about as many as it fails
 * itself, and they fail in all. Most first; none where the workload is well. Two queries, only where it fails.
 */
export async function dependencySuspects(question: LevelQuestion, view: WorkloadView): Promise<readonly Suspect[]> {
  const { input, index, windowSeconds, atMillis, signal } = question;
  const own = input.assessment(view.id).reading.requests ?? noRequests;
  const store = levelStoreOf(input, view.ref.cluster);
  if (!isFailing(own, input.windowSeconds) || !isStore(store)) return [];
  const { namespace } = view.ref;
  const charts = [
    { chart: "requests", by: "destination" },
    { chart: "errors", by: "destination" },
  ] as const;
  const range = { fromMillis: atMillis, toMillis: atMillis, stepSeconds: 1 };
  const of = { what: "workload", namespace, names: telemetryNames(view) } as const;
  const query = { of, direction: "outbound", cluster: store.rows, charts, windowSeconds, range } as const;
  const answer = await answerOrWhy(store.telemetry.trafficCharts(query, signal), signal);
  if (MeshError.is(answer)) return [];
  const [sent, failedShares] = [lastByName(answer, 0), lastByName(answer, 1)];
  const failed = new Map<ServiceView, number>();
  for (const [name, rps] of sent) {
    const share = failedShares.get(name) ?? 0;
    const called = share >= leastErrorShare ? calledService(question, view, name) : undefined;
    if (called) failed.set(called, (failed.get(called) ?? 0) + rps * share);
  }
  return [...failed]
    .flatMap(([called, rate]): Suspect[] => {
      const share = Math.min(1, rate / own.errorsPerSecond);
      const isIll = isFailing(input.assessment(called.id).reading.requests ?? noRequests, input.windowSeconds);
      if (share < leastPart || !isIll || index.workloadsOf(called).includes(view)) return [];
      const { ref } = called;
      const reason = say("as many calls to {0} fail as {1} of the errors", ref.name, input.format.share(share));
      return [{ level: "service", to: { level: "service", ref }, ref, name: ref.name, share, reason }];
    })
    .toSorted((a, b) => b.share - a.share);
}

/** A destination as charts name it: a workload, else a service, as "namespace/name". */
function calledService({ input, index }: LevelQuestion, caller: WorkloadView, name: string): ServiceView | undefined {
  const { cluster } = caller.ref;
  // Requests go to the caller's own cluster first, and to others where it has none.
  const near = <T extends ServiceView | WorkloadView>(views: readonly T[]) =>
    views.find(({ ref }) => ref.cluster === cluster) ?? views[0];
  const is = (namespace: string, names: readonly string[]) => names.some((one) => `${namespace}/${one}` === name);
  const workload = near(input.workloads.filter((one) => is(one.ref.namespace, telemetryNames(one))));
  const front = workload && index.servicesOf(workload)[0];
  return (
    front ?? near(input.services.filter((one) => is(one.ref.namespace, serviceNames(one)) || one.hosts.includes(name)))
  );
}
