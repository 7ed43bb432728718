import { refId } from "../../model/refs.ts";
import { parseQuantity } from "../../model/quantity.ts";
import type { PodView } from "../views.ts";
import type { PodRecord } from "./workloadRecord.ts";

/** The view of a pod; the same one as long as its facts are. */
export function podView(pod: PodRecord): PodView {
  pod.view ??= buildView(pod);
  return pod.view;
}

function buildView({ facts, workload }: PodRecord): PodView {
  const { cluster } = workload.ref;
  const { trouble } = facts;
  const limit = parseQuantity(trouble?.memoryLimit);
  const ref = { cluster, group: "", kind: "Pod", namespace: facts.namespace, name: facts.name };
  return {
    id: refId(ref),
    ref,
    phase: facts.phase,
    isReady: facts.isReady,
    node: facts.node,
    dataPlane: facts.dataPlane,
    restarts: facts.restarts,
    reason: trouble?.reason,
    reasonAt: trouble?.at,
    ...(trouble?.container !== undefined && { container: trouble.container }),
    ...(limit !== undefined && { memoryLimitBytes: limit }),
  };
}
