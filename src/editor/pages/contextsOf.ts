import type { Contexts } from "../../mesh/topology/find/operands.ts";
import type { TopologyInput } from "../../mesh/topology/reading/topologyReading.ts";

/** What people call the connected clusters. */
export function contextsOf({ stores }: Pick<TopologyInput, "stores">): Contexts {
  return new Map(stores.flatMap(({ cluster }) => (cluster ? [[cluster.key, cluster.context] as const] : [])));
}
