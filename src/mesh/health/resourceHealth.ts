import type { ServiceView, WorkloadView } from "../inventory/views.ts";
import { say } from "../message.ts";
import { noteVerdicts } from "./notes.ts";
import { defaultTolerances, type Judged, type ToleranceSet } from "./tolerances.ts";
import { isTrouble, withReasons, worstOf, type Verdict } from "./verdict.ts";
import { firstOf, nodeReasonsOf, reasonsBelow, workloadHealth, type Judging } from "./workloadHealth.ts";

// The verdict on a service or a workload of one cluster: the same wherever it is shown.

/** What a resource tolerates, by its annotation, else by the first rule that matches it. */
export function toleratedBy(judged: Judged, { tolerances = defaultTolerances }: Judging): ToleranceSet {
  return tolerances.of(judged);
}

export function judgedService({ ref, healthRate }: ServiceView): Judged {
  return { ref, is: "service", healthRate };
}

export function judgedWorkload({ ref, healthRate }: WorkloadView): Judged {
  return { ref, is: "workload", healthRate };
}

/**
 * A service by its requests (`byTraffic`), failing if pods are wanted behind it and none is ready. Trouble of pods and
 * nodes behind it is told with it and leaves its state alone: only failed requests say that callers suffer from it.
 */
export function serviceHealth(
  view: ServiceView | undefined,
  backends: readonly WorkloadView[],
  byTraffic: Verdict,
  judging: Judging,
): Verdict {
  const wanted = backends.reduce((sum, { replicas }) => sum + replicas.desired, 0);
  const ready = backends.reduce((sum, { replicas }) => sum + replicas.ready, 0);
  const parts = [byTraffic, ...(view ? noteVerdicts(view.ref, judging.notes) : [])];
  if (wanted > 0 && ready === 0) parts.unshift({ state: "failing", reasons: [say("No pod behind it is ready")] });
  const own = parts.length === 1 ? byTraffic : worstOf(parts);
  const below = firstOf(backends.flatMap((workload) => reasonsBelow(workload, judging)));
  return withReasons(own, [...below, ...(view ? toleratedBy(judgedService(view), judging).problems : [])]);
}

/**
 * A workload by its pods and its requests: trouble in either is its trouble. Else what flows decides; where nothing is
 * known of that, its pods do, with the reason why there are no numbers. What troubles the nodes below is told with it.
 */
export function workloadVerdict(view: WorkloadView, byTraffic: Verdict, judging: Judging): Verdict {
  const both = together(workloadHealth(view, judging), byTraffic);
  return withReasons(both, [
    ...nodeReasonsOf(view.pods, judging),
    ...toleratedBy(judgedWorkload(view), judging).problems,
  ]);
}

/** Several workloads as one thing, such as an app, by the worst of them and by what flows to all. */
export function workloadsVerdict(views: readonly WorkloadView[], byTraffic: Verdict, judging: Judging): Verdict {
  const byPods = worstOf(views.map((view) => workloadHealth(view, judging)));
  const pods = views.flatMap((view) => view.pods);
  return withReasons(together(byPods, byTraffic), nodeReasonsOf(pods, judging));
}

/** Of pods and of what flows. */
function together(byPods: Verdict, byTraffic: Verdict): Verdict {
  if (isTrouble(byPods.state) || isTrouble(byTraffic.state)) return worstOf([byPods, byTraffic]);
  if (byTraffic.state === "unknown") return withReasons(byPods, byTraffic.reasons);
  return byPods.state === "idle" && byTraffic.state === "idle" ? byPods : byTraffic;
}
