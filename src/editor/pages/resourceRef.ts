import type { LiveMesh } from "../../mesh/live/liveMesh.ts";
import type { ResourceRef } from "../../mesh/metadata/providers.ts";
import type { ObjectRef } from "../../mesh/model/refs.ts";

/** An object as providers are told of it; undefined where its cluster is not one of this window's. */
export function resourceRefOf({ clusters }: Pick<LiveMesh, "clusters">, ref: ObjectRef): ResourceRef | undefined {
  const { cluster, ...named } = ref;
  const context = clusters.find(({ key }) => key !== undefined && key === cluster)?.context;
  return context === undefined ? undefined : { ...named, context, clusterUid: cluster };
}
