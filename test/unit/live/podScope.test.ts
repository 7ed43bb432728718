import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  podScope,
  selectedNamespaces,
  takesPartInMesh,
  watchedOneByOneAtMost,
} from "../../../src/mesh/live/podScope.ts";
import { aNamespace, aPod } from "./objects.ts";

const many = Array.from({ length: watchedOneByOneAtMost + 2 }, (_, i) => `ns-${i}`);

describe("selectedNamespaces", () => {
  it("takes what a person chose", () => {
    assert.deepEqual(selectedNamespaces({ chosen: ["b", "a", "b"], ofMesh: ["c"], fallback: "d" }), ["a", "b"]);
  });

  it("takes the mesh's namespaces where nobody chose", () => {
    assert.deepEqual(selectedNamespaces({ chosen: undefined, ofMesh: ["shop", "istio-system"], fallback: "d" }), [
      "istio-system",
      "shop",
    ]);
  });

  it("takes the context's namespace where there is no mesh, and default where the context names none", () => {
    assert.deepEqual(selectedNamespaces({ chosen: undefined, ofMesh: [], fallback: "team" }), ["team"]);
    assert.deepEqual(selectedNamespaces({ chosen: undefined, ofMesh: [], fallback: undefined }), ["default"]);
  });

  it("takes nothing where a person chose nothing", () => {
    assert.deepEqual(selectedNamespaces({ chosen: [], ofMesh: ["shop"], fallback: "d" }), []);
  });
});

describe("podScope", () => {
  it("watches a hundred namespaces one by one where there are more", () => {
    const { scope } = podScope(many.slice(0, 100), many);
    assert.deepEqual(scope, { namespaces: many.slice(0, 100) });
  });

  it("watches the whole cluster once for more than a hundred, and lets only the selected through", () => {
    const { scope, accepts } = podScope(many.slice(0, 101), many);
    assert.deepEqual(scope, { all: true, otherwise: many.slice(0, 101) });
    assert.equal(accepts(aPod({ namespace: "ns-100", app: "a" })), true);
    assert.equal(accepts(aPod({ namespace: "ns-101", app: "a" })), false);
  });

  it("watches the whole cluster once where all namespaces are selected", () => {
    assert.deepEqual(podScope(["a", "b"], ["a", "b"]).scope, { all: true, otherwise: ["a", "b"] });
  });

  it("watches one by one where the namespaces are unreadable", () => {
    assert.deepEqual(podScope(["a", "b"], undefined).scope, { namespaces: ["a", "b"] });
  });
});

describe("takesPartInMesh", () => {
  const cases: readonly [labels: Record<string, string>, takesPart: boolean][] = [
    [{ "istio-injection": "enabled" }, true],
    [{ "istio-injection": "disabled" }, false],
    [{ "istio.io/rev": "1-29" }, true],
    [{ "istio.io/rev": "1-29", "istio-injection": "disabled" }, false],
    [{ "istio.io/dataplane-mode": "ambient" }, true],
    [{ "istio.io/dataplane-mode": "none" }, false],
    [{}, false],
  ];
  for (const [labels, takesPart] of cases) {
    it(`reads ${JSON.stringify(labels)} as ${takesPart ? "in" : "outside"}`, () => {
      assert.equal(takesPartInMesh(aNamespace("shop", labels)), takesPart);
    });
  }
});
