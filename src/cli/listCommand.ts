import { meshRows, serviceRows, workloadRows, type MeshListRow, type TrafficListRow } from "../mesh/explorer/rows.ts";
import { createFormat, noData, type Format } from "../mesh/format/format.ts";
import type { ClusterStatus, LiveMesh } from "../mesh/live/liveMesh.ts";
import { isSettled } from "../mesh/live/whenSettled.ts";
import { MeshError } from "../mesh/meshError.ts";
import { fill, say, type Message } from "../mesh/message.ts";
import type { Log } from "../mesh/ports.ts";
import type { ListCommand, ListName } from "./commandLine.ts";
import { fitColumns } from "./fitColumns.ts";
import { openMesh } from "./openMesh.ts";
import { limitSeconds, readMesh } from "./readMesh.ts";
import { healthCell, left, right } from "./listCells.ts";
import { listOverview } from "./listOverview.ts";
import { table, type Cell } from "./table.ts";
import type { Terminal } from "./terminal.ts";

/** Prints what a context can tell and says what it cannot. The exit code: 0, or 1 where a context or its numbers failed. */
export async function listCommand(
  command: ListCommand,
  terminal: Terminal,
  log: Log,
  signal: AbortSignal,
): Promise<number> {
  const live = await openMesh(command, terminal, log);
  try {
    const isInTime = await readMesh(live, signal);
    const rowCount =
      command.what === "overview"
        ? await listOverview(command, live, terminal, signal)
        : await (command.format === "json" ? printJson : printTable)(
            { ...command, what: command.what },
            live,
            terminal,
          );
    const failures = live.clusters.filter((status, i) =>
      report(status, { live, index: i, isInTime, command }, terminal),
    );
    if (rowCount === 0 && failures.length === 0) terminal.note(nothing[command.what]);
    return failures.length > 0 ? 1 : 0;
  } finally {
    live.dispose();
  }
}

const nothing: Readonly<Record<ListName, Message>> = {
  overview: say("There is no mesh to look at."),
  meshes: say("There are no meshes to list."),
  services: say("There are no services to list."),
  workloads: say("There are no workloads to list."),
};

interface Told {
  readonly live: LiveMesh;
  readonly index: number;
  readonly isInTime: boolean;
  readonly command: ListCommand;
}

/** Says on stderr what is missing of a context; true where that is a failure. */
function report(status: ClusterStatus, told: Told, terminal: Terminal): boolean {
  const { context, error } = status;
  if (error) {
    terminal.fail(error, context);
    return true;
  }
  if (!told.isInTime && !isSettled(status, told.live.scopes[told.index])) {
    terminal.fail(tooLate(), context);
    return true;
  }
  if (status.state === "noIstio") terminal.note(say("{0}: no Istio was found in this cluster.", context));
  noteUnread(status, told.live, terminal);
  return told.command.what !== "meshes" && reportNumbers(status, told.command, terminal);
}

function tooLate(): MeshError {
  return new MeshError(
    "timeout",
    say("Not everything was read within {0} seconds; rows may be missing", limitSeconds),
    {
      hint: say("Narrow it down with --namespace"),
    },
  );
}

function noteUnread({ context, key }: ClusterStatus, live: LiveMesh, terminal: Terminal): void {
  const cluster = live.meshes.flatMap((mesh) => mesh.clusters).find((known) => known.key === key);
  const reasons = new Set(cluster?.unread.map(({ error }) => error.message));
  for (const reason of reasons) terminal.note(say("{0}: not everything is shown. {1}", context, reason));
}

function reportNumbers({ context, telemetry }: ClusterStatus, { where }: ListCommand, terminal: Terminal): boolean {
  if (telemetry.state === "ready") return false;
  if (telemetry.state === "error") {
    if (telemetry.error) terminal.fail(telemetry.error, context);
    return true;
  }
  terminal.note(say("{0}: no numbers, because no metrics store was found.", context));
  for (const { tried, answer } of telemetry.steps) terminal.note(say("  {0}: {1}", fill(tried), fill(answer)));
  if (where.prometheus.size > 0) return true;
  terminal.note(say("  Name one with --prometheus ADDRESS."));
  return false;
}

