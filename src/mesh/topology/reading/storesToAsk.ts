import type { TelemetrySource } from "../../ports.ts";
import type { Capabilities } from "../../telemetry/capabilities.ts";
import type { StoreHome } from "../../telemetry/edges/storeAnswer.ts";
import type { StoreEntry } from "./topologyReading.ts";

/** One store, however many contexts found it. */
export interface StoreToAsk {
  readonly source: TelemetrySource;
  readonly capabilities: Capabilities | undefined;
  readonly homes: readonly StoreHome[];
}

export function storesToAsk(entries: readonly StoreEntry[]): readonly StoreToAsk[] {
  const byId = new Map<string, StoreToAsk>();
  for (const { source, capabilities, cluster } of entries) {
    if (!source) continue;
    const there = byId.get(source.id);
    byId.set(source.id, {
      source: there?.source ?? source,
      capabilities: there?.capabilities ?? capabilities,
      homes: [...(there?.homes ?? []), ...(cluster ? [cluster] : [])],
    });
  }
  return [...byId.values()];
}

/** Of the slowest store; undefined where none tells. */
export function scrapeSecondsOf(stores: readonly StoreToAsk[]): number | undefined {
  const told = stores.flatMap(({ capabilities }) => capabilities?.scrapeIntervalSeconds ?? []);
  return told.length > 0 ? Math.max(...told) : undefined;
}
