import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { complete } from "../../../../../src/mesh/topology/find/complete.ts";
import { isFindError } from "../../../../../src/mesh/topology/find/expression.ts";
import { hiddenBy, marksOf, type Marks } from "../../../../../src/mesh/topology/find/marks.ts";
import { parseFind } from "../../../../../src/mesh/topology/find/parseFind.ts";
import { findPresets, hidePresets } from "../../../../../src/mesh/topology/find/presets.ts";
import { fill } from "../../../../../src/mesh/message.ts";
import type { ClusterKey } from "../../../../../src/mesh/model/refs.ts";
import { aGraph, aNode, anEdge } from "../smallGraph.ts";

// front calls reviews (a service), which splits to v1 and v2; v2 calls the database by TCP; batch in ops is idle.
const nodes = [
  aNode("front", { labels: { team: "web" }, rpsIn: 12, rpsOut: 10, errorRate: 0.002 }),
  aNode("reviews", {
    kind: "service",
    app: "reviews",
    rpsIn: 10,
    errorRate: 0.05,
    state: "degraded",
    badges: ["routing"],
  }),
  aNode("reviews-v1", { app: "reviews", version: "v1", labels: { team: "pay" }, rpsIn: 8, errorRate: 0 }),
  aNode("reviews-v2", { app: "reviews", version: "v2", rpsIn: 2, errorRate: 0.25, state: "failing" }),
  aNode("db", { kind: "serviceEntry", namespace: "", state: "unknown" }),
  aNode("batch", { namespace: "ops", state: "idle", badges: ["idle", "missingSidecar"] }),
  aNode("unknown", { kind: "unknown", namespace: "", state: "unknown" }),
];
const edges = [
  anEdge(0, 1, {
    rps: 10,
    errorsPerSecond: 0.5,
    errorRate: 0.05,
    p95: 0.6,
    mtls: 1,
    responseCodes: { "200": 9.5, "503": 0.5 },
    flags: { UH: 0.5 },
    state: "degraded",
  }),
  anEdge(1, 2, { rps: 8, errorsPerSecond: 0, errorRate: 0, p95: 0.1, mtls: 1, responseCodes: { "200": 8 } }),
  anEdge(1, 3, {
    rps: 2,
    errorsPerSecond: 0.5,
    errorRate: 0.25,
    p95: 0.9,
    mtls: 0.5,
    responseCodes: { "200": 1.5, "503": 0.5 },
    state: "failing",
  }),
  anEdge(3, 4, { protocol: "tcp", sentBytesPerSecond: 2500, receivedBytesPerSecond: 100, mtls: 0 }),
  anEdge(6, 0, { rps: 2, errorsPerSecond: 0, errorRate: 0, mtls: 0, responseCodes: { "200": 2 } }),
];
const graph = aGraph(nodes, edges);

function found(text: string, mark = marksOf): { nodes: string; edges: string } {
  const expression = parseFind(text);
  if (isFindError(expression)) assert.fail(`${fill(expression.words)} at ${expression.at}`);
  const marks: Marks = mark(expression, graph);
  return {
    nodes: [...marks.nodes].map((index) => nodes[index]?.name).join(" "),
    edges: [...marks.edges].join(" "),
  };
}

function error(text: string): string {
  const result = parseFind(text);
  assert.ok(isFindError(result), text);
  return `${result.at}: ${fill(result.words)}`;
}

