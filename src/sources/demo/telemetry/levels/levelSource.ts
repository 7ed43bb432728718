import type { Dialect } from "../../../../mesh/telemetry/capabilities.ts";
import type { Provenance } from "../../../../mesh/telemetry/summaries.ts";
import type { TrafficHistory } from "../../traffic/trafficHistory.ts";

/** Where the answers of levels come from. */
export interface LevelSource {
  readonly history: TrafficHistory;
  readonly sourceId: string;
  readonly dialect: Dialect;
  /** Bounds of the histograms that quantiles are to be those of, in milliseconds; Envoy's unless told. */
  readonly boundsMillis?: readonly number[] | undefined;
}

export function provenanceFor(
  { sourceId }: LevelSource,
  names: readonly string[],
  { windowSeconds, atMillis }: { readonly windowSeconds: number; readonly atMillis: number },
): readonly Provenance[] {
  return names.map((name) => ({ sourceId, query: `demo: ${name}[${windowSeconds}s]`, windowSeconds, atMillis }));
}
