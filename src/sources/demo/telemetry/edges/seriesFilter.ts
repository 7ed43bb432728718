import type { EdgeQuery } from "../../../../mesh/telemetry/edges/edgeAnswer.ts";
import { bookLabels, type BookLabel, type SeriesBook } from "./seriesBook.ts";

const ends = ["source_workload_namespace", "destination_workload_namespace", "destination_service_namespace"] as const;

/** Whether a series is asked for: all of `where`, and one end in one of the namespaces. */
export function seriesFilter(
  book: SeriesBook,
  { where = [], namespaces }: Pick<EdgeQuery, "where" | "namespaces">,
): (series: number) => boolean {
  const idsOf = (texts: readonly string[]) => new Set(texts.map((text) => book.idOf(text)));
  const wanted = where.map(({ label, anyOf }) => ({ label: columnOf(label), ids: idsOf(anyOf) }));
  const inNamespaces = namespaces && idsOf(namespaces);
  const endColumns = ends.map(columnOf);
  return (series) => {
    if (inNamespaces && !endColumns.some((column) => inNamespaces.has(book.labelOf(series, column)))) return false;
    return wanted.every(({ label, ids }) => ids.has(book.labelOf(series, label)));
  };
}

/** The place of a label among those of a book. */
export function columnOf(label: BookLabel): number {
  return bookLabels.indexOf(label);
}
