import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { takesRequest, type MatchedRequest } from "../../../src/mesh/routing/httpMatch.ts";
import type { Listener } from "../../../src/mesh/routing/proxyScope.ts";
import { coveredMatches, readRoutingVirtualService } from "../../../src/mesh/routing/virtualService.ts";

function virtualService(spec: object) {
  const object = {
    apiVersion: "networking.istio.io/v1",
    kind: "VirtualService",
    metadata: { name: "reviews", namespace: "shop" },
    spec,
  };
  return readRoutingVirtualService(object, "shop");
}

function rulesOf(...matches: readonly (object | undefined)[]) {
  const http = matches.map((match) => ({
    ...(match === undefined ? {} : { match: [match] }),
    route: [{ destination: { host: "reviews" } }],
  }));
  return virtualService({ hosts: ["reviews"], gateways: ["mesh", "edge"], http });
}

/** Index of the rules that are never reached. */
function covered(...matches: readonly (object | undefined)[]): readonly number[] {
  return coveredMatches(rulesOf(...matches)).map(({ rule }) => rule);
}

test("a rule without matches covers all that follow it", () => {
  assert.deepEqual(covered(undefined, { uri: { exact: "/a" } }, undefined), [1, 2]);
});

test("a prefix covers longer prefixes and exact paths within it, as a text and not by segments", () => {
  assert.deepEqual(
    covered({ uri: { prefix: "/api" } }, { uri: { prefix: "/api/v1" } }, { uri: { exact: "/apis" } }),
    [1, 2],
  );
});

test("a shorter prefix after a longer one is reached", () => {
  assert.deepEqual(covered({ uri: { prefix: "/api/v1" } }, { uri: { prefix: "/api" } }), []);
});

test("a match that asks for more does not cover one that asks for less", () => {
  assert.deepEqual(
    covered({ uri: { prefix: "/" }, headers: { user: { exact: "jason" } } }, { uri: { prefix: "/" } }),
    [],
  );
});

test("a regex covers the exact paths that it takes whole", () => {
  assert.deepEqual(
    covered({ uri: { regex: "/v[0-9]+/x" } }, { uri: { exact: "/v12/x" } }, { uri: { exact: "/v12/x/y" } }),
    [1],
  );
});

test("a pattern that is a plain prefix compares as one", () => {
  assert.deepEqual(
    covered({ uri: { regex: "/api/.*" } }, { uri: { prefix: "/api/v1/" } }, { uri: { regex: "/api/v2\\.0" } }),
    [1, 2],
  );
});

test("a match for some sources does not cover those of all sources, and names of gateways switch sources off", () => {
  const some = { sourceLabels: { app: "web" } };
  assert.deepEqual(covered(some, {}), []);
  assert.deepEqual(covered(some, { sourceLabels: { app: "web", tier: "front" } }), [1]);
  assert.deepEqual(covered({ gateways: ["mesh"], ...some }, { gateways: ["mesh"] }), [1]);
});

test("matches of two gateways cover only together what applies to both", () => {
  assert.deepEqual(covered({ gateways: ["mesh"] }, { gateways: ["shop/edge"] }, {}), []);
  assert.deepEqual(covered({ gateways: ["mesh", "edge"] }, {}), [1]);
});

test("a match of one port covers that port only", () => {
  assert.deepEqual(covered({ port: 80 }, { port: 80, uri: { exact: "/" } }, { port: 81 }), [1]);
});

test("what excludes less covers what excludes more", () => {
  const excluding = (text: string) => ({ withoutHeaders: { x: { prefix: text } } });
  assert.deepEqual(covered(excluding("ab"), excluding("a")), [1]);
  assert.deepEqual(covered(excluding("a"), excluding("ab")), []);
});

test("TLS rules stand in each other's way only by the same server names", () => {
  const tls = (sniHosts: readonly string[]) => ({
    match: [{ sniHosts }],
    route: [{ destination: { host: "reviews" } }],
  });
  const service = virtualService({
    hosts: ["*.example.com"],
    tls: [tls(["*.example.com"]), tls(["a.example.com"]), tls(["A.example.com"])],
  });
  assert.deepEqual(
    coveredMatches(service).map(({ protocol, rule, by }) => ({ protocol, rule, by: by.rule })),
    [{ protocol: "tls", rule: 2, by: 1 }],
  );
});

test("a hostile match is text and never an error", () => {
  const match = JSON.parse(
    '{"headers":{"__proto__":{"exact":"a"},"constructor":{}},"uri":{"regex":"(a+)+$("}}',
  ) as object;
  assert.deepEqual(covered(match, match, { uri: 3, port: "x", gateways: null }), [1]);
});

