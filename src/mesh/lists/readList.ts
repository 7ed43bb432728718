import type { DrilldownInput } from "../drilldown/drilldownInput.ts";
import { levelIndexOf } from "../drilldown/levelIndex.ts";
import type { TrafficReading } from "../explorer/join/traffic.ts";
import { isFlowing } from "../explorer/rows/rowFacts.ts";
import type { ServiceView, WorkloadView } from "../inventory/views.ts";
import type { ObjectRef } from "../model/refs.ts";
import { refId } from "../model/refs.ts";
import { selectionConfig } from "../topology/graph/selectionConfig.ts";
import type { ListRow, ListTotals, ListValues, ListWhat } from "./listValues.ts";
import { readSparks, type Sparks } from "./sparks.ts";

/**
 * The lists' own numbers, as the trees and the drill-down have them, and a small line for each row by at most two queries
 * for each metrics store. Rejects only by the signal.
 */
export async function readList(input: DrilldownInput, what: ListWhat, signal: AbortSignal): Promise<ListValues> {
  const sparks = await readSparks(input, what, signal);
  const rows =
    what === "services"
      ? input.services.map((view) => serviceRow(input, view, sparks))
      : input.workloads.map((view) => workloadRow(input, view, sparks));
  const measured = input.stores.flatMap(({ status }) => status?.telemetry.measuredAt ?? []);
  const stale = rows.flatMap(({ id }) => input.assessment(id).reading.staleSince ?? []);
  return {
    what,
    rows,
    sparkLength: sparks.length,
    totals: totalsOf(rows, input),
    windowSeconds: input.windowSeconds,
    atMillis: measured.length > 0 ? Math.min(...measured) : input.now(),
    staleSince: stale.length > 0 ? stale.reduce((a, b) => Math.min(a, b)) : undefined,
    provenance: [...input.stores.flatMap(({ status }) => status?.telemetry.provenance ?? []), ...sparks.provenance],
    problems: [
      ...input.stores.flatMap(({ status }) => status?.error?.words ?? status?.telemetry.error?.words ?? []),
      ...sparks.problems,
    ],
  };
}

function serviceRow(input: DrilldownInput, view: ServiceView, sparks: Sparks): ListRow {
  const index = levelIndexOf(input);
  const workloads = index.workloadsOf(view);
  return {
    ...rowOf(input, view),
    members: index.members(view.ref).length,
    findings: workloads.reduce((sum, { problems }) => sum + problems.length, 0),
    configuration: kindsOf(selectionConfig(input, { services: [view], workloads, callers: new Set() })),
    spark: sparks.ofService(view, input.assessment(view.id).reading),
  };
}

function workloadRow(input: DrilldownInput, view: WorkloadView, sparks: Sparks): ListRow {
  return {
    ...rowOf(input, view),
    members: view.replicas.ready,
    findings: view.problems.length,
    configuration: kindsOf(selectionConfig(input, { services: [], workloads: [view], callers: new Set() })),
    spark: sparks.ofWorkload(view, input.assessment(view.id).reading),
  };
}

type Plain = Omit<ListRow, "members" | "findings" | "configuration" | "spark">;

function rowOf(input: DrilldownInput, { id, ref }: ServiceView | WorkloadView): Plain {
  const { reading, verdict } = input.assessment(id);
  return {
    id,
    ref,
    context: levelIndexOf(input).contextOf(ref.cluster),
    state: verdict.state,
    reasons: verdict.reasons,
    isIdle: reading.kind === "idle",
    ...numbersOf(reading),
  };
}

type Numbers = Pick<
  ListRow,
  "rps" | "errorRate" | "p50" | "p95" | "p99" | "receivedBytesPerSecond" | "sentBytesPerSecond"
>;

/** As `foreyard list` has them: what only carries TCP has no rate of requests. */
export function numbersOf({ kind, requests, latency, tcp }: TrafficReading): Numbers {
  const isRequested = kind !== "none" && (requests?.rps ?? 0) > 0;
  const isKnownZero = kind === "idle" || (kind !== "none" && requests !== undefined && !isFlowing(tcp));
  const quantile = (value: number | null | undefined): number => (isRequested ? (value ?? NaN) : NaN);
  return {
    rps: isRequested ? (requests?.rps ?? NaN) : isKnownZero ? 0 : NaN,
    errorRate: isRequested && requests ? requests.errorsPerSecond / requests.rps : NaN,
    p50: quantile(latency?.p50),
    p95: quantile(latency?.p95),
    p99: quantile(latency?.p99),
    receivedBytesPerSecond: kind === "none" ? NaN : (tcp?.receivedBytesPerSecond ?? NaN),
    sentBytesPerSecond: kind === "none" ? NaN : (tcp?.sentBytesPerSecond ?? NaN),
  };
}

/** Sums over what is known. Rows of gateways that only pass on are left out: the services behind count the same requests. */
function totalsOf(rows: readonly ListRow[], input: DrilldownInput): ListTotals {
  const own = rows.filter(({ id }) => input.assessment(id).reading.isForwarded !== true);
  const sum = (of: (row: ListRow) => number): number => {
    const known = own.map(of).filter((value) => !Number.isNaN(value));
    return known.length > 0 ? known.reduce((a, b) => a + b, 0) : NaN;
  };
  const rps = sum((row) => row.rps);
  const errors = sum((row) => row.rps * row.errorRate);
  return {
    rps,
    errorRate: rps > 0 ? (Number.isNaN(errors) ? 0 : errors) / rps : NaN,
    receivedBytesPerSecond: sum((row) => row.receivedBytesPerSecond),
    sentBytesPerSecond: sum((row) => row.sentBytesPerSecond),
  };
}

function kindsOf(refs: readonly ObjectRef[]): readonly string[] {
  return [...new Set(refs.map(({ kind }) => kind))];
}

/** The row's object, for what is done with it; undefined where it is gone. */
export function listedRef(input: DrilldownInput, what: ListWhat, id: string): ObjectRef | undefined {
  const views = what === "services" ? input.services : input.workloads;
  return views.find(({ ref }) => refId(ref) === id)?.ref;
}
