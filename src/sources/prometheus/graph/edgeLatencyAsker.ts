import { MeshError } from "../../../mesh/meshError.ts";
import { say } from "../../../mesh/message.ts";
import type { LatencyTable } from "../../../mesh/telemetry/edges/edgeAnswer.ts";
import type { EdgeLabel } from "../../../mesh/telemetry/edges/edgeTable.ts";
import type { SeriesTable } from "../decoding/seriesColumns.ts";
import { edgeLatency, pinnedEdgeLatency, type LatencyScope } from "../queries/edgeLatency.ts";
import { notKnown } from "../queries/latencyAsker.ts";
import type { EdgeAsker, EdgeReply } from "./edgeAsker.ts";

export interface LatencyReply {
  readonly reply: EdgeReply;
  readonly table: LatencyTable | undefined;
}

/** Asks for the quantiles of one grouping in the cheapest way that the store knows. */
export class EdgeLatencyAsker {
  #knowsPins = true;

  async ask(asker: EdgeAsker, scope: LatencyScope, atMillis: number, signal: AbortSignal): Promise<LatencyReply> {
    const { by } = scope;
    const what = by.length > 0 ? say("Latency by {0}", by.join(", ")) : say("Latency");
    const question = { what, about: "latency" } as const;
    if (this.#knowsPins) {
      const { query, times } = pinnedEdgeLatency(scope, atMillis / 1000);
      const at = { first: Math.min(...Object.values(times)), step: 1, count: 3 };
      const reply = await asker.ask({ ...question, query, labels: by, at }, signal);
      if (reply.series) return { reply, table: pinnedTable(by, reply.series) };
      if (!mayNotKnow(reply.failure)) return { reply, table: undefined };
    }
    const query = edgeLatency(scope);
    const reply = await asker.ask({ ...question, query, labels: [...by, "quantile"], at: atMillis }, signal);
    // Only now it is certain that the other way was the trouble.
    if (reply.series) this.#knowsPins = false;
    return { reply, table: reply.series && markedTable(by, reply.series) };
  }
}

function mayNotKnow(failure: MeshError | undefined): boolean {
  return MeshError.is(failure) && notKnown.includes(failure.kind);
}

function pinnedTable(by: readonly EdgeLabel[], { length, strings, labels, values }: SeriesTable): LatencyTable {
  const quantile = (index: number): Float64Array =>
    Float64Array.from({ length }, (_, row) => values[row * 3 + index] ?? NaN);
  const columns = Object.fromEntries(by.map((label) => [label, labels.get(label) ?? new Uint32Array(length)]));
  return { by, length, strings, labels: columns, p50: quantile(0), p95: quantile(1), p99: quantile(2) };
}

/** Each group has a series for each quantile. */
function markedTable(by: readonly EdgeLabel[], series: SeriesTable): LatencyTable {
  const groups = new Map<string, number[]>();
  const quantileOf = ["0.5", "0.95", "0.99"].map((quantile) => series.strings.indexOf(quantile));
  const firstRows: number[] = [];
  for (let row = 0; row < series.length; row++) {
    const key = by.map((label) => series.labels.get(label)?.[row]).join();
    let group = groups.get(key);
    if (!group) {
      groups.set(key, (group = [NaN, NaN, NaN]));
      firstRows.push(row);
    }
    const index = quantileOf.indexOf(series.labels.get("quantile")?.[row] ?? 0);
    if (index >= 0) group[index] = series.values[row] ?? NaN;
  }
  const quantile = (index: number): Float64Array => Float64Array.from(groups.values(), (group) => group[index] ?? NaN);
  const columns = Object.fromEntries(
    by.map((label) => [label, Uint32Array.from(firstRows, (row) => series.labels.get(label)?.[row] ?? 0)]),
  );
  const { strings } = series;
  return { by, length: groups.size, strings, labels: columns, p50: quantile(0), p95: quantile(1), p99: quantile(2) };
}