describe("finding", () => {
  const cases: readonly [text: string, nodes: string, edges: string][] = [
    ["", "", ""],
    ["name = front", "front", ""],
    ["name = reviews", "reviews reviews-v1 reviews-v2", ""],
    ["name != reviews", "front db batch unknown", ""],
    ["name ^= reviews-", "reviews-v1 reviews-v2", ""],
    ["name $= -V2", "reviews-v2", ""],
    ["name *= view and version = v1", "reviews-v1", ""],
    ["service = reviews", "reviews", ""],
    ["workload != front", "reviews-v1 reviews-v2 batch", ""],
    ["ns = shop and not name *= reviews", "front", ""],
    ["kind = serviceentry or kind = unknown", "db unknown", ""],
    ["label.team = pay", "reviews-v1", ""],
    ['label.team != pay and ns = "shop"', "front reviews reviews-v2", ""],
    ["http.errors > 1%", "reviews reviews-v2", "0 2"],
    // An edge is in a namespace, a cluster or an app with either of its ends.
    ["http.errors > 1% and ns = shop", "reviews reviews-v2", "0 2"],
    ["protocol = tcp and ns = shop", "", "3"],
    ["protocol = tcp and ns = ops", "", ""],
    ["ns != shop", "db batch unknown", ""],
    ["app = reviews", "reviews reviews-v1 reviews-v2", "0 1 2 3"],
    ["cluster = eu and code ^= 5", "", "0 2"],
    ["errors >= 25 %", "reviews-v2", "2"],
    ["rt.p95 > 500ms", "", "0 2"],
    ["rt.p95 > 0.8 s", "", "2"],
    ["rps > 5 rps", "front reviews reviews-v1", "0 1"],
    ["http.in >= 10", "reviews", ""],
    ["http.out = 2", "unknown", ""],
    ["tcp.in > 2 kB/s", "db", ""],
    ["sent > 2kB/s", "", "3"],
    ["protocol = tcp", "", "3"],
    ["code ^= 5", "", "0 2"],
    ["flag = uh", "", "0"],
    ["mtls < 100%", "", "2 3 4"],
    ["from.name = front and to.kind = service", "", "0"],
    ["to.version = v2 or protocol = tcp", "", "2 3"],
    ["from.unknown", "", "4"],
    ["healthy", "front reviews-v1", "1 3 4"],
    ["not healthy", "reviews reviews-v2", "0 2"],
    ["is missingSidecar", "batch", ""],
    ["idle or external", "db batch", ""],
    ["routing && ! failing || fault", "reviews", ""],
    ["ns = ops or ns = shop and version = v1", "reviews-v1 batch", ""],
    ["(ns = ops or ns = shop) and (version = v1 or idle)", "reviews-v1 batch", ""],
    ["not (ns = shop or name = db)", "batch unknown", ""],
  ];
  for (const [text, ofNodes, ofEdges] of cases) {
    it(`reads ${text === "" ? "a blank text, which finds nothing" : text}`, () => {
      assert.deepEqual(found(text), { nodes: ofNodes, edges: ofEdges });
    });
  }

  it("matches nothing where there is no data, neither a comparison nor its opposite", () => {
    assert.equal(found("rt.p95 > 0ms or rt.p95 <= 0ms").edges, "0 1 2");
    assert.equal(found("not rt.p95 > 500ms").edges, "1");
  });
});

describe("hiding", () => {
  it("takes the edges of hidden nodes along", () => {
    assert.deepEqual(found("name = reviews-v2", hiddenBy), { nodes: "reviews-v2", edges: "2 3" });
  });

  it("takes nodes along that hidden edges leave bare, and not those that never had one", () => {
    assert.deepEqual(found("protocol = tcp", hiddenBy), { nodes: "db", edges: "3" });
  });
});

describe("hiding what has ends", () => {
  it("leaves the neighbours of a hidden namespace, though all their edges went along", () => {
    const mixed = aGraph([aNode("gateway", { namespace: "ops" }), aNode("front")], [anEdge(0, 1)]);
    const expression = parseFind("ns = shop");
    assert.ok(!isFindError(expression));
    const { nodes: hidden, edges: gone } = hiddenBy(expression, mixed);
    assert.deepEqual([[...hidden], [...gone]], [[1], [0]]);
  });
});

describe("a cluster's names", () => {
  const key = "key-of-eu" as ClusterKey;
  const contexts = new Map([[key, "demo-eu"]]);
  const connected = { label: "eu", key, isDerived: false };
  const there = { label: "us", key: undefined, isDerived: false };
  const clusters = aGraph(
    [aNode("front", { place: connected }), aNode("back", { place: there }), aNode("db", { place: there })],
    [anEdge(0, 1), anEdge(1, 2)],
  );
  const inClusters = (text: string, mark = marksOf): Marks => {
    const expression = parseFind(text);
    assert.ok(!isFindError(expression));
    return mark(expression, clusters, contexts);
  };

  it("are the context, as the picture says it, and the metrics' label", () => {
    for (const name of ["demo-eu", "eu", "DEMO-EU"]) {
      const { nodes: found, edges: between } = inClusters(`cluster = ${name}`);
      assert.deepEqual([[...found], [...between]], [[0], [0]], name);
    }
    assert.deepEqual([...inClusters("cluster != demo-eu").nodes], [1, 2]);
    assert.deepEqual([...inClusters("from.cluster = demo-eu").edges], [0]);
    assert.deepEqual([...inClusters("cluster = demo-eu", hiddenBy).nodes], [0]);
  });

  it("are all offered", () => {
    const { words } = complete("cluster = ", 10, clusters, contexts);
    assert.deepEqual([...words].sort(), ["demo-eu", "eu", "us"]);
  });
});

