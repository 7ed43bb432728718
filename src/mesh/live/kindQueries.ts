import type { ClusterInventory } from "../inventory/clusterInventory.ts";
import type { InventoryKind } from "../inventory/inventoryKinds.ts";
import type { KindOnServer } from "../model/kubeObject.ts";
import type { ListQuery, Scope } from "../ports.ts";
import type { KindTarget } from "./kindWatch.ts";

/** A kind as the server offers it: the first version the inventory can read, else the one the server prefers. */
export function serverKindOf(
  { group, kind, versions = [] }: InventoryKind,
  onServer: readonly KindOnServer[],
): KindOnServer | undefined {
  const offered = onServer.filter((known) => known.group === group && known.kind === kind);
  for (const version of versions) {
    const match = offered.find((known) => known.version === version);
    if (match) return match;
  }
  return offered[0];
}

export function queryOf(kind: InventoryKind, server: KindOnServer, scope: Scope): ListQuery {
  return {
    kind: server,
    scope,
    ...(kind.labelSelector === undefined ? {} : { labelSelector: kind.labelSelector }),
    ...(kind.fieldSelector === undefined ? {} : { fieldSelector: kind.fieldSelector }),
    ...(kind.metadataOnly === undefined ? {} : { metadataOnly: kind.metadataOnly }),
  };
}

/** Where what a kind's watch learns goes. */
export function inventoryTarget(inventory: ClusterInventory, kindId: string): KindTarget {
  return {
    listing: () => inventory.listing(kindId),
    upsert: (objects) => inventory.upsert(kindId, objects),
    gone: (object) => inventory.gone(kindId, object),
    listed: (unread) => inventory.listed(kindId, unread),
  };
}
