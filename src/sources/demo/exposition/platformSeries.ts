import type { World } from "../world/blueprint.ts";
import { nodeFamilies } from "./nodeSeries.ts";
import { podFamilies } from "./podSeries.ts";
import { podsIn } from "./podPlaces.ts";
import { header, labelText, sample } from "./textFormat.ts";

/**
 * What the exporters beside Istio tell of the same world, as far as a drill-down from a workload to its node asks. The
 * label `cluster` holds Istio's cluster ID, as an external label of each cluster's own Prometheus would.
 */
export function* platformLines(
  world: World,
  startMillis: number,
  atMillis: number,
): Generator<string, void, undefined> {
  const seconds = (atMillis - startMillis) / 1000;
  const places = [...podsIn(world, startMillis, atMillis)];
  for (const family of [...podFamilies(world, places, seconds), ...nodeFamilies(world, seconds)]) {
    yield header(family.name, family.type, family.help);
    for (const [labels, value] of family.samples()) yield sample(family.name, labelText(labels), value);
  }
}
