import { say, type Message } from "../../message.ts";

/** What a number counts: a share of 0 to 1, seconds, requests per second, bytes per second. */
export type Dimension = "share" | "seconds" | "rps" | "bytes";

/** Lower case; the first one is offered. What a unit is worth in base units. */
export const units: Readonly<Record<Dimension, Readonly<Record<string, number>>>> = {
  share: { "%": 0.01 },
  seconds: { ms: 1e-3, s: 1, us: 1e-6, µs: 1e-6, min: 60 },
  rps: { rps: 1, "k rps": 1e3, krps: 1e3, "/s": 1 },
  bytes: { "kb/s": 1e3, "b/s": 1, "mb/s": 1e6, "gb/s": 1e9, b: 1, kb: 1e3, mb: 1e6, gb: 1e9 },
};

const number = /^(\d+(?:\.\d*)?|\.\d+)\s*(.*)$/u;

/** "1%", "500 ms", "12", "1.2 kB/s" in base units, or why it is none. */
export function quantityOf(text: string, dimension: Dimension): number | Message {
  const [, digits = "", unit = ""] = number.exec(text.trim()) ?? [];
  const value = Number(digits);
  if (digits === "" || !Number.isFinite(value)) return say("Expected a number instead of {0}", text);
  const known = units[dimension];
  const name = unit.toLowerCase();
  const worth = Object.hasOwn(known, name) ? known[name] : undefined;
  if (worth !== undefined) return value * worth;
  if (unit !== "") return say("Unknown unit {0}; known are {1}", unit, Object.keys(known).join(", "));
  if (value === 0 || dimension === "rps" || dimension === "bytes") return value;
  return dimension === "share"
    ? say("Write a share in percent: {0}", `${text}%`)
    : say("Write a time with its unit: {0} or {1}", `${text}ms`, `${text}s`);
}

export function isUnit(text: string, dimension: Dimension): boolean {
  return Object.hasOwn(units[dimension], text.toLowerCase());
}
