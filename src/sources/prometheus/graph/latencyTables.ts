import type { LatencyTable } from "../../../mesh/telemetry/edges/edgeAnswer.ts";
import { namespaceLabels } from "../queries/edgeSelection.ts";

/**
 * The groups that lie in one of the namespaces themselves. Others were measured with calls that were not asked for, and
 * have no number.
 */
export function latencyIn(table: LatencyTable, namespaces: readonly string[]): LatencyTable {
  const wanted = new Set(namespaces);
  const isWanted = Uint8Array.from(table.strings, (text) => (wanted.has(text) ? 1 : 0));
  const columns = namespaceLabels.flatMap((label) => table.labels[label] ?? []);
  const rows = Uint32Array.from({ length: table.length }, (_, row) => row).filter((row) =>
    columns.some((column) => isWanted[column[row] ?? 0] === 1),
  );
  const labels = Object.fromEntries(
    Object.entries(table.labels).map(([label, column]) => [label, rows.map((row) => column[row] ?? 0)]),
  );
  const chosen = (values: Float64Array): Float64Array => Float64Array.from(rows, (row) => values[row] ?? NaN);
  return {
    by: table.by,
    length: rows.length,
    strings: table.strings,
    labels,
    p50: chosen(table.p50),
    p95: chosen(table.p95),
    p99: chosen(table.p99),
  };
}
