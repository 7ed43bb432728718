import { knownValue } from "../../telemetry/specialValues.ts";
import type { ClusterPlace } from "../../telemetry/edges/calls.ts";
import type { Counted } from "../../telemetry/edges/countOnce.ts";
import type { LatencyTable } from "../../telemetry/edges/edgeAnswer.ts";
import type { EdgeLabel } from "../../telemetry/edges/edgeTable.ts";
import type { Slices } from "../../telemetry/edges/slices.ts";
import { groupingLabels, type LatencyRow, type LatencyScope, type PlacedLatency } from "./latencyGroupings.ts";

/** A latency table, and the place of its store among those that were counted. */
export interface StoreLatency {
  readonly store: number;
  readonly sourceId: string;
  readonly table: LatencyTable;
}

/**
 * Latencies of one scope from all stores. What goes to a cluster is measured there, so the store whose reports of that
 * cluster count speaks; where nobody reports from there, the one that counts for the caller does. Histograms of two rows
 * cannot be put together any more: the one that names its cluster is taken, which the answering side told.
 */
export async function placeLatency(
  scope: LatencyScope,
  tables: readonly StoreLatency[],
  counted: Pick<Counted, "speakers" | "placeOf">,
  slices: Slices,
): Promise<PlacedLatency> {
  const speakers = new Map(counted.speakers.map(({ place, sourceId }) => [place, sourceId]));
  const rows = new Map<string, LatencyRow>();
  const sure = new Set<string>();
  for (const { store, sourceId, table } of tables.filter((candidate) => hasLabels(candidate.table, scope))) {
    const text = textsOf(table);
    await slices.over(table.length, (from, to) => {
      for (let i = from; i < to; i++) {
        const isTold = knownValue(text("destination_cluster", i)) !== undefined;
        const toldOf = (label: EdgeLabel) =>
          knownValue(text(label, i)) === undefined ? undefined : counted.placeOf(store, text(label, i));
        const toldSource = toldOf("source_cluster");
        const place = toldOf("destination_cluster") ?? toldSource ?? counted.placeOf(store, "");
        // As calls have it: a caller that does not say where it is, is where its requests end.
        const sourcePlace = table.labels.source_cluster && (toldSource ?? place);
        if (!place || !isSpeaking(speakers, sourceId, place, sourcePlace)) continue;
        const row = rowOf(table, i, { sourcePlace, destinationPlace: place, text });
        const key = keyOf(row);
        if (rows.has(key) && (sure.has(key) || !isTold)) continue;
        rows.set(key, row);
        if (isTold) sure.add(key);
      }
    });
  }
  return { scope, rows: [...rows.values()] };
}

function hasLabels(table: LatencyTable, scope: LatencyScope): boolean {
  const labels = groupingLabels(scope);
  return table.by.length === labels.length && labels.every((label) => table.by.includes(label));
}

function isSpeaking(
  speakers: ReadonlyMap<ClusterPlace, string>,
  sourceId: string,
  destination: ClusterPlace,
  source: ClusterPlace | undefined,
): boolean {
  const speaker = speakers.get(destination) ?? (source && speakers.get(source));
  return speaker === undefined || speaker === sourceId;
}

type Texts = (label: EdgeLabel, row: number) => string;

function textsOf({ labels, strings }: LatencyTable): Texts {
  return (label, row) => strings[labels[label]?.[row] ?? 0] ?? "";
}

interface Where {
  readonly sourcePlace: ClusterPlace | undefined;
  readonly destinationPlace: ClusterPlace;
  readonly text: Texts;
}

function rowOf(
  { by, p50, p95, p99 }: LatencyTable,
  i: number,
  { sourcePlace, destinationPlace, text }: Where,
): LatencyRow {
  const told = (label: EdgeLabel) => knownValue(text(label, i)) ?? (by.includes(label) ? "unknown" : "");
  const isByApp = by.some((label) => label.endsWith("_canonical_service"));
  return {
    sourcePlace,
    sourceNamespace: told("source_workload_namespace"),
    source: told(isByApp ? "source_canonical_service" : "source_workload"),
    destinationPlace,
    serviceNamespace: told("destination_service_namespace"),
    service: told("destination_service_name"),
    destinationNamespace: told("destination_workload_namespace"),
    destination: told(isByApp ? "destination_canonical_service" : "destination_workload"),
    protocol: (knownValue(text("request_protocol", i)) ?? "http").toLowerCase(),
    p50: p50[i] ?? NaN,
    p95: p95[i] ?? NaN,
    p99: p99[i] ?? NaN,
  };
}

function keyOf(row: LatencyRow): string {
  const place = ({ label, key }: ClusterPlace) => [label, key ?? ""];
  return JSON.stringify([
    row.sourcePlace ? place(row.sourcePlace) : "",
    row.sourceNamespace,
    row.source,
    place(row.destinationPlace),
    row.serviceNamespace,
    row.service,
    row.destinationNamespace,
    row.destination,
    row.protocol,
  ]);
}
