import type { KindOnServer, KubeObject } from "../../../mesh/model/kubeObject.ts";
import type { ClusterSource, ListQuery } from "../../../mesh/ports.ts";

export const serviceKind: KindOnServer = core("Service", "services");
export const podKind: KindOnServer = core("Pod", "pods");
export const configMapKind: KindOnServer = core("ConfigMap", "configmaps");

function core(kind: string, plural: string): KindOnServer {
  return { group: "", version: "v1", kind, plural, namespaced: true };
}

export async function listAll(
  cluster: ClusterSource,
  query: ListQuery,
  signal: AbortSignal,
): Promise<readonly KubeObject[]> {
  const objects: KubeObject[] = [];
  for await (const page of cluster.list(query, signal)) objects.push(...page.objects);
  return objects;
}
