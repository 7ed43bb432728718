import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { ClusterInventory } from "../../../src/mesh/inventory/clusterInventory.ts";
import { inventoryKinds, type InventoryKindId } from "../../../src/mesh/inventory/inventoryKinds.ts";
import type { KubeObject } from "../../../src/mesh/model/kubeObject.ts";
import { anInventory } from "./feeding.ts";

// A small world in which names and labels collide often: two namespaces, few apps, owners that may be missing.

const name = fc.constantFrom("a", "b");
const namespace = fc.constantFrom("n", "m");
const labels = fc.record({ app: name, tier: name }, { requiredKeys: [], noNullPrototype: true });

function object(apiVersion: string, kind: string) {
  return (metadata: object, rest: object = {}): KubeObject =>
    ({ apiVersion, kind, metadata, ...rest }) as unknown as KubeObject;
}

const owner = fc.oneof(
  fc.constant([]),
  fc
    .tuple(
      fc.constantFrom(
        ["apps/v1", "ReplicaSet"],
        ["apps/v1", "StatefulSet"],
        ["batch/v1", "Job"],
        ["example.com/v1", "Widget"],
      ),
      fc.constantFrom("a", "a-h", "a-29400000"),
    )
    .map(([[apiVersion, kind], owned]) => [{ apiVersion, kind, name: owned, uid: "u", controller: true }]),
);

const containers = fc.constantFrom(
  [{ name: "app" }],
  [{ name: "istio-proxy", image: "istio/proxyv2:1.24.2" }],
  [{ name: "istio-proxy", image: "istio/proxyv2:1.24.2", env: [{ name: "ISTIO_META_CLUSTER_ID", value: "other" }] }],
);

const pod = fc
  .record({ name: fc.constantFrom("p", "q", "r"), namespace, labels, owner, containers, hash: fc.boolean() })
  .chain((base) =>
    fc.constantFrom("Running", "Succeeded").map((phase) =>
      object("v1", "Pod")(
        {
          name: base.name,
          generateName: "x-",
          namespace: base.namespace,
          labels: { ...base.labels, ...(base.hash && { "pod-template-hash": "h" }) },
          ownerReferences: base.owner,
        },
        { spec: { containers: base.containers }, status: { phase } },
      ),
    ),
  );

const controller = (apiVersion: string, kind: string) =>
  fc
    .record({ name: fc.constantFrom("a", "a-h", "a-29400000"), namespace, labels, owner, isIstiod: fc.boolean() })
    .map((base) =>
      object(apiVersion, kind)(
        {
          name: base.name,
          namespace: base.namespace,
          labels: base.isIstiod ? { app: "istiod", "istio.io/rev": base.name } : {},
          ownerReferences: base.owner,
        },
        { spec: { replicas: 2, template: { metadata: { labels: base.labels } } }, status: { readyReplicas: 1 } },
      ),
    );

const cronJobOwner = [{ apiVersion: "batch/v1", kind: "CronJob", name: "a", uid: "c", controller: true }];

const objects: Partial<Record<InventoryKindId, fc.Arbitrary<KubeObject>>> = {
  namespaces: fc
    .record({ name: namespace, wish: fc.constantFrom("enabled", "disabled") })
    .map((base) => object("v1", "Namespace")({ name: base.name, labels: { "istio-injection": base.wish } })),
  services: fc
    .record({ name, namespace, labels })
    .map((base) => object("v1", "Service")(base, { spec: { selector: base.labels } })),
  serviceEntries: fc
    .record({ name, namespace, labels })
    .map((base) =>
      object("networking.istio.io/v1", "ServiceEntry")(base, { spec: { workloadSelector: { labels: base.labels } } }),
    ),
  deployments: controller("apps/v1", "Deployment"),
  statefulSets: controller("apps/v1", "StatefulSet"),
  replicaSets: controller("apps/v1", "ReplicaSet"),
  jobs: fc
    .record({ name: fc.constantFrom("a", "a-29400000"), namespace, isCron: fc.boolean(), ready: fc.nat(2) })
    .map(({ isCron, ready, ...base }) =>
      object("batch/v1", "Job")({ ...base, ownerReferences: isCron ? cronJobOwner : [] }, { status: { ready } }),
    ),
  cronJobs: fc.record({ name, namespace }).map((base) => object("batch/v1", "CronJob")(base)),
  workloadEntries: fc
    .record({ name, namespace, labels, group: fc.constantFrom({}, { "istio.io/autoRegistrationGroup": "a" }) })
    .map(({ group, ...base }) => object("networking.istio.io/v1", "WorkloadEntry")({ ...base, annotations: group })),
  workloadGroups: fc
    .record({ name, namespace, labels })
    .map((base) =>
      object("networking.istio.io/v1", "WorkloadGroup")(base, { spec: { metadata: { labels: base.labels } } }),
    ),
  webhooks: fc.record({ name, tag: fc.constantFrom({}, { "istio.io/tag": "t" }) }).map((base) =>
    object("admissionregistration.k8s.io/v1", "MutatingWebhookConfiguration")(
      { name: base.name, labels: { "istio.io/rev": base.name, ...base.tag } },
      {
        webhooks: [
          {
            name: "namespace.sidecar-injector.istio.io",
            clientConfig: { service: { name: "a", namespace: "n" } },
            namespaceSelector: { matchLabels: { "istio-injection": "enabled" } },
          },
        ],
      },
    ),
  ),
  pods: pod,
  podMetadata: pod,
  istiodPods: pod,
};

