import type { ResourceMetrics } from "../drilldown/drilldownInput.ts";
import { fieldsAt, listAt, textAt } from "../model/fields.ts";
import type { KubeObject } from "../model/kubeObject.ts";
import { parseQuantity } from "../model/quantity.ts";

type Row = ResourceMetrics["rows"][number];

/** Reads metrics.k8s.io PodMetrics. */
export function readPodMetrics(objects: readonly KubeObject[], nowMillis: number): ResourceMetrics {
  const rows = objects.flatMap(({ metadata: { namespace = "", name }, ...object }) =>
    listAt(object, "containers").map((container): Row => {
      return { namespace, name, container: textAt(container, "name") ?? "", ...usageOf(container) };
    }),
  );
  return { rows, atMillis: measuredAt(objects, nowMillis) };
}

/** Reads a metrics.k8s.io NodeMetrics. */
export function readNodeMetrics(object: KubeObject, nowMillis: number): ResourceMetrics {
  const row: Row = { namespace: "", name: object.metadata.name, container: "", ...usageOf(object) };
  return { rows: [row], atMillis: measuredAt([object], nowMillis) };
}

/** NaN for what it does not say. */
function usageOf(measured: unknown): Pick<Row, "cores" | "memoryBytes"> {
  const usage = fieldsAt(measured, "usage");
  return { cores: parseQuantity(usage["cpu"]) ?? NaN, memoryBytes: parseQuantity(usage["memory"]) ?? NaN };
}

/** The oldest of the times they name: none of the numbers is older. */
function measuredAt(objects: readonly KubeObject[], nowMillis: number): number {
  const times = objects.map((object) => Date.parse(textAt(object, "timestamp") ?? "")).filter((at) => at <= nowMillis);
  return times.reduce((oldest, at) => Math.min(oldest, at), nowMillis);
}
