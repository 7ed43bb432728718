import type { ChartCard, MetadataCard } from "../../mesh/metadata/metadata.ts";
import type { ForeignChart } from "../../mesh/metadata/providers.ts";
import type { ChartSet, WireCard, WireChart } from "../../protocol/drilldown/drilldownContract.ts";
import { translate } from "../words.ts";

/** Cards of third parties. All their text crosses as text; what their actions run stays here. */
export function wireCard({ providerId, metadata, failure }: MetadataCard): WireCard {
  return {
    providerId,
    summary: metadata?.summary ?? "",
    severity: metadata?.severity ?? "info",
    data: pairsOf(metadata?.data),
    raw: pairsOf(metadata?.raw),
    actions: (metadata?.actions ?? []).map(({ title }, at) => ({ id: cardActionId(providerId, at), title })),
    failure: failure ? translate(failure) : "",
  };
}

/** What `link.follow` names an action of a card by. */
export function cardActionId(providerId: string, at: number): string {
  return `card ${at} ${providerId}`;
}

function pairsOf(texts: Readonly<Record<string, string>> | undefined): WireCard["data"] {
  return Object.entries(texts ?? {}).map(([name, value]) => ({ name, value }));
}

export interface ForeignRange {
  readonly fromMillis: number;
  readonly toMillis: number;
  readonly stepSeconds: number;
}

/** Charts of third parties on the times of the range: each value at the step nearest to its own time. */
export function wireForeignCharts(cards: readonly ChartCard[], range: ForeignRange): ChartSet {
  const { fromMillis, toMillis, stepSeconds } = range;
  const steps = Math.max(0, Math.floor((toMillis - fromMillis) / 1000 / stepSeconds));
  const times = Float64Array.from({ length: steps + 1 }, (_, i) => toMillis / 1000 - (steps - i) * stepSeconds);
  const charts = cards.flatMap(({ providerId, charts: own, failure }): readonly WireChart[] => {
    const wired = own.map((chart, at) => wireChart(chart, { id: `${providerId} ${at}`, times, stepSeconds }));
    const failed = { ...emptyChart, id: `${providerId} failure`, title: providerId };
    return failure ? [...wired, { ...failed, why: [translate(failure)], isFailed: true }] : wired;
  });
  return { times, charts };
}

const emptyChart = {
  by: "none",
  unit: "count",
  foreignUnit: "",
  names: [],
  points: new Float64Array(0),
  origin: null,
} as const satisfies Partial<WireChart>;

function wireChart(
  { title, unit, series }: ForeignChart,
  { id, times, stepSeconds }: { readonly id: string; readonly times: Float64Array; readonly stepSeconds: number },
): WireChart {
  const points = new Float64Array(series.length * times.length).fill(NaN);
  const first = times[0] ?? 0;
  series.forEach((line, s) => {
    line.times.forEach((time, i) => {
      const at = Math.round((time / 1000 - first) / stepSeconds);
      if (at >= 0 && at < times.length) points[s * times.length + at] = line.values[i] ?? NaN;
    });
  });
  return { ...emptyChart, id, title, foreignUnit: unit, names: series.map(({ name }) => name), points, why: [] };
}
