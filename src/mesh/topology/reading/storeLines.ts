import type { ClusterPlace } from "../../telemetry/edges/calls.ts";
import type { ClusterSpeaker } from "../../telemetry/edges/clusterPlaces.ts";
import type { GraphStore } from "../graph/graph.ts";
import type { StoreToAsk } from "./storesToAsk.ts";
import type { StoreEntry } from "./topologyReading.ts";

/** How a store took part in a reading. */
export interface StoreUse {
  readonly store: StoreToAsk;
  readonly state: "ready" | "error" | "stale";
  /** When its numbers were measured (milliseconds since 1970); undefined where it gave none. */
  readonly measuredAt: number | undefined;
}

/** Which cluster's numbers come from where: a line for each connected cluster, then for each other one that reports. */
export function storeLines(
  entries: readonly StoreEntry[],
  uses: readonly StoreUse[],
  speakers: readonly ClusterSpeaker[],
): readonly GraphStore[] {
  const connected = entries.map((entry): GraphStore => {
    const { cluster, source, status } = entry;
    const speaker = cluster && speakers.find(({ place }) => place.key === cluster.key);
    const own = uses.find(({ store }) => store.source.id === source?.id);
    const use = (speaker && usedBy(speaker, uses)) ?? own;
    const name = cluster?.context ?? status?.context ?? source?.label ?? "";
    return use ? lineOf(name, use, speaker?.place) : withoutStore(name, entry);
  });
  const isShown = (place: ClusterPlace) =>
    place.key !== undefined && entries.some(({ cluster }) => cluster?.key === place.key);
  const others = speakers.flatMap((speaker): readonly GraphStore[] => {
    const use = usedBy(speaker, uses);
    return use && !isShown(speaker.place) ? [lineOf(speaker.place.label, use, speaker.place)] : [];
  });
  // A store without a cluster is told by the clusters it speaks of.
  const bare = new Set(entries.filter(({ cluster, status }) => !cluster && !status).map(({ source }) => source?.id));
  const speaking = new Set<string | undefined>(speakers.map(({ sourceId }) => sourceId));
  return [...connected.filter((_, i) => !isToldByOthers(entries[i], bare, speaking)), ...others];
}

function isToldByOthers(
  entry: StoreEntry | undefined,
  bare: ReadonlySet<string | undefined>,
  speaking: ReadonlySet<string | undefined>,
): boolean {
  return entry?.source !== undefined && !entry.cluster && bare.has(entry.source.id) && speaking.has(entry.source.id);
}

function usedBy({ sourceId }: ClusterSpeaker, uses: readonly StoreUse[]): StoreUse | undefined {
  return uses.find(({ store }) => store.source.id === sourceId);
}

function lineOf(cluster: string, { store, state, measuredAt }: StoreUse, place: ClusterPlace | undefined): GraphStore {
  return {
    cluster,
    label: store.source.label,
    state,
    measuredAt,
    isDerived: place?.isDerived ?? false,
    dialects: store.capabilities?.dialects ?? [],
    scrapeIntervalSeconds: store.capabilities?.scrapeIntervalSeconds,
  };
}

function withoutStore(cluster: string, { status }: StoreEntry): GraphStore {
  const hasFailed = status?.error !== undefined || status?.telemetry.state === "error";
  return {
    cluster,
    label: status?.telemetry.sourceLabel,
    state: hasFailed ? "error" : "none",
    measuredAt: undefined,
    isDerived: false,
    dialects: [],
    scrapeIntervalSeconds: undefined,
  };
}
