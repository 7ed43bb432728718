import type { Format } from "../../format/format.ts";
import type { ToleranceSet } from "../../health/tolerances.ts";
import { worse, type Health } from "../../health/verdict.ts";
import type { EdgeDraft } from "./edgeDrafts.ts";
import { flowHealth } from "./flowHealth.ts";
import type { NodeDraft } from "./nodeDrafts.ts";

/** What edges are judged with. */
export interface EdgeJudging {
  readonly format: Format;
  readonly toleratedBy: (node: NodeDraft) => ToleranceSet;
}

/** As Kiali judges edges: by what the source tolerates outbound, and by what the destination tolerates inbound. */
export function edgeState(edge: EdgeDraft, { format, toleratedBy }: EdgeJudging): Health {
  const [wanted, offered] = [toleratedBy(edge.source), toleratedBy(edge.target)];
  const calls = () => edge.calls;
  const inbound = flowHealth(edge, { format, tolerated: offered, direction: "inbound" }, calls).state;
  // The defaults say the same in both directions.
  if (wanted === offered && wanted.isUndirected) return inbound;
  return worse(inbound, flowHealth(edge, { format, tolerated: wanted, direction: "outbound" }, calls).state);
}
