import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { load } from "js-yaml";
import type { KubeObject } from "../../../src/mesh/model/kubeObject.ts";
import { documentOf } from "../../../src/mesh/live/documentOf.ts";
import { documentText } from "../../../src/mesh/live/documentText.ts";

const lastApplied = "kubectl.kubernetes.io/last-applied-configuration";

function aSecret(body: Record<string, unknown>): KubeObject {
  return { apiVersion: "v1", kind: "Secret", metadata: { name: "s", namespace: "shop" }, ...body };
}

describe("documentOf", () => {
  it("puts apiVersion, kind, metadata and spec first and status last", () => {
    const object = { status: {}, zone: 1, spec: {}, metadata: { name: "a" }, data: {}, kind: "X", apiVersion: "g/v1" };
    const keys = Object.keys(documentOf(object));
    assert.deepEqual(keys, ["apiVersion", "kind", "metadata", "spec", "data", "zone", "status"]);
  });

  it("sorts the keys of maps at every depth and keeps the order of lists", () => {
    const spec = { b: [{ y: 2, x: 1 }, { w: 0 }], a: { d: 1, c: 2 } };
    const shown = documentOf({ apiVersion: "v1", kind: "X", metadata: { name: "a" }, spec });
    assert.equal(JSON.stringify(shown["spec"]), '{"a":{"c":2,"d":1},"b":[{"x":1,"y":2},{"w":0}]}');
  });

  it("leaves out managedFields and the last-applied copy, and keeps other annotations", () => {
    const metadata = {
      name: "a",
      managedFields: [{}],
      annotations: { [lastApplied]: "{}", "example.com/kept": "yes" },
    };
    const shown = documentOf({ apiVersion: "v1", kind: "X", metadata });
    assert.deepEqual(shown.metadata, { annotations: { "example.com/kept": "yes" }, name: "a" });
  });

  it("shows no empty annotations where last-applied was the only one", () => {
    const shown = documentOf({
      apiVersion: "v1",
      kind: "X",
      metadata: { name: "a", annotations: { [lastApplied]: "{}" } },
    });
    assert.deepEqual(shown.metadata, { name: "a" });
  });

  it("hides each value of a Secret and keeps its keys and type", () => {
    const shown = documentOf(
      aSecret({ type: "Opaque", data: { password: "aHVudGVyMg==" }, stringData: { user: "eve" } }),
    );
    assert.equal(shown["type"], "Opaque");
    assert.deepEqual(shown["data"], { password: "(hidden)" });
    assert.deepEqual(shown["stringData"], { user: "(hidden)" });
  });

  it("hides a Secret's data whole where it is no map", () => {
    assert.equal(documentOf(aSecret({ data: "aHVudGVyMg==" }))["data"], "(hidden)");
    assert.equal(documentOf(aSecret({ data: ["aHVudGVyMg=="] }))["data"], "(hidden)");
  });

  it("lets no value of any Secret through, in data, stringData or last-applied", () => {
    const values = fc.dictionary(
      fc.string({ minLength: 1 }),
      fc.string().map((text) => `secret-${text}`),
    );
    fc.assert(
      fc.property(values, values, (data, stringData) => {
        const annotations = { [lastApplied]: JSON.stringify({ data }) };
        const secret = { ...aSecret({ data, stringData }), metadata: { name: "s", annotations } };
        const leaked = [...Object.values(data), ...Object.values(stringData)];
        const keys = [...Object.keys(data), ...Object.keys(stringData)].join("\n");
        const shown = JSON.stringify(Object.values(documentOf(secret)));
        return leaked.every((value) => keys.includes(value) || !shown.includes(JSON.stringify(value)));
      }),
    );
  });

  it("does not change the object it is given", () => {
    const secret = aSecret({ data: { password: "aHVudGVyMg==" } });
    documentOf(secret);
    assert.deepEqual(secret["data"], { password: "aHVudGVyMg==" });
  });
});

describe("documentText", () => {
  it("lays sequences and maps out as kubectl does", () => {
    const spec = { ports: [{ port: 80, name: "http" }], selector: {}, version: "1.10", on: "yes" };
    const text = documentText({ apiVersion: "v1", kind: "Service", metadata: { name: "a" }, spec });
    const lines = ["apiVersion: v1", "kind: Service", "metadata:", "  name: a", "spec:", '  "on": "yes"', "  ports:"];
    lines.push("  - name: http", "    port: 80", "  selector: {}", '  version: "1.10"', "");
    assert.equal(text, lines.join("\n"));
  });

  it("can be read back to the same values whatever they are", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (drawn) => {
        // No server writes -0, which JSON.stringify turns into 0 and YAML keeps.
        const spec: unknown = JSON.parse(JSON.stringify(drawn));
        const object = { apiVersion: "v1", kind: "X", metadata: { name: "a" }, spec };
        const normal: unknown = JSON.parse(JSON.stringify(documentOf(object)));
        assert.deepEqual(load(documentText(object)), normal);
      }),
    );
  });
});
