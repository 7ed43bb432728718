import type { Health } from "../mesh/health/verdict.ts";
import type { Cell, Colour, Column } from "./table.ts";

export const left = (title: string): Column => ({ title, align: "left" });
export const right = (title: string): Column => ({ title, align: "right" });

const colours: Readonly<Record<Health, Colour>> = {
  healthy: "green",
  degraded: "yellow",
  failing: "red",
  idle: "dim",
  unknown: "dim",
};

export function healthCell(health: Health): Cell {
  return { text: health, colour: colours[health] };
}
