import type { Health } from "../../src/mesh/health/verdict.ts";
import type { ListWhat } from "../../src/protocol/lists/listsContract.ts";
import { listStates } from "../../src/protocol/lists/listSnapshotOf.ts";
import { columnIds, type ColumnId } from "./columns.ts";
import type { Order } from "./listRows.ts";
import { listNames } from "./readers.ts";

/** How one list is looked at. */
export interface ListLook {
  readonly order: Order;
  /** In this order; null: those shown at first. */
  readonly columns: readonly ColumnId[] | null;
}

/** How a person looks at the lists; never what the mesh holds. Kept by `setState`, read back after a reload. */
export interface ListsState {
  readonly version: 1;
  /** null: no list has been opened yet. */
  readonly what: ListWhat | null;
  readonly text: string;
  readonly hiddenStates: readonly Health[];
  readonly looks: Readonly<Record<ListWhat, ListLook>>;
}

const longestText = 10_000;

const firstLook: ListLook = { order: { column: "state", isDescending: true }, columns: null };
export const firstState: ListsState = {
  version: 1,
  what: null,
  text: "",
  hiddenStates: [],
  looks: { services: firstLook, workloads: firstLook },
};

/** What was kept, if this version of the page wrote it whole; else undefined, and the page starts clean. */
export function parseListsState(kept: unknown): ListsState | undefined {
  if (!isRecord(kept) || kept["version"] !== 1) return undefined;
  const { text, hiddenStates, looks } = kept;
  const what = kept["what"] === null ? null : listNames.find((name) => name === kept["what"]);
  if (what === undefined || typeof text !== "string" || text.length > longestText) return undefined;
  if (!Array.isArray(hiddenStates) || !isRecord(looks)) return undefined;
  const services = parseLook(looks["services"]);
  const workloads = parseLook(looks["workloads"]);
  if (!services || !workloads) return undefined;
  const hidden = listStates.filter((state) => hiddenStates.includes(state));
  return { version: 1, what, text, hiddenStates: hidden, looks: { services, workloads } };
}

function parseLook(value: unknown): ListLook | undefined {
  if (!isRecord(value) || !isRecord(value["order"])) return undefined;
  const column = columnOf(value["order"]["column"]);
  const { isDescending } = value["order"];
  if (!column || typeof isDescending !== "boolean") return undefined;
  const order = { column, isDescending };
  const { columns } = value;
  if (columns === null) return { order, columns };
  if (!Array.isArray(columns) || columns.length > columnIds.length) return undefined;
  const known = new Set(columns.flatMap((id) => columnOf(id) ?? []));
  // The name says what a row is: it is first and always there.
  known.delete("name");
  return { order, columns: ["name", ...known] };
}

function columnOf(value: unknown): ColumnId | undefined {
  return columnIds.find((id) => id === value);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
