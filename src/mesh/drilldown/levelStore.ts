import { isAbort, MeshError } from "../meshError.ts";
import { fill, say, type Message } from "../message.ts";
import type { ClusterKey } from "../model/refs.ts";
import type { Capabilities } from "../telemetry/capabilities.ts";
import type { ClusterRows, LevelTelemetry } from "../telemetry/levels/levelTelemetry.ts";
import type { DrilldownInput } from "./drilldownInput.ts";

/** Where the numbers of a cluster are asked for. */
export interface LevelStore {
  readonly id: string;
  readonly label: string;
  readonly telemetry: LevelTelemetry;
  readonly capabilities: Capabilities | undefined;
  /** Which of Istio's rows are of this cluster. */
  readonly rows: ClusterRows;
  /** Which rows of exporters are; undefined where all of them are. */
  readonly exporterRows: ClusterRows | undefined;
}

/** The store of a cluster that can tell of levels; else why there is none. */
export function levelStoreOf(input: DrilldownInput, key: ClusterKey): LevelStore | Message {
  const entries = input.stores.filter(({ cluster }) => cluster?.key === key);
  const entry = entries.find(({ source }) => source) ?? entries[0];
  if (!entry?.source) {
    const error = entry?.status?.telemetry.error ?? entry?.status?.error;
    const context = entry?.cluster?.context ?? key;
    return error
      ? say("{0}: {1}", context, fill(error.words))
      : say("No metrics store of {0} is known. Prometheus would give requests, errors and latency", context);
  }
  const { source, capabilities } = entry;
  if (!source.levels) return say("{0} gives no numbers of single pods and nodes", source.label);
  const sharing = new Set(input.stores.flatMap((s) => (s.source?.id === source.id ? (s.cluster?.key ?? []) : [])));
  const clusterId = entry.cluster?.clusterId;
  const isOwn = sharing.size < 2;
  if (!isOwn && clusterId === undefined) {
    // Rows of such a cluster cannot be told from those of the others in the store; all of them would be false.
    const context = entry.cluster?.context ?? key;
    return say("{0} holds several clusters, and {1} does not tell Istio's ID of its own", source.label, context);
  }
  const holdsSeveral = !isOwn || (capabilities?.clusterIds.length ?? 0) > 1;
  const rows = { id: clusterId, withUnplaced: isOwn };
  return {
    id: source.id,
    label: source.label,
    telemetry: source.levels,
    capabilities,
    rows,
    // Without an ID rows of two clusters are told to be unclear; asked as all of one they would be taken for it.
    exporterRows: holdsSeveral ? rows : undefined,
  };
}

export function isStore(found: LevelStore | Message): found is LevelStore {
  return "telemetry" in found;
}

/** An answer, or why there is none; only aborts and mistakes of ours cross. */
export async function answerOrWhy<T>(asked: Promise<T>, signal: AbortSignal): Promise<T | MeshError> {
  try {
    return await asked;
  } catch (e) {
    signal.throwIfAborted();
    if (MeshError.is(e)) return e;
    if (isAbort(e)) return new MeshError("timeout", say("The question was given up"));
    throw e;
  }
}