/** A list of rows of one kind. */
type RowsCommand = ListCommand & { readonly what: Exclude<ListName, "overview"> };

/** Gives how many rows there are. */
async function printJson({ what, namespaces }: RowsCommand, live: LiveMesh, terminal: Terminal): Promise<number> {
  const rows = what === "meshes" ? meshRows(live) : trafficRowsOf(what, live, namespaces);
  await terminal.print(`${JSON.stringify(rows, undefined, 2)}\n`);
  return rows.length;
}

/** Gives how many rows there are; titles alone are not printed. */
async function printTable(command: RowsCommand, live: LiveMesh, terminal: Terminal): Promise<number> {
  const { columns, rows } = tableOf(command, live, createFormat(terminal.locale));
  if (rows.length === 0) return 0;
  const fitting = fitColumns(columns, rows, spareColumns, terminal.columns);
  await terminal.print(table(fitting.columns, fitting.rows, terminal.isColoured));
  if (fitting.leftOut.length > 0) {
    const without = fitting.leftOut.join(", ");
    terminal.note(say("Left out for lack of room: {0}. A wider terminal and --format json have all.", without));
  }
  return rows.length;
}

function tableOf({ what, namespaces }: RowsCommand, live: LiveMesh, format: Format) {
  if (what === "meshes") return { columns: meshColumns, rows: meshRows(live).map((row) => meshCells(row, format)) };
  const isOne = new Set(live.clusters.map(({ context }) => context)).size === 1;
  const from = isOne ? 1 : 0;
  const rows = trafficRowsOf(what, live, namespaces);
  return { columns: trafficColumns.slice(from), rows: rows.map((row) => trafficCells(row, format).slice(from)) };
}

function trafficRowsOf(what: "services" | "workloads", live: LiveMesh, namespaces: ListCommand["namespaces"]) {
  return what === "services" ? serviceRows(live, namespaces) : workloadRows(live, namespaces);
}

const meshColumns = [
  left("MESH"),
  left("CLUSTER"),
  left("ISTIO"),
  left("REVISIONS"),
  left("DATA PLANE"),
  left("IN MESH"),
  left("HEALTH"),
];
const trafficColumns = [
  ...[left("CLUSTER"), left("NAMESPACE"), left("NAME"), left("KIND"), left("HEALTH"), right("RATE"), right("ERRORS")],
  ...[right("P95"), right("RECEIVED"), right("SENT"), left("MESH")],
];

/** What a narrow terminal can do without, first to go first. */
const spareColumns = ["SENT", "RECEIVED", "KIND", "REVISIONS", "MESH", "DATA PLANE", "P95"];

function meshCells(row: MeshListRow, format: Format): readonly Cell[] {
  const counts = fill(say("{0} of {1}", format.count(row.servicesInMesh), format.count(row.services)));
  const words = [
    row.mesh,
    row.cluster,
    row.version ?? "unknown",
    row.revisions.join(", ") || noData,
    row.dataPlane ?? "unknown",
  ];
  return [...words.map((word) => ({ text: word })), { text: counts }, healthCell(row.health)];
}

function trafficCells(row: TrafficListRow, format: Format): readonly Cell[] {
  const isIdle = row.rps === 0 && row.errorRate === null && !isMoving(row);
  const rate = isIdle ? "idle" : format.rate(row.rps);
  return [
    ...[row.cluster, row.namespace, row.name, row.kind].map((word) => ({ text: word })),
    healthCell(row.health),
    { text: rate, ...(isIdle ? { colour: "dim" as const } : {}) },
    { text: format.share(row.errorRate) },
    { text: format.latency(row.p95) },
    { text: isMoving(row) ? format.throughput(row.receivedBytesPerSecond) : noData },
    { text: isMoving(row) ? format.throughput(row.sentBytesPerSecond) : noData },
    { text: row.inMesh === null ? noData : row.inMesh ? "yes" : "no" },
  ];
}

function isMoving({ receivedBytesPerSecond, sentBytesPerSecond }: TrafficListRow): boolean {
  return (receivedBytesPerSecond ?? 0) + (sentBytesPerSecond ?? 0) > 0;
}
