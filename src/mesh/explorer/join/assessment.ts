import {
  judgedService,
  judgedWorkload,
  serviceHealth,
  toleratedBy,
  workloadVerdict,
} from "../../health/resourceHealth.ts";
import type { ToleranceSet } from "../../health/tolerances.ts";
import { trafficHealth } from "../../health/trafficHealth.ts";
import type { Verdict } from "../../health/verdict.ts";
import type { Judging } from "../../health/workloadHealth.ts";
import type { ServiceView, WorkloadView } from "../../inventory/views.ts";
import { say } from "../../message.ts";
import { sameRequests } from "../../telemetry/requestRates.ts";
import type { TrafficReading } from "./traffic.ts";
import { sameFields } from "./trafficIndex.ts";

/** One service or workload of one cluster: what flows, and what is thought of it. */
export interface Assessment {
  readonly reading: TrafficReading;
  readonly verdict: Verdict;
}

export function assessService(
  reading: TrafficReading,
  view: ServiceView,
  backends: readonly WorkloadView[],
  judging: Judging,
): Assessment {
  const byTraffic = readingHealth(reading, toleratedBy(judgedService(view), judging), judging);
  return { reading, verdict: serviceHealth(view, backends, byTraffic, judging) };
}

export function assessWorkload(reading: TrafficReading, view: WorkloadView, judging: Judging): Assessment {
  const byTraffic = readingHealth(reading, toleratedBy(judgedWorkload(view), judging), judging);
  return { reading, verdict: workloadVerdict(view, byTraffic, judging) };
}

function readingHealth(reading: TrafficReading, tolerated: ToleranceSet, { format }: Judging): Verdict {
  const why = reading.why ? [reading.why] : [];
  if (reading.kind === "none") return { state: "unknown", reasons: why };
  if (reading.kind === "idle") return { state: "idle", reasons: [say("No traffic in the window"), ...why] };
  if (reading.lacksRequests) return { state: "unknown", reasons: why };
  const direction = reading.isForwarded ? "outbound" : "inbound";
  return trafficHealth(reading.requests, reading.tcp, { format, tolerated, direction });
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
    sameRequests(a.requests, b.requests) &&
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
