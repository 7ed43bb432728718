import type { Health } from "../../../../src/mesh/health/verdict.ts";
import type { ListRow } from "../../../../src/mesh/lists/listValues.ts";
import type { ListSnapshot, ListWhat } from "../../../../src/protocol/lists/listsContract.ts";
import { listSnapshotOf } from "../../../../src/protocol/lists/listSnapshotOf.ts";
import { say } from "../../../../src/mesh/message.ts";

export const listTime = Date.UTC(2026, 10, 22, 12, 4, 35);

export interface RowParts {
  readonly name: string;
  readonly namespace?: string;
  readonly context?: string;
  readonly state?: Health;
  readonly reasons?: readonly string[];
  readonly isIdle?: boolean;
  readonly rps?: number;
  readonly errorRate?: number;
  readonly p95?: number;
  readonly members?: number;
  readonly findings?: number;
  readonly configuration?: readonly string[];
  readonly note?: string;
  readonly spark?: readonly number[];
}

/** A list as the editor sends it; what a row does not say is no data. */
export function listOf(what: ListWhat, parts: readonly RowParts[], more: Partial<ListSnapshot> = {}): ListSnapshot {
  const kind = what === "services" ? "Service" : "Deployment";
  const rows = parts.map((part): ListRow => {
    const { name, namespace = "shop", context = "prod-eu", state = "healthy" } = part;
    return {
      id: `${context}//${kind}/${namespace}/${name}`,
      ref: { cluster: context, group: "", kind, namespace, name },
      ...{ context, state, reasons: (part.reasons ?? []).map((text) => say("{0}", text)) },
      ...{ isIdle: part.isIdle ?? false, rps: part.rps ?? NaN, errorRate: part.errorRate ?? NaN },
      ...{ p50: NaN, p95: part.p95 ?? NaN, p99: NaN, receivedBytesPerSecond: NaN, sentBytesPerSecond: NaN },
      ...{ members: part.members ?? 1, findings: part.findings ?? 0, configuration: part.configuration ?? [] },
      spark: part.spark ? Float64Array.from(part.spark) : undefined,
    };
  });
  const notes = new Map(rows.map(({ ref }, i) => [ref, parts[i]?.note ?? ""]));
  const snapshot = listSnapshotOf(
    {
      ...{ what, rows, sparkLength: parts.find(({ spark }) => spark)?.spark?.length ?? 0 },
      totals: { rps: 42, errorRate: 0.021, receivedBytesPerSecond: 1600, sentBytesPerSecond: NaN },
      ...{ windowSeconds: 300, atMillis: listTime, staleSince: undefined, problems: [] },
      provenance: [],
    },
    { say: (message) => String(message.args[0] ?? message.text), noteOf: (ref) => notes.get(ref) ?? "" },
  );
  return { ...snapshot, queries: ["sum(rate(istio_requests_total[5m]))"], ...more };
}

const states: readonly Health[] = ["failing", "degraded", "healthy", "healthy", "healthy", "idle", "unknown"];

/** So many rows with numbers that differ, in a fixed order. */
export function manyRows(count: number): readonly RowParts[] {
  return Array.from({ length: count }, (_, i): RowParts => {
    const state = states[(i * 5) % states.length] ?? "healthy";
    const isIdle = state === "idle";
    const isKnown = state !== "unknown";
    return {
      ...{ name: `service-${i}`, namespace: `team-${i % 23}`, context: i % 3 === 0 ? "prod-us" : "prod-eu", state },
      reasons: state === "failing" ? ["8.3% of 12 rps failed", "2 of 3 pods ready"] : [],
      ...{ isIdle, rps: isIdle ? 0 : isKnown ? ((i * 7919) % 9973) / 10 : NaN },
      ...{
        errorRate: isIdle || !isKnown ? NaN : ((i * 31) % 100) / 1000,
        p95: isIdle || !isKnown ? NaN : ((i * 17) % 900) / 1000,
      },
      ...{ members: (i % 3) + 1, findings: i % 11 === 0 ? 1 : 0 },
      configuration: i % 4 === 0 ? ["VirtualService", "DestinationRule"] : [],
      ...(isKnown
        ? { spark: Array.from({ length: 30 }, (_x, t) => (isIdle ? 0 : 5 + Math.sin((t + i) / 4) * 4)) }
        : {}),
    };
  });
}
