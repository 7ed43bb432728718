import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import {
  findDestination,
  isSubsetOf,
  overlaps,
  portNumbersOf,
  resourceName,
  scopesOf,
  toFqdn,
} from "../../../../src/mesh/validation/world/hosts.ts";
import { worldOf } from "../../../support/validation/worldOf.ts";

describe("names of hosts", () => {
  test("a short name gets its namespace; one with a dot or a wildcard stays", () => {
    assert.equal(toFqdn("shop", "cart"), "cart.shop.svc.cluster.local");
    assert.equal(toFqdn("shop", "cart.till"), "cart.till");
    assert.equal(toFqdn("shop", "*"), "*");
  });

  test("a full name is split at its last namespace", () => {
    assert.deepEqual(resourceName("shop", "a.b.c.svc.cluster.local"), { namespace: "c", name: "a.b" });
    assert.deepEqual(resourceName("shop", "foo.bar"), { namespace: "shop", name: "foo.bar" });
  });

  test("wildcards overlap by what follows the star", () => {
    assert.equal(overlaps("*.com", "*.foo.com"), true);
    assert.equal(overlaps("*.foo.com", "foo.com"), false);
    assert.equal(overlaps("*foo.com", "foo.com"), true);
    assert.equal(overlaps("Foo.com", "foo.com"), false);
  });

  test("a name is within a wildcard, and a wildcard never within a name", () => {
    assert.equal(isSubsetOf("a.foo.com", "*.foo.com"), true);
    assert.equal(isSubsetOf("*.foo.com", "*.com"), true);
    assert.equal(isSubsetOf("*.com", "*.foo.com"), false);
    assert.equal(isSubsetOf("*.foo.com", "a.foo.com"), false);
  });

  test("overlap is symmetric, and what is within overlaps", () => {
    const name = fc.stringMatching(/^\*?[ab.]{0,5}$/u);
    fc.assert(
      fc.property(name, name, (a, b) => {
        assert.equal(overlaps(a, b), overlaps(b, a));
        if (isSubsetOf(a, b)) assert.equal(overlaps(a, b), true);
      }),
    );
  });

  test("scopes end where everybody is met", () => {
    assert.deepEqual(scopesOf([], "shop"), ["*"]);
    assert.deepEqual(scopesOf([".", "till"], "shop"), ["shop", "till"]);
    assert.deepEqual(scopesOf([".", "*"], "shop"), ["*"]);
  });
});

const text = `
apiVersion: v1
kind: Service
metadata: {name: cart, namespace: shop}
spec: {ports: [{port: 80}, {port: 443}]}
---
apiVersion: v1
kind: Service
metadata: {name: own, namespace: shop, annotations: {networking.istio.io/exportTo: " . "}}
spec: {ports: [{port: 80}]}
---
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: wide, namespace: shop}
spec: {hosts: ["*.example.com"], exportTo: [till], ports: [{number: 443, name: tls}]}
`;

describe("looking for the destination of a host", () => {
  const world = worldOf([{ name: "a.yaml", text }]).world("");
  const nameOf = (namespace: string, exportTo: readonly string[], host: string): string | undefined =>
    findDestination(world, namespace, exportTo, host)?.name;

  test("a Service is found by its short and its full name", () => {
    assert.equal(nameOf("shop", [], "cart"), "cart");
    assert.equal(nameOf("till", [], "cart.shop.svc.cluster.local"), "cart");
    assert.equal(nameOf("till", [], "cart"), undefined);
  });

  test("a Service for its namespace is found from there only", () => {
    assert.equal(nameOf("shop", [], "own"), "own");
    assert.equal(nameOf("till", [], "own.shop.svc.cluster.local"), undefined);
  });

  test("who exports to other namespaces only does not see what is for his own", () => {
    assert.equal(nameOf("shop", ["till"], "own"), undefined);
    assert.equal(nameOf("shop", ["till", "."], "own"), "own");
  });

  test("a wildcard is found where it is exported to", () => {
    assert.equal(nameOf("till", [], "api.example.com"), "wide");
    assert.equal(nameOf("till", [], "*.api.example.com"), "wide");
    assert.equal(nameOf("till", [], "example.com"), undefined);
    assert.equal(nameOf("shop", [], "api.example.com"), undefined);
  });

  test("ports are those of the Service or the ServiceEntry", () => {
    const cart = findDestination(world, "shop", [], "cart");
    const wide = findDestination(world, "till", [], "a.example.com");
    assert.deepEqual(cart && portNumbersOf(cart), [80, 443]);
    assert.deepEqual(wide && portNumbersOf(wide), [443]);
  });

  test("names of built-in properties are names like others", () => {
    assert.equal(nameOf("shop", [], "__proto__"), undefined);
    assert.equal(nameOf("shop", ["constructor"], "constructor"), undefined);
  });
});
