import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { nodeKinds } from "../../../../../src/mesh/topology/graph/graph.ts";
import { boxId, edgeId, idPart, nodeId } from "../../../../../src/mesh/topology/graph/graphIds.ts";

describe("ids of a graph", () => {
  const place = { cluster: "eu", namespace: "shop" };

  it("can be read", () => {
    const reviews = nodeId({ kind: "workload", ...place, name: "reviews-v2" });
    const service = nodeId({ kind: "service", ...place, name: "reviews" });
    assert.equal(reviews, "workload/eu/shop/reviews-v2");
    assert.equal(
      edgeId(service, reviews, { protocol: "http", isFirst: false, view: "workload" }),
      "service/eu/shop/reviews>workload/eu/shop/reviews-v2:http",
    );
    assert.deepEqual(
      [boxId("eu"), boxId("eu", "shop"), boxId("eu", "shop", "reviews"), boxId("", "shop")],
      ["box/eu", "box/eu/shop", "box/eu/shop/reviews", "box//shop"],
    );
    assert.equal(nodeId({ kind: "unknown", cluster: "eu", namespace: "", name: "unknown" }), "unknown/eu");
    assert.equal(nodeId({ kind: "namespace", ...place, name: "shop" }), "namespace/eu/shop");
  });

  it("stay when the inventory tells that a workload is a gateway", () => {
    const [workload, gateway] = (["workload", "gateway"] as const).map((kind) =>
      nodeId({ kind, ...place, name: "in" }),
    );
    assert.equal(workload, gateway);
  });

  it("escape what joins them, and what nobody sees", () => {
    assert.equal(idPart("a/b>c:d%e"), "a%2Fb%3Ec%3Ad%25e");
    assert.equal(idPart("\n\u202e\ud800"), "%0A%u00202E%u00D800");
    assert.equal(idPart("Grüße 😀"), "Grüße 😀");
  });

  it("tell a split of the view of services from a call", () => {
    const ids = [true, false].map((isFirst) => edgeId("a", "b", { protocol: "http", isFirst, view: "service" }));
    assert.equal(new Set(ids).size, 2);
  });

  const part = fc.oneof(fc.constantFrom("a", "a/b", "/", "", "%2F", ":", ">"), fc.string({ unit: "binary" }));
  const name = fc.record({
    kind: fc.constantFrom("workload", "app", "service", "external"),
    cluster: part,
    namespace: part,
    name: part,
  } as const);

  it("differ where names do, whatever characters they hold", () => {
    fc.assert(
      fc.property(name, name, (a, b) => {
        assert.equal(nodeId(a) === nodeId(b), JSON.stringify(a) === JSON.stringify(b));
      }),
    );
  });

  it("of edges differ where ends or protocols do", () => {
    const edge = fc.tuple(name, name, part);
    fc.assert(
      fc.property(edge, edge, (a, b) => {
        const [one, other] = [a, b].map(([source, target, protocol]) =>
          edgeId(nodeId(source), nodeId(target), { protocol, isFirst: true, view: "app" }),
        );
        assert.equal(one === other, JSON.stringify(a) === JSON.stringify(b));
      }),
    );
  });

  it("never break a line", () => {
    fc.assert(
      fc.property(fc.constantFrom(...nodeKinds), part, (kind, hostile) => {
        const id = nodeId({ kind, cluster: hostile, namespace: hostile, name: hostile });
        assert.doesNotMatch(id, /[\p{Cc}\u2028\u2029]/u);
      }),
    );
  });
});
