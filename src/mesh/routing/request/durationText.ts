import { duration } from "../../validation/values/durations.ts";

/** A duration as proto JSON writes it: with 0, 3, 6 or 9 digits of a second ("0.500s"). Unreadable texts stay. */
export function protoDurationText(text: string): string {
  const nanoseconds = duration(text);
  if (nanoseconds === undefined) return text;
  const total = Math.round(nanoseconds);
  const sign = total < 0 ? "-" : "";
  const seconds = Math.floor(Math.abs(total) / 1e9);
  const rest = String(Math.abs(total) % 1e9).padStart(9, "0");
  const fraction = rest.replace(/(?:000){1,3}$/u, "");
  return `${sign}${seconds}${fraction === "" ? "" : `.${fraction}`}s`;
}
