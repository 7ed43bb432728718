import {
  edgeMetrics,
  type EdgeLabel,
  type EdgeMetric,
  type EdgeTable,
} from "../../../../mesh/telemetry/edges/edgeTable.ts";
import type { SeriesBook } from "./seriesBook.ts";
import { columnOf } from "./seriesFilter.ts";

/** One row to be: a series by one of its metrics. */
export interface EdgeRow {
  readonly series: number;
  readonly metric: EdgeMetric;
}

const requestMetrics: readonly EdgeMetric[] = ["requests"];
const byteMetrics: readonly EdgeMetric[] = ["tcpReceived", "tcpSent"];

/** What a series counts: requests, or bytes in both directions. */
export function metricsOf(book: SeriesBook, series: number): readonly EdgeMetric[] {
  return book.countsRequests[series] === 1 ? requestMetrics : byteMetrics;
}

/** Rows as columns, without values. */
export function edgeColumns(
  book: SeriesBook,
  rows: readonly EdgeRow[],
  labels: readonly EdgeLabel[],
): Omit<EdgeTable, "values"> {
  return {
    length: rows.length,
    strings: book.strings.slice(),
    labels: labelColumns(
      book,
      rows.map(({ series }) => series),
      labels,
    ),
    metric: Uint8Array.from(rows, ({ metric }) => edgeMetrics.indexOf(metric)),
    ztunnel: Uint8Array.from(rows, ({ series }) => book.isByZtunnel[series] ?? 0),
  };
}

/** By label: what each of the series has there. */
export function labelColumns(
  book: SeriesBook,
  series: readonly number[],
  labels: readonly EdgeLabel[],
): EdgeTable["labels"] {
  const columns: Partial<Record<EdgeLabel, Uint32Array>> = {};
  for (const label of labels) {
    const column = columnOf(label);
    const ids = new Uint32Array(series.length);
    for (let i = 0; i < ids.length; i++) ids[i] = book.labelOf(series[i] ?? 0, column);
    columns[label] = ids;
  }
  return columns;
}
