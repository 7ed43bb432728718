import type { Format } from "../../../src/mesh/format/format.ts";
import { states, type EdgeLabelName } from "../../../src/protocol/topology/graphSnapshot.ts";
import type { SceneEdges } from "../scene/scene.ts";
import { labelText } from "../labelText.ts";
import { protocolName } from "../spoken.ts";

export interface EdgeWords {
  readonly label: EdgeLabelName;
  readonly format: Format;
  readonly protocols: readonly string[];
}

/** What is written on an edge; "" where there is nothing to say or nothing is known. */
export function edgeText(edges: SceneEdges, edge: number, { label, format, protocols }: EdgeWords): string {
  const errorRate = edges.errorRate[edge] ?? NaN;
  if (label === "protocol") return protocolName(protocols[edges.protocol[edge] ?? 0] ?? "");
  if (label === "errors") return Number.isNaN(errorRate) ? "" : format.share(errorRate);
  if (label === "rate") return rateText(edges, edge, format);
  const value = edges.label[edge] ?? NaN;
  return Number.isNaN(value) ? "" : labelText(label, format)(value);
}

/** Trouble brings its number along, whatever else is written. */
function rateText(edges: SceneEdges, edge: number, format: Format): string {
  const [rate, back, errorRate] = [edges.rate[edge] ?? NaN, edges.back[edge] ?? NaN, edges.errorRate[edge] ?? NaN];
  if (!Number.isNaN(back)) return format.flow(back, rate);
  if (Number.isNaN(rate)) return "";
  const state = states[edges.state[edge] ?? 0];
  const isTrouble = (state === "failing" || state === "degraded") && errorRate > 0;
  return isTrouble ? `${format.rate(rate)} · ${format.share(errorRate)}` : format.rate(rate);
}
