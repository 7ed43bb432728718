import type { Format } from "../../src/mesh/format/format.ts";
import { noData } from "../../src/mesh/format/format.ts";
import { say, type Message } from "../../src/mesh/message.ts";
import type { ListNumber, ListSnapshot, ListWhat } from "../../src/protocol/lists/listsContract.ts";
import { listStates } from "../../src/protocol/lists/listSnapshotOf.ts";
import { stateWords } from "../shared/healthWords.ts";
import { words } from "../shared/words.ts";

/** Names are promises to what pages have kept. */
export const columnIds = [
  "name",
  "state",
  "namespace",
  "cluster",
  "kind",
  "spark",
  "rps",
  "errorRate",
  "p50",
  "p95",
  "p99",
  "receivedBytesPerSecond",
  "sentBytesPerSecond",
  "members",
  "findings",
  "configuration",
  "notes",
] as const;
export type ColumnId = (typeof columnIds)[number];

/** Columns that texts of the snapshot's table stand in. */
export const textColumns = {
  name: "names",
  namespace: "namespaces",
  cluster: "clusters",
  kind: "kinds",
  configuration: "configuration",
  notes: "notes",
} as const satisfies Partial<Record<ColumnId, keyof ListSnapshot>>;
export type TextColumn = keyof typeof textColumns;

export const trafficNumbers: ReadonlySet<ColumnId> = new Set<ListNumber>([
  ...(["rps", "errorRate", "p50", "p95", "p99"] as const),
  ...(["receivedBytesPerSecond", "sentBytesPerSecond"] as const),
]);

const hiddenAtFirst: ReadonlySet<ColumnId> = new Set<ColumnId>(["kind", "p50"]);

const titles: Readonly<Record<ColumnId, Message>> = {
  name: say("Name"),
  state: say("State"),
  namespace: say("Namespace"),
  cluster: say("Cluster"),
  kind: say("Kind"),
  spark: say("Trend"),
  rps: say("Requests"),
  errorRate: say("Errors"),
  p50: say("p50"),
  p95: say("p95"),
  p99: say("p99"),
  receivedBytesPerSecond: say("TCP received"),
  sentBytesPerSecond: say("TCP sent"),
  members: say("Members"),
  findings: say("Findings"),
  configuration: say("Configuration"),
  notes: say("Notes"),
};
const members: Readonly<Record<ListWhat, Message>> = { services: say("Clusters"), workloads: say("Pods ready") };

const hints: Partial<Readonly<Record<ColumnId, Message>>> = {
  spark: say("Requests over time, or bytes where there are no requests; each row has its own scale"),
  findings: say("What is amiss with it or its pods by itself"),
  configuration: say("Kinds of configuration that act on it"),
  notes: say("What metadata providers say of it"),
};

/** Least width, and its part of what is left over. Of no row's texts: a refresh would move the columns. */
const widths: Readonly<Record<ColumnId, readonly [least: string, share: number]>> = {
  name: ["20ch", 2],
  state: ["20ch", 0],
  namespace: ["12ch", 1],
  cluster: ["12ch", 1],
  kind: ["14ch", 0],
  spark: ["88px", 0],
  rps: ["13ch", 0],
  errorRate: ["11ch", 0],
  p50: ["11ch", 0],
  p95: ["11ch", 0],
  p99: ["11ch", 0],
  receivedBytesPerSecond: ["16ch", 0],
  sentBytesPerSecond: ["14ch", 0],
  members: ["13ch", 0],
  findings: ["12ch", 0],
  configuration: ["18ch", 1.4],
  notes: ["18ch", 1.4],
};

export function columnTitle(id: ColumnId, what: ListWhat): string {
  return words(id === "members" ? members[what] : titles[id]);
}

/** What a column's title alone does not say. */
export function columnHint(id: ColumnId): string {
  const hint = hints[id];
  return hint ? words(hint) : "";
}

/** As a grid's template and the least width of a row; a narrow page has less room for what stays in sight. */
export function columnWidths(
  ids: readonly ColumnId[],
  isNarrow: boolean,
): { readonly template: string; readonly least: string } {
  const found = ids.map((id) => (isNarrow && id === "name" ? (["15ch", 1] as const) : widths[id]));
  return {
    template: found.map(([least, share]) => (share > 0 ? `minmax(${least}, ${share}fr)` : least)).join(" "),
    least: `calc(${found.map(([least]) => least).join(" + ")})`,
  };
}

/** What is shown until a person chose; notes only where somebody has any. */
export function columnsAtFirst(list: ListSnapshot | undefined): readonly ColumnId[] {
  const hasNotes = list?.notes.some((note) => note !== 0) ?? false;
  return columnIds.filter((id) => !hiddenAtFirst.has(id) && (id !== "notes" || hasNotes));
}

export function isText(id: ColumnId): id is TextColumn {
  return Object.hasOwn(textColumns, id);
}

export function isNumber(id: ColumnId): id is ListNumber {
  return !isText(id) && id !== "state" && id !== "spark";
}

export function textAt(list: ListSnapshot, id: TextColumn, row: number): string {
  return list.strings[list[textColumns[id]][row] ?? 0] ?? "";
}

export function stateAt(list: ListSnapshot, row: number): (typeof listStates)[number] {
  return listStates[list.states[row] ?? 4] ?? "unknown";
}

/** What a cell reads; a line has no text. */
export function cellText(list: ListSnapshot, id: ColumnId, row: number, format: Format): string {
  if (id === "spark") return "";
  if (id === "state") return words(stateWords[stateAt(list, row)]);
  if (isText(id)) return textAt(list, id, row) || noData;
  if (id === "rps" && list.idle[row] === 1) return words(stateWords.idle);
  return numberText(id, list.numbers[id][row] ?? NaN, format);
}

export function numberText(id: ListNumber, value: number, format: Format): string {
  switch (id) {
    case "rps":
      return format.rate(value);
    case "errorRate":
      return format.share(value);
    case "receivedBytesPerSecond":
    case "sentBytesPerSecond":
      return format.throughput(value);
    case "members":
    case "findings":
      return format.count(value);
    case "p50":
    case "p95":
    case "p99":
      return format.latency(value);
  }
}

/** Takes a column one place towards the start or the end; the name stays first. */
export function movedColumn(ids: readonly ColumnId[], id: ColumnId, by: -1 | 1): readonly ColumnId[] {
  const at = ids.indexOf(id);
  const to = at + by;
  if (at < 1 || to < 1 || to >= ids.length) return ids;
  const moved = [...ids];
  moved.splice(at, 1);
  moved.splice(to, 0, id);
  return moved;
}

/** Shows a column at the end, or hides it; the name is always there. */
export function toggledColumn(ids: readonly ColumnId[], id: ColumnId): readonly ColumnId[] {
  if (id === "name") return ids;
  return ids.includes(id) ? ids.filter((one) => one !== id) : [...ids, id];
}