describe("a text that cannot be read", () => {
  const cases: readonly [text: string, why: string][] = [
    ["color = red", "0: Nothing is called color here"],
    ["ns", "2: Expected a comparison after ns, such as = or >"],
    ["ns = ", "5: Expected a value after ="],
    ["healthy = yes", "0: healthy is not compared: write it alone, or “not healthy”"],
    ["ns > shop", "3: ns cannot be compared with >"],
    ["errors *= 5%", "7: errors cannot be compared with *="],
    ["errors > 5", "9: Write a share in percent: 5%"],
    ["rt.p95 > 500", "9: Write a time with its unit: 500ms or 500s"],
    ["rt.p95 > 5 parsecs", "9: Write a time with its unit: 5ms or 5s"],
    ["rt.p95 > soon", "9: Expected a number instead of soon"],
    ["(ns = shop", "0: This parenthesis is never closed."],
    ["ns = shop)", "9: Expected “and” or “or” before )"],
    ['name = "open', "7: This quote is never closed."],
    ["healthy idle", "8: Expected “and” or “or” before idle"],
    ["and", "0: Expected something to look for, such as name, ns, healthy"],
    [
      "protocol = tcp and kind = service",
      "19: Nothing is a node and an edge at once. Ask an edge for its ends: from.ns or to.ns",
    ],
    ["from.protocol = tcp", "0: Nothing is called from.protocol here"],
    ["__proto__ = x", "0: Nothing is called __proto__ here"],
  ];
  for (const [text, why] of cases) it(`says where and why: ${text}`, () => assert.equal(error(text), why));
});

describe("completing", () => {
  const at = (text: string): { from: number; words: readonly string[] } => {
    const caret = text.indexOf("|");
    return complete(text.replace("|", ""), caret, graph);
  };

  it("offers what begins as typed", () => {
    assert.deepEqual(at("http.e|"), { from: 0, words: ["http.errors"] });
    assert.deepEqual(at("not miss|"), { from: 4, words: ["missingSidecar"] });
    assert.deepEqual(at("label.|"), { from: 0, words: ["label.team"] });
    assert.ok(at("from.na|").words.includes("from.namespace"));
  });

  it("offers comparisons after what can be compared, and values of the graph after those", () => {
    assert.deepEqual(at("ns |").words, ["=", "!=", "*=", "^=", "$="]);
    assert.deepEqual(at("ns = |").words, ["shop", "ops"]);
    assert.deepEqual(at("ns = o|"), { from: 5, words: ["ops"] });
    assert.deepEqual(at("code = |").words, ["200", "503"]);
    assert.deepEqual(at("rt.p95 > |").words, ["100ms", "500ms", "1000ms"]);
  });

  it("offers what joins after what is complete", () => {
    assert.deepEqual(at("(healthy |").words, ["and", "or", ")"]);
    assert.deepEqual(at("ns = shop |").words, ["and", "or"]);
  });

  it("quotes values that would be read as something else", () => {
    const hostile = aGraph([aNode("a b"), aNode('say "or"'), aNode("or")]);
    const { words } = complete("name = ", 7, hostile);
    assert.deepEqual(words, ['"a b"', '"or"', '"say \\"or\\""']);
    for (const [index, name] of ["a b", "or", 'say "or"'].entries()) {
      const expression = parseFind(`name = ${words[index] ?? ""}`);
      assert.ok(!isFindError(expression));
      const [node = -1] = marksOf(expression, hostile).nodes;
      assert.equal(hostile.nodes[node]?.name, name);
    }
  });
});

it("every preset can be read", () => {
  for (const { text } of [...findPresets, ...hidePresets]) assert.ok(!isFindError(parseFind(text)), text);
});
