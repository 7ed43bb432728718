import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { flag, states, type GraphSnapshot } from "../../../../../src/protocol/topology/graphSnapshot.ts";
import { snapshotOf } from "../../../../../src/protocol/topology/snapshotOf.ts";
import { boxEnd, type Scene, type SceneOptions } from "../../../../../webview/topology/scene/scene.ts";
import { collapsedAtFirst, sceneOf } from "../../../../../webview/topology/scene/sceneOf.ts";
import { seededRandom, syntheticGraph } from "../../../../support/syntheticGraph.ts";
import { everything, placementOf, snapshotOfSketch, type Sketch } from "./sketch.ts";

// front calls reviews, which is in another namespace; reviews calls ratings next door, and an API outside of the mesh.
const shop: Sketch = {
  boxes: [
    ["eu", 0],
    ["web", 1, "eu"],
    ["shop", 1, "eu"],
    ["reviews", 2, "shop"],
  ],
  nodes: [
    { name: "front-v1", box: "web" },
    { name: "batch-v1", box: "web" },
    { name: "reviews", kind: "service", box: "reviews" },
    { name: "reviews-v1", box: "reviews" },
    { name: "reviews-v2", box: "reviews" },
    { name: "ratings", kind: "service", box: "shop" },
    { name: "api.example.com", kind: "external" },
    { name: "legacy", box: "shop", flags: flag.idle },
  ],
  edges: [
    { from: "front-v1", to: "reviews", rate: 8, errors: 0.25, label: 0.2 },
    { from: "batch-v1", to: "reviews", rate: 2, errors: 0, label: 0.9 },
    { from: "reviews", to: "reviews-v1", rate: 6, errors: 0, isSplit: true },
    { from: "reviews", to: "reviews-v2", rate: 4, errors: 0.5, isSplit: true },
    { from: "reviews-v2", to: "ratings", rate: 3, protocol: "grpc" },
    { from: "reviews-v1", to: "api.example.com", rate: 500, back: 100, protocol: "tcp" },
  ],
};
const [front, batch, reviews, v2, ratings, api, legacy] = [0, 1, 2, 4, 5, 6, 7] as const;
const [eu, web, shopBox, app] = [0, 1, 2, 3] as const;

function seen(sketch: Sketch, options: Partial<SceneOptions> = {}): Scene {
  const snapshot = snapshotOfSketch(sketch);
  return sceneOf(snapshot, placementOf(snapshot), { ...everything, ...options });
}

/** "from>to protocol rate": easier to read than columns. */
function lines({ edges, snapshot }: Scene): string[] {
  return Array.from({ length: edges.count }, (_, i) => {
    const protocol = snapshot.protocols[edges.protocol[i] ?? 0] ?? "";
    return `${edges.source[i]}>${edges.target[i]} ${protocol} ${edges.rate[i]}`;
  });
}

describe("what of a snapshot is seen", () => {
  test("with everything on, all nodes, frames and edges are drawn one by one", () => {
    const scene = seen(shop);
    assert.deepEqual([...scene.nodeShown], [1, 1, 1, 1, 1, 1, 1, 1]);
    assert.deepEqual([...scene.boxShown], [1, 1, 1, 1]);
    assert.deepEqual([...scene.edges.single], [0, 1, 2, 3, 4, 5]);
    assert.equal(scene.visibleNodeCount, 8);
  });

  test("idle nodes that are switched off leave, and so does a frame with nothing else in it", () => {
    const lone: Sketch = { boxes: [["idle", 1]], nodes: [{ name: "a", box: "idle", flags: flag.idle }, { name: "b" }] };
    const scene = seen(lone, { show: { ...everything.show, idleNodes: false } });
    assert.deepEqual([...scene.nodeShown], [0, 1]);
    assert.deepEqual([...scene.boxShown], [0]);
  });

  test("idle edges and single protocols leave without taking their nodes along", () => {
    const pair: Sketch = {
      nodes: [{ name: "a" }, { name: "b" }],
      edges: [
        { from: "a", to: "b", flags: flag.idle, rate: 0 },
        { from: "a", to: "b", protocol: "tcp", rate: 9 },
        { from: "a", to: "b", protocol: "grpc", rate: 5 },
      ],
    };
    const scene = seen(pair, { show: { ...everything.show, idleEdges: false }, hiddenProtocols: ["tcp"] });
    assert.deepEqual(lines(scene), ["0>1 grpc 5"]);
    assert.deepEqual([...scene.nodeShown], [1, 1]);
  });

  test("services that are switched off stay as junctions where traffic passes, and vanish where none does", () => {
    const withQuiet = { ...shop, nodes: [...shop.nodes, { name: "quiet", kind: "service" as const, box: "shop" }] };
    const scene = seen(withQuiet, { show: { ...everything.show, services: false } });
    assert.equal(scene.nodeShown[reviews], 2);
    assert.equal(scene.nodeShown[ratings], 2);
    assert.equal(scene.nodeShown[8], 0);
    assert.equal(scene.edges.count, 6);
  });

  test("a namespace that is switched off takes its nodes and their edges along", () => {
    const scene = seen(shop, { hiddenBoxes: ["box/eu/web"] });
    assert.deepEqual([scene.nodeShown[front], scene.nodeShown[batch], scene.nodeShown[reviews]], [0, 0, 1]);
    assert.equal(scene.boxShown[web], 0);
    assert.deepEqual([...scene.edges.single], [2, 3, 4, 5]);
  });

  test("frames of a kind that are switched off leave their nodes where they are", () => {
    const scene = seen(shop, { show: { ...everything.show, namespaceBoxes: false } });
    assert.deepEqual([...scene.boxShown], [1, 0, 0, 1]);
    assert.equal(scene.visibleNodeCount, 8);
  });

  test("what the hide expression matches is not drawn, nor are its edges", () => {
    const nodes = shop.nodes.map((node) => (node.name === "reviews-v2" ? { ...node, flags: flag.hidden } : node));
    const scene = seen({ ...shop, nodes });
    assert.equal(scene.nodeShown[v2], 0);
    assert.deepEqual([...scene.edges.single], [0, 1, 2, 5]);
  });
});

