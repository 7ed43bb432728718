import type { TopologyReading } from "../reading/topologyReading.ts";
import type { EdgeDraft } from "./edgeDrafts.ts";

/** Seconds; NaN where no histogram of exactly this scope is there. */
export interface Quantiles {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

export const noQuantiles: Quantiles = { p50: NaN, p95: NaN, p99: NaN };

/** Finds the quantiles of edges. */
export function edgeLatency(_reading: TopologyReading): (edge: EdgeDraft) => Quantiles {
  return () => noQuantiles;
}