const kinds = Object.keys(objects) as InventoryKindId[];

type Step =
  | { readonly type: "upsert" | "gone"; readonly kind: InventoryKindId; readonly object: KubeObject }
  | { readonly type: "relist"; readonly kind: InventoryKindId; readonly objects: readonly KubeObject[] }
  | { readonly type: "look" };

const step: fc.Arbitrary<Step> = fc.constantFrom(...kinds).chain((kind) => {
  const one = objects[kind] ?? fc.constant(object("v1", "Nothing")({}));
  return fc.oneof(
    { weight: 6, arbitrary: fc.record({ type: fc.constant("upsert"), kind: fc.constant(kind), object: one }) },
    { weight: 3, arbitrary: fc.record({ type: fc.constant("gone"), kind: fc.constant(kind), object: one }) },
    { weight: 1, arbitrary: relistOf(kind, one) },
    { weight: 2, arbitrary: fc.record({ type: fc.constant("look") }) },
  );
});

function relistOf(kind: InventoryKindId, one: fc.Arbitrary<KubeObject>) {
  return fc.record({
    type: fc.constant("relist"),
    kind: fc.constant(kind),
    objects: fc.array(one, { maxLength: 4 }),
  });
}

/** What is there after the steps, by kind. */
type World = Map<InventoryKindId, Map<string, KubeObject>>;

function keyOf({ metadata }: KubeObject): string {
  return `${metadata.namespace ?? ""}/${metadata.name}`;
}

function take(world: World, inventory: ClusterInventory, next: Step): void {
  if (next.type === "look") {
    inventory.takeTouched();
    return;
  }
  const held = world.get(next.kind) ?? new Map<string, KubeObject>();
  world.set(next.kind, held);
  switch (next.type) {
    case "upsert":
      held.set(keyOf(next.object), next.object);
      inventory.upsert(next.kind, [next.object]);
      return;
    case "gone":
      held.delete(keyOf(next.object));
      inventory.gone(next.kind, next.object);
      return;
    case "relist":
      held.clear();
      inventory.listing(next.kind);
      for (const each of next.objects) held.set(keyOf(each), each);
      inventory.upsert(next.kind, next.objects);
      inventory.listed(next.kind, []);
  }
}

/** All kinds listed, so that both inventories know the same to be missing. */
function started(): ClusterInventory {
  const inventory = anInventory();
  for (const { id } of inventoryKinds) {
    inventory.listing(id);
    inventory.listed(id, []);
  }
  return inventory;
}

function answers(inventory: ClusterInventory) {
  return {
    services: inventory.services(),
    workloads: inventory.workloads(),
    view: inventory.view(),
    wanted: inventory
      .wantedOwners()
      .map(({ kind, namespace: at, name: called }) => `${kind} ${at}/${called}`)
      .sort(),
  };
}

test("any sequence of changes and lists ends in the same views as building from scratch", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const world: World = new Map();
      const lived = started();
      for (const next of steps) take(world, lived, next);
      const fresh = started();
      for (const [kind, held] of world) fresh.upsert(kind, [...held.values()]);
      assert.deepEqual(answers(lived), answers(fresh));
    }),
    { numRuns: 400 },
  );
});

test("what is touched is exactly what changed since the last look", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
      const inventory = started();
      for (const next of steps) {
        inventory.takeTouched();
        const before = new Map(viewsOf(inventory));
        take(new Map(), inventory, next);
        const { services, workloads } = inventory.takeTouched();
        const after = new Map(viewsOf(inventory));
        const changed = [...new Set([...before.keys(), ...after.keys()])].filter(
          (id) => before.get(id) !== after.get(id),
        );
        // A "look" has taken what was touched; nothing changes in it either.
        assert.deepEqual([...services, ...workloads].sort(), changed.sort());
      }
    }),
    { numRuns: 200 },
  );
});

function* viewsOf(inventory: ClusterInventory): Generator<[string, object]> {
  for (const view of [...inventory.services(), ...inventory.workloads()]) yield [view.id, view];
}
