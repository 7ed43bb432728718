import { say } from "../mesh/message.ts";
import type { Draft } from "../sources/demo/world/draft.ts";
import { meshServices } from "../sources/demo/world/drawWorld.ts";
import { drawShop } from "../sources/demo/world/shopWorld.ts";
import type { Terminal } from "./terminal.ts";

export type DemoClusters = readonly ("eu" | "us")[];

/** How many services the demo mesh has when so many are wanted: never fewer than its shop's own. */
export function demoSize(wanted: number | undefined, clusters: DemoClusters): number {
  const shop: Draft = { services: [], workloads: [], externals: [], calls: [] };
  drawShop(shop, clusters);
  return Math.max(wanted ?? 0, meshServices(shop));
}

/** Says on stderr where there are more services than were asked for. */
export function noteRaised(wanted: number | undefined, clusters: DemoClusters, terminal: Terminal): void {
  const size = demoSize(wanted, clusters);
  if (wanted === undefined || wanted >= size) return;
  terminal.note(say("--services {0} is raised to {1}: the shop's own services are always there.", wanted, size));
}
