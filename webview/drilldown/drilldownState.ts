import { levelNames, type LevelPath, type LevelRef } from "../../src/mesh/drilldown/level.ts";
import { groupings } from "../../src/mesh/telemetry/levels/levelTelemetry.ts";
import type { DrilldownFacts } from "../../src/protocol/drilldown/drilldownContract.ts";
import type { ChartsState } from "../shared/charts/chartValues.ts";
import { meshPath } from "./paths.ts";

/** How a table is sorted by a person; none: in the order it came in. */
export interface Order {
  readonly column: string;
  readonly isDescending: boolean;
}

/** Where the user is and how they look at it; never what the mesh holds. Kept by `setState`, read back after a reload. */
export interface DrilldownState {
  readonly version: 1;
  /** Whose path and history these are; null: no mesh has been opened yet. */
  readonly meshId: string | null;
  readonly path: LevelPath;
  /** Newest last. */
  readonly back: readonly LevelPath[];
  readonly forward: readonly LevelPath[];
  readonly windowSeconds: number;
  /** 0: off. */
  readonly refreshSeconds: number;
  readonly rangeSeconds: number;
  /** Milliseconds since 1970; null: live. */
  readonly atMillis: number | null;
  readonly charts: ChartsState;
  /** By level and table: "meshService/workloads". */
  readonly orders: Readonly<Record<string, Order>>;
}

/** How far back one can go. */
export const longestHistory = 50;
/** More tables than there are. */
const mostOrders = 200;
const mostIds = 500;

export function firstState(defaults: DrilldownFacts["defaults"]): DrilldownState {
  return {
    version: 1,
    meshId: null,
    path: [],
    back: [],
    forward: [],
    ...defaults,
    atMillis: null,
    charts: { by: {}, stacked: [], tables: [] },
    orders: {},
  };
}

/** What of one mesh also fits another: how a person looks at it. */
export function stateOfMesh(state: DrilldownState, meshId: string): DrilldownState {
  if (state.meshId === meshId) return state;
  return { ...state, meshId, path: meshPath(meshId), back: [], forward: [], atMillis: null };
}

/** Goes to a path; where one was is kept for the way back. */
export function gone(state: DrilldownState, path: LevelPath): DrilldownState {
  const back = state.path.length === 0 ? state.back : [...state.back, state.path].slice(-longestHistory);
  return { ...state, path, back, forward: [] };
}

export function wentBack(state: DrilldownState): DrilldownState {
  const path = state.back.at(-1);
  if (!path) return state;
  const forward = [...state.forward, state.path].slice(-longestHistory);
  return { ...state, path, back: state.back.slice(0, -1), forward };
}

export function wentForward(state: DrilldownState): DrilldownState {
  const path = state.forward.at(-1);
  if (!path) return state;
  return {
    ...state,
    path,
    back: [...state.back, state.path].slice(-longestHistory),
    forward: state.forward.slice(0, -1),
  };
}

/** What was kept, if this version of the page wrote it whole; else undefined, and the page starts clean. */
export function parseDrilldownState(kept: unknown): DrilldownState | undefined {
  if (!isRecord(kept) || kept["version"] !== 1) return undefined;
  const { meshId, windowSeconds, refreshSeconds, rangeSeconds, atMillis } = kept;
  if (!(meshId === null || typeof meshId === "string")) return undefined;
  if (!isWithin(windowSeconds, 10, 86_400) || !isWithin(rangeSeconds, 10, 31_536_000)) return undefined;
  if (!isWithin(refreshSeconds, 0, 86_400) || !(atMillis === null || isWithin(atMillis, 0, 8.64e15))) return undefined;
  const path = parsePath(kept["path"]);
  const back = parseList(kept["back"], longestHistory, parsePath);
  const forward = parseList(kept["forward"], longestHistory, parsePath);
  const charts = parseCharts(kept["charts"]);
  const orders = parseOrders(kept["orders"]);
  if (!path || !back || !forward || !charts || !orders) return undefined;
  const times = { windowSeconds, refreshSeconds, rangeSeconds, atMillis };
  return { version: 1, meshId, path, back, forward, ...times, charts, orders };
}

/** A path as it was kept or sent; undefined for what is none. */
export function parsePath(value: unknown): LevelPath | undefined {
  return parseList(value, levelNames.length, parseLevelRef);
}

export function parseLevelRef(value: unknown): LevelRef | undefined {
  if (!isRecord(value) || !isRecord(value["ref"])) return undefined;
  const level = levelNames.find((name) => name === value["level"]);
  const { cluster, group, kind, namespace, name } = value["ref"];
  if (level === undefined) return undefined;
  if (typeof cluster !== "string" || typeof group !== "string" || typeof kind !== "string") return undefined;
  if (typeof namespace !== "string" || typeof name !== "string") return undefined;
  return { level, ref: { cluster, group, kind, namespace, name } };
}

function parseCharts(value: unknown): ChartsState | undefined {
  if (!isRecord(value) || !isRecord(value["by"])) return undefined;
  const by = Object.entries(value["by"]).slice(0, mostIds);
  const known = by.flatMap(([id, name]) => {
    const grouping = groupings.find((one) => one === name);
    return grouping === undefined ? [] : [[id, grouping] as const];
  });
  const stacked = parseList(value["stacked"], mostIds, parseText);
  const tables = parseList(value["tables"], mostIds, parseText);
  return stacked && tables && { by: Object.fromEntries(known), stacked, tables };
}

function parseOrders(value: unknown): Readonly<Record<string, Order>> | undefined {
  if (!isRecord(value)) return undefined;
  const orders = Object.entries(value).slice(0, mostOrders);
  const known = orders.flatMap(([id, order]) => {
    if (!isRecord(order)) return [];
    const { column, isDescending } = order;
    return typeof column === "string" && typeof isDescending === "boolean"
      ? [[id, { column, isDescending }] as const]
      : [];
  });
  return Object.fromEntries(known);
}

function parseList<T>(value: unknown, most: number, parse: (part: unknown) => T | undefined): readonly T[] | undefined {
  if (!Array.isArray(value) || value.length > most) return undefined;
  const parts = value.map(parse);
  return parts.every((part) => part !== undefined) ? parts : undefined;
}

function parseText(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isWithin(value: unknown, least: number, most: number): value is number {
  return typeof value === "number" && value >= least && value <= most;
}
