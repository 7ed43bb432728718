import { say, type Message } from "../../../mesh/message.ts";
import type { ClusterRows } from "../../../mesh/telemetry/levels/levelTelemetry.ts";
import { knownValue } from "../../../mesh/telemetry/specialValues.ts";
import type { ReadSeries } from "./chartSeries.ts";

/** What exporters' series tell of one thing. */
export interface OneThing {
  readonly points: Float64Array;
  /** Some times have no value, because two things of this name were there. */
  readonly isAmbiguous: boolean;
}

/**
 * One line of the series about one name. Those with the cluster's label come before those without any; of several
 * scrapes of the same the highest counts, as it missed least. Where one job tells two values by different instances and
 * no label says of which cluster they are, there is no number.
 */
export function oneThing(series: readonly ReadSeries[], cluster: ClusterRows | undefined): OneThing {
  const clusterOf = ({ label }: ReadSeries): string | undefined => knownValue(label("cluster"));
  if (!cluster) return highest(series, () => "");
  const { id, withUnplaced } = cluster;
  if (id === undefined) return highest(series, (each) => JSON.stringify([clusterOf(each), placeOf(each)]));
  const labelled = series.filter((each) => clusterOf(each) === id);
  if (labelled.length > 0) return highest(labelled, () => "");
  return highest(withUnplaced ? series.filter((each) => clusterOf(each) === undefined) : [], placeOf);
}

export function ambiguity(names: readonly string[]): Message {
  return say(
    "Series of two clusters or nodes cannot be told apart for lack of a label cluster: {0}.",
    [...names.slice(0, 5), ...(names.length > 5 ? ["…"] : [])].join(", "),
  );
}

function placeOf({ label }: ReadSeries): string {
  return label("instance");
}

/** `place` tells things apart that one job sees; another job may name the same places in another way. */
function highest(series: readonly ReadSeries[], place: (each: ReadSeries) => string): OneThing {
  const count = series[0]?.points.length ?? 0;
  const points = new Float64Array(count).fill(NaN);
  let isAmbiguous = false;
  for (let i = 0; i < count; i++) {
    const placeOfJob = new Map<string, string>();
    let isMixed = false;
    let most = NaN;
    for (const each of series) {
      const value = each.points[i] ?? NaN;
      if (Number.isNaN(value)) continue;
      const job = each.label("job");
      const at = place(each);
      isMixed ||= (placeOfJob.get(job) ?? at) !== at;
      placeOfJob.set(job, at);
      most = most > value ? most : value;
    }
    isAmbiguous ||= isMixed;
    points[i] = isMixed ? NaN : most;
  }
  return { points, isAmbiguous };
}

/** Series by what `key` says they are about, in the order of the answer. */
export function byKey(
  series: readonly ReadSeries[],
  key: (each: ReadSeries) => string,
): ReadonlyMap<string, ReadSeries[]> {
  const groups = new Map<string, ReadSeries[]>();
  for (const each of series) {
    const name = key(each);
    const group = groups.get(name);
    if (group) group.push(each);
    else groups.set(name, [each]);
  }
  return groups;
}