test("a pattern of millions of steps is not compiled, and covers nothing but itself", () => {
  const regex = `(${"abcdefgh".repeat(100)}){1000}`;
  assert.deepEqual(covered({ uri: { regex } }, { uri: { exact: "/a" } }, { uri: { regex } }), [2]);
});

// Few texts that collide often, so that covers are common.
const words = ["", "a", "ab", "abc", "A", "b.c"];
const textMatch = (texts: readonly string[]) =>
  fc.oneof(
    fc.constantFrom(...texts).map((exact) => ({ exact })),
    fc.constantFrom(...texts).map((prefix) => ({ prefix })),
    fc.constantFrom("a.*", "[ab]+", ".*", "*", "b\\.c", ".").map((regex) => ({ regex })),
    fc.constant({}),
  );
const paths = ["/", "/a", "/ab", "/A/b", "/a/b"];
const uri = fc.oneof(
  fc.constantFrom(...paths).map((exact) => ({ exact })),
  fc.constantFrom(...paths).map((prefix) => ({ prefix })),
  fc.constantFrom("/a.*", "/[ab]+", ".*", "/a/b", "/.").map((regex) => ({ regex })),
);
const conditions = fc.dictionary(fc.constantFrom("x", "Y"), textMatch(words), { maxKeys: 2, noNullPrototype: true });
const optional = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined, freq: 1 });
const anyMatch = fc
  .record({
    uri: optional(uri),
    ignoreUriCase: optional(fc.boolean()),
    method: optional(textMatch(["GET", "POST"])),
    headers: optional(conditions),
    withoutHeaders: optional(conditions),
    queryParams: optional(conditions),
    sourceLabels: optional(fc.dictionary(fc.constantFrom("app"), fc.constantFrom("a", "b"), { noNullPrototype: true })),
    sourceNamespace: optional(fc.constantFrom("shop", "n")),
    gateways: optional(fc.subarray(["mesh", "edge"])),
    port: optional(fc.constantFrom(80, 81)),
  })
  .map((match) => Object.fromEntries(Object.entries(match).filter(([, value]) => value !== undefined)));

const anyRequest: fc.Arbitrary<MatchedRequest> = fc
  .record({
    method: fc.constantFrom("GET", "POST", "PUT"),
    path: fc.constantFrom(...paths, "/b", "/a/", "/abc"),
    x: optional(fc.array(fc.constantFrom(...words), { minLength: 1, maxLength: 2 })),
    y: optional(fc.array(fc.constantFrom(...words), { minLength: 1, maxLength: 2 })),
    queryX: optional(fc.constantFrom(...words)),
    queryY: optional(fc.constantFrom(...words)),
  })
  .map(({ method, path, x, y, queryX, queryY }) => ({
    method,
    scheme: "http",
    authority: "reviews",
    path,
    headers: new Map([
      ...(x === undefined ? [] : [["x", x] as const]),
      ...(y === undefined ? [] : [["y", y] as const]),
    ]),
    query: new Map([
      ...(queryX === undefined ? [] : [["x", queryX] as const]),
      ...(queryY === undefined ? [] : [["Y", queryY] as const]),
    ]),
  }));

const anyListener: fc.Arbitrary<Listener> = fc.record({
  gateway: fc.constantFrom("mesh", "shop/edge"),
  labels: fc.dictionary(fc.constantFrom("app"), fc.constantFrom("a", "b"), { noNullPrototype: true }),
  namespace: fc.constantFrom("shop", "n"),
  port: fc.constantFrom(80, 81),
});

test("a match that is called covered is never the first that takes a request", () => {
  let coveredCases = 0;
  fc.assert(
    fc.property(
      fc.array(anyMatch, { minLength: 2, maxLength: 5 }),
      fc.array(fc.tuple(anyRequest, anyListener), { minLength: 30, maxLength: 30 }),
      (matches, requests) => {
        const service = rulesOf(...matches);
        const unreached = new Set(coveredMatches(service).map(({ rule }) => rule));
        coveredCases += unreached.size;
        for (const [request, listener] of requests) {
          const first = service.http.find(({ match }) => takesRequest(match, request, listener));
          assert.ok(first === undefined || !unreached.has(first.rule), `rule ${first?.rule ?? ""} took a request`);
        }
      },
    ),
    { numRuns: 2000, seed: 6 },
  );
  assert.ok(coveredCases > 300, `only ${coveredCases} covered matches were tried`);
});
