import type { Health } from "../health/verdict.ts";
import type { Message } from "../message.ts";
import type { Unit } from "../telemetry/levels/levelTelemetry.ts";
import type { Cell, Column } from "./level.ts";

export function textCell(text: string): Cell {
  return { is: "text", text };
}

export function wordsCell(words: Message): Cell {
  return { is: "words", words };
}

export function stateCell(state: Health, words?: Message): Cell {
  return { is: "state", state, ...(words ? { words } : {}) };
}

export function numberCell(value: number, unit: Unit, limit = NaN): Cell {
  return { is: "number", value, unit, ...(Number.isNaN(limit) ? {} : { limit }) };
}

/** No requests: known, and not "no data". */
export function rateCell(rps: number, isIdle: boolean): Cell {
  return { is: "number", value: rps, unit: "rps", ...(isIdle ? { isIdle: true } : {}) };
}

export function timeCell(time: string | undefined): Cell {
  return { is: "time", atMillis: time === undefined ? NaN : Date.parse(time) };
}

export function textColumn(id: string, title: Message): Column {
  return { id, title, isNumber: false };
}

export function numberColumn(id: string, title: Message): Column {
  return { id, title, isNumber: true };
}
