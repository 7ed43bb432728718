import type { Format } from "../../format/format.ts";
import { trafficHealth } from "../../health/trafficHealth.ts";
import { isTrouble, worstOf, type Verdict } from "../../health/verdict.ts";
import { workloadHealth, type Judging } from "../../health/workloadHealth.ts";
import type { WorkloadView } from "../../inventory/views.ts";
import { say } from "../../message.ts";
import type { TrafficReading } from "./traffic.ts";
import { sameFields } from "./trafficIndex.ts";

/** One service or workload of one cluster: what flows, and what is thought of it. */
export interface Assessment {
  readonly reading: TrafficReading;
  readonly verdict: Verdict;
}

/** A service by its requests, and failing if pods are wanted behind it and none is ready. */
export function assessService(reading: TrafficReading, backends: readonly WorkloadView[], format: Format): Assessment {
  const byTraffic = readingHealth(reading, format);
  const wanted = backends.reduce((sum, { replicas }) => sum + replicas.desired, 0);
  const ready = backends.reduce((sum, { replicas }) => sum + replicas.ready, 0);
  const verdict: Verdict =
    wanted > 0 && ready === 0
      ? worstOf([{ state: "failing", reasons: [say("No pod behind it is ready")] }, byTraffic])
      : byTraffic;
  return { reading, verdict };
}

/**
 * A workload by its pods and its requests: trouble in either is its trouble. Else what flows decides; where nothing is
 * known of that, its pods do, with the reason why there are no numbers.
 */
export function assessWorkload(reading: TrafficReading, view: WorkloadView, judging: Judging): Assessment {
  const byPods = workloadHealth(view, judging);
  const byTraffic = readingHealth(reading, judging.format);
  return { reading, verdict: together(byPods, byTraffic) };
}

function together(byPods: Verdict, byTraffic: Verdict): Verdict {
  if (isTrouble(byPods.state) || isTrouble(byTraffic.state)) return worstOf([byPods, byTraffic]);
  if (byTraffic.state === "unknown") return { state: byPods.state, reasons: [...byPods.reasons, ...byTraffic.reasons] };
  return byPods.state === "idle" && byTraffic.state === "idle" ? byPods : byTraffic;
}

function readingHealth(reading: TrafficReading, format: Format): Verdict {
  const why = reading.why ? [reading.why] : [];
  if (reading.kind === "none") return { state: "unknown", reasons: why };
  if (reading.kind === "idle") return { state: "idle", reasons: [say("No traffic in the window"), ...why] };
  if (reading.lacksRequests) return { state: "unknown", reasons: why };
  return trafficHealth(reading.requests, reading.tcp, format);
}

/** Whether a surface would show the same for both. */
export function sameAssessment(a: Assessment, b: Assessment): boolean {
  return a.verdict.state === b.verdict.state && sameReading(a.reading, b.reading) && sameReasons(a.verdict, b.verdict);
}

function sameReading(a: TrafficReading, b: TrafficReading): boolean {
  return (
    a.kind === b.kind &&
    a.feed === b.feed &&
    a.staleSince === b.staleSince &&
    a.isForwarded === b.isForwarded &&
    a.lacksRequests === b.lacksRequests &&
    sameFields(a.requests, b.requests) &&
    sameFields(a.latency, b.latency) &&
    sameFields(a.tcp, b.tcp) &&
    a.why?.text === b.why?.text &&
    String(a.why?.args) === String(b.why?.args)
  );
}

function sameReasons(a: Verdict, b: Verdict): boolean {
  return (
    a.reasons.length === b.reasons.length &&
    a.reasons.every((reason, i) => {
      const other = b.reasons[i];
      return reason.text === other?.text && String(reason.args) === String(other.args);
    })
  );
}
