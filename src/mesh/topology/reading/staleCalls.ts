import type { Call, ClusterPlace } from "../../telemetry/edges/calls.ts";
import type { TopologyReading } from "./topologyReading.ts";

type Staleness = Pick<TopologyReading, "speakers" | "staleSince">;

/** The numbers of this cluster are from before: the store that speaks for it did not answer this time. */
export function isStalePlace({ speakers = [], staleSince }: Staleness, place: ClusterPlace | undefined): boolean {
  if (!place || !staleSince || staleSince.size === 0) return false;
  const { label, key } = place;
  return speakers.some(
    ({ place: spoken, sourceId }) => spoken.label === label && spoken.key === key && staleSince.has(sourceId),
  );
}

/**
 * Whether an edge's numbers are from before, all or in part. Either end may have told them, so one stale end is enough:
 * what is current is dimmed rather than what is old drawn as current.
 */
export function isStale(reading: Staleness, { calls }: { readonly calls: readonly Call[] }): boolean {
  if (!reading.staleSince || reading.staleSince.size === 0) return false;
  return calls.some(({ source, service, destination }) =>
    [source, service, destination].some((end) => isStalePlace(reading, end?.place)),
  );
}