describe("collapsed boxes", () => {
  test("a collapsed namespace is one tile that counts its nodes; what is in it is not drawn", () => {
    const scene = seen(shop, { collapsed: new Set(["box/eu/shop"]) });
    assert.deepEqual([...scene.boxShown], [1, 1, 2, 0]);
    // reviews, reviews-v1, reviews-v2, ratings, legacy
    assert.equal(scene.boxNodes[shopBox], 5);
    assert.deepEqual([...scene.nodeShown], [1, 1, 0, 0, 0, 0, 1, 0]);
    assert.equal(scene.nodeShown[legacy], 0);
  });

  test("edges into it carry the callers' rates, and the split behind the service is not counted again", () => {
    const scene = seen(shop, { collapsed: new Set(["box/eu/shop"]) });
    assert.deepEqual(lines(scene), [
      `${front}>${boxEnd(shopBox)} http 8`,
      `${batch}>${boxEnd(shopBox)} http 2`,
      `${boxEnd(shopBox)}>${api} tcp 500`,
    ]);
  });

  const twoWays = (gone: number) =>
    seen(
      {
        ...shop,
        edges: [
          { from: "front-v1", to: "reviews", rate: 50, errors: 0 },
          { from: "batch-v1", to: "reviews", rate: 50, errors: 1, state: "failing", flags: gone },
        ],
      },
      { collapsed: new Set(["box/eu/web", "box/eu/shop"]) },
    ).edges;

  test("what is not there any more adds nothing to a sum of what is", () => {
    const { rate, errorRate, state, flags } = twoWays(flag.dim);
    assert.deepEqual([rate[0], errorRate[0], states[state[0] ?? 9]], [50, 0, "healthy"]);
    assert.equal((flags[0] ?? 0) & flag.dim, 0);
  });

  test("what a silent store told before is part of a sum, which then is old itself", () => {
    const { rate, errorRate, flags } = twoWays(flag.dim | flag.old);
    assert.deepEqual([rate[0], errorRate[0]], [100, 0.5]);
    assert.equal((flags[0] ?? 0) & flag.dim, flag.dim);
  });

  test("a ratio of bytes weighs both directions", () => {
    const { edges } = seen(
      {
        ...shop,
        edges: [
          { from: "front-v1", to: "reviews", protocol: "tcp", rate: 10, back: 90, errors: 1 },
          { from: "batch-v1", to: "reviews", protocol: "tcp", rate: 90, back: 10, errors: 0 },
        ],
      },
      { collapsed: new Set(["box/eu/web", "box/eu/shop"]) },
    );
    assert.equal(edges.errorRate[0], 0.5);
  });

  test("between two tiles each request counts once, and the ratio is that of the sum", () => {
    const scene = seen(shop, { collapsed: new Set(["box/eu/web", "box/eu/shop"]) });
    assert.deepEqual(lines(scene), [`${boxEnd(web)}>${boxEnd(shopBox)} http 10`, `${boxEnd(shopBox)}>${api} tcp 500`]);
    // 2 of 8 fail, 0 of 2: together 2 of 10.
    assert.ok(Math.abs((scene.edges.errorRate[0] ?? NaN) - 0.2) < 1e-6);
    assert.equal(scene.edges.back[1], 100);
  });

  test("a quantile of several edges is no data, that of one alone is kept", () => {
    const both = seen(shop, { collapsed: new Set(["box/eu/web", "box/eu/shop"]) });
    assert.ok(Number.isNaN(both.edges.label[0] ?? 0));
    assert.equal(both.edges.single[0], -1);
    const one = seen(shop, { collapsed: new Set(["box/eu/shop"]) });
    assert.ok(Math.abs((one.edges.label[0] ?? NaN) - 0.2) < 1e-6);
    assert.equal(one.edges.single[0], 0);
  });

  test("the outermost collapsed box wins", () => {
    const scene = seen(shop, { collapsed: new Set(["box/eu", "box/eu/shop", "box/eu/shop/reviews"]) });
    assert.deepEqual([...scene.boxShown], [2, 0, 0, 0]);
    assert.equal(scene.boxNodes[eu], 7);
    assert.deepEqual(lines(scene), [`${boxEnd(eu)}>${api} tcp 500`]);
  });

  test("a collapsed app stands inside the frame of its namespace", () => {
    const scene = seen(shop, { collapsed: new Set(["box/eu/shop/reviews"]) });
    assert.deepEqual([...scene.boxShown], [1, 1, 1, 2]);
    assert.equal(scene.boxNodes[app], 3);
  });

  test("one failing edge among many good ones degrades their sum, and does not fail it", () => {
    const many: Sketch = {
      boxes: [["b", 1]],
      nodes: [{ name: "a" }, { name: "x", box: "b" }, { name: "y", box: "b" }],
      edges: [
        { from: "a", to: "x", rate: 1, errors: 0.5, state: "failing" },
        { from: "a", to: "y", rate: 99, errors: 0 },
      ],
    };
    const scene = seen(many, { collapsed: new Set(["box//b"]) });
    assert.equal(states[scene.edges.state[0] ?? 0], "degraded");
    // 0.5 of 100 requests.
    assert.ok(Math.abs((scene.edges.errorRate[0] ?? NaN) - 0.005) < 1e-6);
  });

  test("bytes whose failing part is a tenth or more fail as a sum", () => {
    const tcp: Sketch = {
      boxes: [["b", 1]],
      nodes: [{ name: "a" }, { name: "x", box: "b" }, { name: "y", box: "b" }],
      edges: [
        { from: "a", to: "x", rate: 10, back: 0, protocol: "tcp", state: "failing" },
        { from: "a", to: "y", rate: 90, back: 0, protocol: "tcp" },
      ],
    };
    assert.equal(states[seen(tcp, { collapsed: new Set(["box//b"]) }).edges.state[0] ?? 0], "failing");
  });

  test("a sum is dimmed only when all of it is, and lacks mutual TLS when some of what flows does", () => {
    const pair: Sketch = {
      boxes: [["b", 1]],
      nodes: [{ name: "a" }, { name: "x", box: "b" }, { name: "y", box: "b" }, { name: "z", box: "b" }],
      edges: [
        { from: "a", to: "x", flags: flag.dim },
        { from: "a", to: "y" },
        { from: "a", to: "z", flags: flag.lacksMtls },
      ],
    };
    const flags = seen(pair, { collapsed: new Set(["box//b"]) }).edges.flags[0] ?? 0;
    assert.equal(flags & flag.dim, 0);
    assert.equal(flags & flag.lacksMtls, flag.lacksMtls);
  });

  test("rates that are not known are no zeros in a sum", () => {
    const pair: Sketch = {
      boxes: [["b", 1]],
      nodes: [{ name: "a" }, { name: "x", box: "b" }, { name: "y", box: "b" }],
      edges: [
        { from: "a", to: "x", rate: NaN, errors: 0.5 },
        { from: "a", to: "y", rate: 4, errors: 0.25 },
      ],
    };
    const known = seen(pair, { collapsed: new Set(["box//b"]) });
    assert.equal(known.edges.rate[0], 4);
    assert.equal(known.edges.errorRate[0], 0.25);
    const unknown = { ...pair, edges: pair.edges?.map((edge) => ({ ...edge, rate: NaN })) ?? [] };
    assert.ok(Number.isNaN(seen(unknown, { collapsed: new Set(["box//b"]) }).edges.rate[0] ?? 0));
  });

  test("a crowd of more than 150 nodes starts with its namespaces collapsed, 150 do not", () => {
    const crowd = (count: number) =>
      snapshotOfSketch({
        boxes: [
          ["eu", 0],
          ["shop", 1, "eu"],
        ],
        nodes: Array.from({ length: count }, (_, i) => ({ name: `n${i}`, box: "shop" })),
      });
    assert.deepEqual(collapsedAtFirst(crowd(150), everything), []);
    assert.deepEqual(collapsedAtFirst(crowd(151), everything), ["box/eu/shop"]);
  });
});

