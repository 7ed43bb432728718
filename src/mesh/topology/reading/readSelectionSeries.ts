import { countOnce } from "../../telemetry/edges/countOnce.ts";
import { askSeries, completenessOf, type AskedSeries } from "./askSeries.ts";
import { answerOf, type Selection } from "./readSelection.ts";
import type { ReadingTools } from "./readTopology.ts";
import { seriesTime, type SeriesTime } from "./readingTime.ts";
import { isExact, SelectedCalls, selectionFilter } from "./selectionFilter.ts";
import { commonTimes, hasData, latencyAt, SeriesSums, tableAt } from "./seriesSums.ts";
import { storesToAsk } from "./storesToAsk.ts";
import type { SelectionSeries, TopologyInput } from "./topologyReading.ts";

/**
 * The selection over time, from all stores at the same times. What a store that counts for it does not tell is NaN and a
 * problem, never a lower number; where all fail, the first failure is thrown.
 */
export async function readSelectionSeries(
  input: TopologyInput,
  { reading, calls, time }: Selection & { readonly time: SeriesTime },
  tools: Pick<ReadingTools, "clock" | "log">,
  signal: AbortSignal,
): Promise<SelectionSeries> {
  const where = selectionFilter(calls);
  const asked = await ask(input, { reading, calls, time }, tools, signal);
  const { answers } = asked;
  const { times, steps } = commonTimes(answers.map(({ series }) => series));
  const known = completenessOf(asked, { reading, calls });
  const sums = new SeriesSums(times, known);
  const selected = new SelectedCalls(calls);
  const options = { ambient: reading.query.ambient, speakers: reading.speakers ?? [] };
  for (let at = 0; at < times.length; at++) {
    const now = answers.map(({ store, series: { edges } }, i) => ({ store, edges, step: steps[i]?.[at] ?? -1 }));
    const telling = now.filter(({ edges }) => edges.length > 0);
    // A store that knows the selection and nothing of this time was not told: the others' sum would be too low.
    if (telling.length === 0 || !telling.every(({ edges, step }) => hasData(edges, step))) continue;
    const stores = now.map(({ store, edges, step }) => {
      return answerOf(store, tableAt(edges, step), reading.kept?.get(store.source.id)?.answer);
    });
    const counted = await countOnce(stores, options, { clock: tools.clock, signal });
    sums.add(
      at,
      counted.calls.filter((call) => selected.has(call)),
    );
  }
  return {
    ...sums.result,
    latency: known.latency && isExact(where, selected, reading.calls) ? latencyOf(asked, steps) : undefined,
    problems: known.problems,
    provenance: answers.flatMap(({ series }) => series.provenance),
  };
}

async function ask(
  input: TopologyInput,
  { reading, calls, time }: Selection & { readonly time: SeriesTime },
  { log }: Pick<ReadingTools, "log">,
  signal: AbortSignal,
): Promise<AskedSeries> {
  if (calls.length === 0) return { answers: [], failures: [] };
  const stores = storesToAsk(input.stores);
  const scrapes = stores.map(({ capabilities }) => capabilities?.scrapeIntervalSeconds);
  const question = {
    ...seriesTime(time, scrapes, reading.windowSeconds),
    namespaces: reading.query.namespaces,
    where: selectionFilter(calls),
  };
  return askSeries(stores, question, log, signal);
}

/** Quantiles of several stores cannot be put together. */
function latencyOf({ answers }: AskedSeries, steps: readonly Int32Array[]): SelectionSeries["latency"] {
  const told = answers.flatMap(({ series }, i) => (series.latency ? [{ latency: series.latency, at: steps[i] }] : []));
  const [only] = told;
  return told.length === 1 && only?.at ? latencyAt(only.latency, only.at) : undefined;
}
