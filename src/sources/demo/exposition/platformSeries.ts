import type { World } from "../world/blueprint.ts";
import { cadvisorFamilies, containerFamilies } from "./containerSeries.ts";
import { nodeExporterFamilies, nodeFamilies } from "./nodeSeries.ts";
import { podsIn } from "./podPlaces.ts";
import { podFamilies } from "./podSeries.ts";
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
  const runs = podsIn(world, startMillis, atMillis);
  const families = [
    ...podFamilies(world, runs),
    ...containerFamilies(runs),
    ...cadvisorFamilies(runs, atMillis),
    ...nodeFamilies(world),
    ...nodeExporterFamilies(world, startMillis, atMillis),
  ];
  for (const family of families) {
    let isFirst = true;
    for (const [labels, value] of family.samples()) {
      if (isFirst) yield header(family.name, family.type, family.help);
      isFirst = false;
      yield sample(family.name, labelText(labels), value);
    }
  }
}