describe("focus", () => {
  const focused = (id: string, hops: number) => [...seen(shop, { focus: { id, hops } }).nodeShown];

  test("one hop from a workload reaches the service it calls, what is behind it, and nothing else", () => {
    assert.deepEqual(focused("workload/eu/web/front-v1", 1), [1, 0, 1, 1, 1, 0, 0, 0]);
  });

  test("two hops go on from there", () => {
    assert.deepEqual(focused("workload/eu/web/front-v1", 2), [1, 0, 1, 1, 1, 1, 1, 0]);
  });

  test("upstream of a workload are its service and that one's callers, not its sister versions", () => {
    const shown = focused("workload/eu/shop/reviews-v1", 1);
    assert.deepEqual(shown, [1, 1, 1, 1, 0, 0, 1, 0]);
  });

  test("a box is in focus with all that is in it", () => {
    assert.deepEqual(focused("box/eu/web", 1), [1, 1, 1, 1, 1, 0, 0, 0]);
  });

  test("a focus on what is not there leaves everything", () => {
    assert.deepEqual(focused("workload/eu/web/gone", 1), [1, 1, 1, 1, 1, 1, 1, 1]);
  });

  test("circles end", () => {
    const circle: Sketch = {
      nodes: [{ name: "a" }, { name: "b" }],
      edges: [
        { from: "a", to: "b", isSplit: true },
        { from: "b", to: "a", isSplit: true },
        { from: "a", to: "a" },
      ],
    };
    assert.equal(seen(circle, { focus: { id: "workload///a", hops: 20 } }).visibleNodeCount, 2);
  });
});

