import type { PodTrafficQuery, PodTrafficRow, RowsAnswer } from "../../../../mesh/telemetry/levels/levelTelemetry.ts";
import { envoyBounds } from "../../traffic/buckets.ts";
import { reportingPods } from "./countedFlows.ts";
import { provenanceFor, type LevelSource } from "./levelSource.ts";
import { durationsIn, LinearSums, rateIn, SumsByEra } from "./linearSums.ts";

/** What pods' own proxies report of what came to them. */
export function podRows(source: LevelSource, query: PodTrafficQuery): RowsAnswer<PodTrafficRow> {
  const { history, boundsMillis = envoyBounds } = source;
  const wanted = new Set(query.pods);
  const { seed } = history.world;
  const kinds = ["requests", "bytes"] as const;
  const [requests, bytes] = kinds.map(
    (kind) =>
      new SumsByEra(history, (flows) => {
        const sums = new Map<string, LinearSums>();
        for (const flow of flows) {
          const ends = [flow.from, flow.to, flow.waypoint];
          if ((flow.protocol === "tcp") !== (kind === "bytes")) continue;
          if (!ends.some((plan) => plan?.namespace === query.namespace)) continue;
          for (const { pod, share, reporter } of reportingPods(flow, seed)) {
            if (!wanted.has(pod)) continue;
            let own = sums.get(pod);
            if (!own) sums.set(pod, (own = new LinearSums()));
            own.add({ flow, share, isAtSource: reporter !== "destination" });
          }
        }
        return sums;
      }),
  );
  if (!requests || !bytes) throw new Error("both kinds are asked for");
  const windows = [requests, bytes].map((sums) => sums.window(query.atMillis, query.windowSeconds));
  const [ofRequests, ofBytes] = windows;
  const rows = query.pods.flatMap((pod): PodTrafficRow[] => {
    const rps = ofRequests && rateIn(ofRequests, pod, "requests");
    const received = ofBytes && rateIn(ofBytes, pod, "tripRequestBytes");
    if (rps === undefined && received === undefined) return [];
    return [
      {
        namespace: query.namespace,
        pod,
        rps: rps ?? NaN,
        errorsPerSecond: (ofRequests && rateIn(ofRequests, pod, "errors")) ?? NaN,
        p95: ofRequests ? durationsIn(ofRequests, [pod]).quantile(0.95, boundsMillis) : NaN,
        receivedBytesPerSecond: received ?? NaN,
        sentBytesPerSecond: (ofBytes && rateIn(ofBytes, pod, "tripResponseBytes")) ?? NaN,
      },
    ];
  });
  const names = ["istio_requests_total", "istio_request_duration_milliseconds", "istio_tcp_*_bytes_total"];
  return { rows, provenance: provenanceFor(source, names, query), missing: [] };
}
