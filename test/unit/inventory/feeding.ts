import { readFileSync } from "node:fs";
import { loadAll } from "js-yaml";
import { ClusterInventory } from "../../../src/mesh/inventory/clusterInventory.ts";
import { inventoryKinds, type InventoryKindId } from "../../../src/mesh/inventory/inventoryKinds.ts";
import type { WorkloadView } from "../../../src/mesh/inventory/views.ts";
import { groupOf, type KubeObject } from "../../../src/mesh/model/kubeObject.ts";

export const settings = {
  appLabels: ["service.istio.io/canonical-name", "app.kubernetes.io/name", "app"],
  versionLabels: ["service.istio.io/canonical-revision", "app.kubernetes.io/version", "version"],
};

export function anInventory(key = "uid-1", context = `ctx-${key}`): ClusterInventory {
  return new ClusterInventory({ key, context, kubernetesVersion: "v1.36.0" }, settings);
}

/** The objects of a fixture file. */
export function fixture(name: string): readonly KubeObject[] {
  const file = new URL(`../../fixtures/inventory/${name}.yaml`, import.meta.url);
  return loadAll(readFileSync(file, "utf8")).filter((object) => object !== null) as KubeObject[];
}

/** Feeds objects as complete lists, each to the kinds whose group, kind and selectors name it, as a cluster would. */
export function feed(
  inventory: ClusterInventory,
  objects: readonly KubeObject[],
  order: "first kind first" | "last kind first" = "first kind first",
): ClusterInventory {
  for (const kind of order === "first kind first" ? inventoryKinds : inventoryKinds.toReversed()) {
    inventory.listing(kind.id);
    inventory.upsert(
      kind.id,
      objects.filter((object) => kindsOf(object).includes(kind.id)),
    );
    inventory.listed(kind.id, []);
  }
  return inventory;
}

/** The lists that name an object while all namespaces are selected. */
export function kindsOf(object: KubeObject): readonly InventoryKindId[] {
  return inventoryKinds
    .filter((kind) => kind.kind === object.kind && kind.group === groupOf(object.apiVersion))
    .filter((kind) => kind.scope !== "unselected" && isSelected(kind.id, object))
    .map((kind) => kind.id);
}

type Labels = Readonly<Record<string, string | undefined>>;

const selectors: Partial<Record<InventoryKindId, (name: string, labels: Labels) => boolean>> = {
  istioConfigMap: (name) => name === "istio",
  istioRevisionConfigMaps: (_, labels) => labels["istio.io/rev"] !== undefined,
  rootCertificates: (name) => name === "istio-ca-root-cert",
  remoteSecrets: (_, labels) => labels["istio/multiCluster"] === "true",
  replicaSets: (_, labels) => labels["pod-template-hash"] === undefined,
  istiodPods: (_, labels) => ["istiod", "pilot", "ztunnel"].includes(labels["app"] ?? ""),
  cniPods: (_, labels) => labels["k8s-app"] === "istio-cni-node",
  gatewayPods: (_, labels) => /^(ingress|egress|eastwest)gateway$/.test(labels["istio"] ?? ""),
  managedGatewayPods: (_, labels) => labels["gateway.istio.io/managed"] !== undefined,
};

function isSelected(id: InventoryKindId, { metadata }: KubeObject): boolean {
  return selectors[id]?.(metadata.name, metadata.labels ?? {}) ?? true;
}

/** "Deployment shop/cart": enough to tell workloads apart in a test. */
export function nameOf({ ref }: Pick<WorkloadView, "ref">): string {
  return `${ref.kind} ${ref.namespace}/${ref.name}`;
}