describe("sums over any choice of collapsed boxes", () => {
  const graph = syntheticGraph({ nodes: 300 });
  const snapshot: GraphSnapshot = snapshotOf(graph, {
    ...{ serial: 1, label: "rate", atMillis: 0, windowSeconds: 60, problems: [], stores: [], empty: null },
    ...{ findError: null, spent: { wait: 0, decode: 0, graph: 0, queries: 0, bytes: 0 } },
  });

  for (let seed = 1; seed <= 25; seed++) {
    test(`what crosses between ends is kept per protocol (choice ${seed})`, () => {
      const random = seededRandom(seed);
      const collapsed = new Set(graph.boxes.filter(() => random() < 0.3).map(({ id }) => id));
      const scene = sceneOf(snapshot, placementOf(snapshot), { ...everything, collapsed });
      // Independent of the scene: walk each edge's ends up to the outermost collapsed box by the graph itself.
      const endOf = (node: number): string => {
        let end = graph.nodes[node]?.id ?? "";
        for (let at = graph.nodes[node]?.box; at !== undefined; at = graph.boxes[at]?.parent) {
          const id = graph.boxes[at]?.id ?? "";
          if (collapsed.has(id)) end = id;
        }
        return end;
      };
      const expected = new Map<string, number>();
      for (const edge of graph.edges) {
        const [source, target] = [endOf(edge.source), endOf(edge.target)];
        if (source === target) continue;
        const rate = Number.isNaN(edge.rps) ? edge.sentBytesPerSecond : edge.rps;
        expected.set(edge.protocol, (expected.get(edge.protocol) ?? 0) + rate);
      }
      const drawn = new Map<string, number>();
      for (let i = 0; i < scene.edges.count; i++) {
        const protocol = snapshot.protocols[scene.edges.protocol[i] ?? 0] ?? "";
        drawn.set(protocol, (drawn.get(protocol) ?? 0) + (scene.edges.rate[i] ?? NaN));
      }
      for (const [protocol, rate] of expected) {
        const sum = drawn.get(protocol) ?? 0;
        assert.ok(Math.abs(sum - rate) <= rate * 1e-4, `${protocol}: ${sum} of ${rate}`);
      }
    });
  }
});
