import type { Format } from "../../src/mesh/format/format.ts";
import type { EdgeLabelName } from "../../src/protocol/topology/graphSnapshot.ts";

/** How the value of `edges.label` reads. */
export function labelText(label: EdgeLabelName, format: Format): (value: number | undefined) => string {
  if (label === "p50" || label === "p95" || label === "p99") return format.latency;
  if (label === "share" || label === "errors" || label === "mtls") return format.share;
  // Rates and protocols have columns of their own.
  return () => "";
}
