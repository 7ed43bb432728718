import type { ClusterInventory } from "../clusterInventory.ts";
import type { MeshView, ServiceView } from "../views.ts";

/** A service of a mesh: the same namespace and name in several clusters is one, with a member for each. */
export interface MeshService {
  readonly id: string;
  readonly namespace: string;
  readonly name: string;
  /** In the order of the mesh's clusters. */
  readonly members: readonly ServiceView[];
}

/** The services of a mesh by namespace and name; ServiceEntries are theirs alone and never one with a Service. */
export function meshServicesOf(mesh: MeshView, inventories: readonly ClusterInventory[]): readonly MeshService[] {
  const services = new Map<string, ServiceView[]>();
  for (const { key } of mesh.clusters) {
    const inventory = inventories.find(({ cluster }) => cluster.key === key);
    for (const service of inventory?.services() ?? []) {
      const { kind, namespace, name } = service.ref;
      const id = `${mesh.id}/${kind}/${namespace}/${name}`;
      const members = services.get(id);
      if (members === undefined) services.set(id, [service]);
      else members.push(service);
    }
  }
  return [...services]
    .map(([id, members]) => ({ id, members, ...placeOf(members) }))
    .sort((a, b) => compare(a.namespace, b.namespace) || compare(a.name, b.name) || compare(a.id, b.id));
}

function placeOf(members: readonly ServiceView[]): { readonly namespace: string; readonly name: string } {
  return { namespace: members[0]?.ref.namespace ?? "", name: members[0]?.ref.name ?? "" };
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
