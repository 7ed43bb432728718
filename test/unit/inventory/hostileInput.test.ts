import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { inventoryKinds } from "../../../src/mesh/inventory/inventoryKinds.ts";
import { meshesOf } from "../../../src/mesh/inventory/meshes/meshes.ts";
import type { KubeObject } from "../../../src/mesh/model/kubeObject.ts";
import { anInventory, feed, fixture } from "./feeding.ts";

/** Takes an object in every kind and asks for every answer. */
function survive(objects: readonly unknown[]): void {
  const inventory = anInventory();
  for (const { id } of inventoryKinds) {
    inventory.listing(id);
    inventory.upsert(id, objects as KubeObject[]);
    inventory.listed(id, []);
  }
  inventory.takeTouched();
  inventory.services();
  inventory.workloads();
  meshesOf([inventory]);
  for (const ref of inventory.wantedOwners()) inventory.setOwner(ref, objects[0] as KubeObject | undefined);
  inventory.view();
  for (const { id } of inventoryKinds) for (const object of objects) inventory.gone(id, object as KubeObject);
  assert.deepEqual([inventory.services(), inventory.workloads()], [[], []]);
}

const scalars = fc.oneof(fc.string(), fc.integer(), fc.double(), fc.boolean(), fc.constant(null));
const anything = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    scalars,
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(
      fc.constantFrom("name", "containers", "env", "labels", "kind", "__proto__", "constructor"),
      tie("value"),
    ),
  ),
})).value;

const field = fc.constantFrom("metadata", "spec", "status", "data", "webhooks", "kind", "apiVersion");
const nameless = fc.dictionary(field, anything);
const named = fc
  .tuple(nameless, fc.dictionary(fc.constantFrom("labels", "annotations", "ownerReferences", "generateName"), anything))
  .map(([body, metadata]) => ({ ...body, metadata: { ...metadata, name: "x", namespace: "n" } }));

describe("objects of any shape", () => {
  test("are taken without throwing, and leave nothing behind", () => {
    fc.assert(fc.property(fc.array(fc.oneof(nameless, named, anything), { maxLength: 3 }), survive), { numRuns: 500 });
  });

  test("taken from real ones with any one field replaced are taken without throwing", () => {
    const objects = [...fixture("control-plane-ambient"), ...fixture("owner-rollout"), ...fixture("owner-cronjob")];
    const paths = objects.flatMap((object, index) => pathsOf(object).map((path) => [index, path] as const));
    fc.assert(
      fc.property(fc.constantFrom(...paths), anything, ([index, path], value) => {
        const broken = structuredClone(objects);
        replace(broken[index], path, value);
        survive(broken);
      }),
      { numRuns: 300 },
    );
  });
});

describe("names that mean something elsewhere", () => {
  test("stay text", () => {
    const name = "<img src=x onerror=alert(1)>";
    const [service] = feed(anInventory(), [
      { apiVersion: "v1", kind: "Service", metadata: { name, namespace: "n", labels: { [name]: name } } },
    ]).services();
    assert.equal(service?.ref.name, name);
    assert.deepEqual(service.labels, { [name]: name });
  });

  test("such as Object's own are labels like any other", () => {
    const selector = JSON.parse('{"__proto__":"a","constructor":"b"}') as Record<string, string>;
    const metadata = { name: "p", namespace: "n" };
    const inventory = feed(anInventory(), [
      { apiVersion: "v1", kind: "Service", metadata, spec: { selector } },
      { apiVersion: "v1", kind: "Pod", metadata: { ...metadata, labels: selector } },
      { apiVersion: "v1", kind: "Pod", metadata: { name: "q", namespace: "n" } },
    ]);
    assert.deepEqual(inventory.services()[0]?.workloads, ["uid-1//Pod/n/p"]);
  });
});

test("a label of a megabyte is taken like any other", () => {
  const huge = "x".repeat(1_000_000);
  const [workload] = feed(anInventory(), [
    { apiVersion: "v1", kind: "Pod", metadata: { name: "p", namespace: "n", labels: { app: huge } } },
  ]).workloads();
  assert.equal(workload?.app, huge);
});

test("a mesh configuration that refers to itself in a circle is a problem to show, not a failure", () => {
  const mesh = "a: &a [*b]\nb: &b [*a]\ntrustDomain: x";
  const metadata = { name: "istio", namespace: "istio-system" };
  const view = feed(anInventory(), [{ apiVersion: "v1", kind: "ConfigMap", metadata, data: { mesh } }]).view();
  assert.equal(view.problems.length, 1);
});

type Path = readonly (string | number)[];

function pathsOf(value: unknown, path: Path = []): readonly Path[] {
  if (typeof value !== "object" || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([name, child]) => pathsOf(child, [...path, name]))].filter(
    ({ length }) => length > 0,
  );
}

function replace(target: unknown, path: Path, value: unknown): void {
  const [name, ...rest] = path;
  if (typeof target !== "object" || target === null || name === undefined) return;
  const holder = target as Record<string, unknown>;
  if (rest.length === 0) holder[name] = value;
  else replace(holder[name], rest, value);
}
