import {
  detailLabels,
  edgeLabels,
  edgeMetrics,
  type EdgeLabel,
  type EdgeRange,
} from "../../../mesh/telemetry/edges/edgeTable.ts";
import type { Pacer } from "../decoding/pacer.ts";
import type { SeriesTable } from "../decoding/seriesColumns.ts";
import { bytesMetrics, carrierMark, metricMark } from "../queries/edgeQueries.ts";
import { namespaceLabels } from "../queries/edgeSelection.ts";

/** Rows of one answer that go into a table. */
export interface EdgePart {
  readonly series: SeriesTable;
  /** Row numbers; undefined for all. */
  readonly rows?: Uint32Array;
}

export interface JoinOptions {
  readonly withDetails: boolean;
  /** Values in a row: one for each time. */
  readonly times: number;
  readonly pacer: Pacer;
}

/** Labels of a table's columns. A host is known only where the namespace of the service is not, or with the details. */
export function columnLabels(withDetails: boolean): readonly EdgeLabel[] {
  return [...edgeLabels, ...(withDetails ? detailLabels : (["destination_service"] as const))];
}

export type JoinedEdges = Omit<EdgeRange, "times">;

/** One table of several answers, whose texts are numbered anew. Others have their turn between the columns. */
export async function joinEdges(
  parts: readonly EdgePart[],
  { withDetails, times, pacer }: JoinOptions,
  signal: AbortSignal,
): Promise<JoinedEdges> {
  const length = parts.reduce((sum, part) => sum + lengthOf(part), 0);
  const { strings, numbers } = await joinTexts(parts, pacer, signal);
  const column = (label: string): Uint32Array => {
    const joined = new Uint32Array(length);
    let to = 0;
    for (const [i, { series, rows }] of parts.entries()) {
      const from = series.labels.get(label);
      const renumbered = numbers[i];
      const count = rows?.length ?? series.length;
      if (from && renumbered) {
        for (let k = 0; k < count; k++) joined[to + k] = renumbered[from[rows?.[k] ?? k] ?? 0] ?? 0;
      }
      to += count;
    }
    return joined;
  };
  const labels: Partial<Record<EdgeLabel, Uint32Array>> = {};
  for (const label of columnLabels(withDetails)) {
    labels[label] = column(label);
    await pacer.pause(signal);
  }
  const kinds = marksOf(strings, Object.keys(bytesMetrics), (mark) => edgeMetrics.findIndex((each) => each === mark));
  const metric = Uint8Array.from(column(metricMark), (text) => kinds.get(text) ?? 0);
  const ztunnelText = strings.indexOf("ztunnel");
  const ztunnel = Uint8Array.from(column(carrierMark), (text) => (text === ztunnelText && text > 0 ? 1 : 0));
  return { length, strings, labels, metric, ztunnel, points: joinValues(parts, length, times) };
}

function lengthOf({ rows, series }: EdgePart): number {
  return rows?.length ?? series.length;
}

async function joinTexts(
  parts: readonly EdgePart[],
  pacer: Pacer,
  signal: AbortSignal,
): Promise<{ readonly strings: readonly string[]; readonly numbers: readonly Uint32Array[] }> {
  const strings: string[] = [];
  const known = new Map<string, number>();
  const numbers: Uint32Array[] = [];
  for (const { series } of [{ series: { strings: [""] } }, ...parts]) {
    const renumbered = new Uint32Array(series.strings.length);
    for (const [i, text] of series.strings.entries()) {
      let number = known.get(text);
      if (number === undefined) known.set(text, (number = strings.push(text) - 1));
      renumbered[i] = number;
      if (i % 8192 === 8191) await pacer.pause(signal);
    }
    numbers.push(renumbered);
  }
  return { strings, numbers: numbers.slice(1) };
}

function marksOf(
  strings: readonly string[],
  marks: readonly string[],
  valueOf: (mark: string) => number,
): ReadonlyMap<number, number> {
  return new Map(marks.map((mark) => [strings.indexOf(mark), valueOf(mark)]));
}

function joinValues(parts: readonly EdgePart[], length: number, times: number): Float64Array {
  const values = new Float64Array(length * times);
  let to = 0;
  for (const { series, rows } of parts) {
    if (!rows) values.set(series.values, to);
    else {
      for (const [k, row] of rows.entries()) {
        values.set(series.values.subarray(row * times, (row + 1) * times), to + k * times);
      }
    }
    to += (rows?.length ?? series.length) * times;
  }
  return values;
}

/** The rows with an end in one of the namespaces: what the store does where their names fit into a query. */
export function rowsIn(series: SeriesTable, namespaces: readonly string[]): Uint32Array {
  const wanted = new Set(namespaces);
  const isWanted = Uint8Array.from(series.strings, (text) => (wanted.has(text) ? 1 : 0));
  const isHostThere = Uint8Array.from(series.strings, (text) => {
    const namespace = /^[^.]+\.([^.]+)\.svc(?:\.|$)/.exec(text)?.[1];
    return namespace !== undefined && wanted.has(namespace) ? 1 : 0;
  });
  const columns = namespaceLabels.map((label) => series.labels.get(label));
  const services = series.labels.get("destination_service_namespace");
  const hosts = series.labels.get("destination_service");
  const unplaced = new Set(["", "unknown"]);
  const rows = new Uint32Array(series.length);
  let count = 0;
  for (let row = 0; row < series.length; row++) {
    const has = columns.some((column) => isWanted[column?.[row] ?? 0] === 1);
    const isUnplaced = unplaced.has(series.strings[services?.[row] ?? 0] ?? "");
    if (has || (isUnplaced && isHostThere[hosts?.[row] ?? 0] === 1)) rows[count++] = row;
  }
  return rows.subarray(0, count);
}
