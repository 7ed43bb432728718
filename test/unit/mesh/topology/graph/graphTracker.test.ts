import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Call } from "../../../../../src/mesh/telemetry/edges/calls.ts";
import { GraphTracker } from "../../../../../src/mesh/topology/graph/graphTracker.ts";
import type { TrackedGraph } from "../../../../../src/mesh/topology/graph/presence.ts";
import { steadyState, type SteadyState } from "../../../../../src/mesh/topology/graph/steadyState.ts";
import { edgeNamed, Ends, graph, nodeNamed } from "./readings.ts";

const ends = new Ends();
const front = "eu/shop/front-v1";
const healthy = (rps: number): Call => ends.call(front, "eu/shop/reviews", "eu/shop/reviews-v1", { rps });
const failed = (rps: number): Call => ends.call(front, "eu/shop/reviews", "eu/shop/reviews-v1", { rps, code: "503" });
const toCart = ends.call(front, "eu/shop/cart", "eu/shop/cart-v1", { rps: 1 });
const reviewsEdge = "workload/eu/shop/front-v1>service/eu/shop/reviews:http";
const cartEdge = "workload/eu/shop/front-v1>service/eu/shop/cart:http";

function ids({ nodes, edges, boxes }: TrackedGraph): readonly (readonly string[])[] {
  return [nodes, edges, boxes].map((list) => list.map(({ id }: { id: string }) => id));
}

function presence(tracked: TrackedGraph, edge: string): string | undefined {
  const index = tracked.edges.findIndex(({ id }) => id === edge);
  return tracked.edgePresence[index];
}

describe("graphs of one reading after another", () => {
  it("have the same nodes, edges and boxes in the same order where only rates and errors differ", () => {
    const tracker = new GraphTracker();
    const first = tracker.next(graph([healthy(10), toCart]));
    const second = tracker.next(graph([toCart, failed(3), healthy(7)]));
    assert.deepEqual(ids(second), ids(first));
    assert.equal(edgeNamed(second, reviewsEdge).rps, 10);
  });

  it("keep an error ratio that swings between 0 and 0.4 % from changing any state", () => {
    const tracker = new GraphTracker();
    tracker.next(graph([healthy(1000)]));
    for (let poll = 0; poll < 6; poll++) {
      const tracked = tracker.next(graph(poll % 2 === 0 ? [healthy(996), failed(4)] : [healthy(1000)]));
      assert.equal(edgeNamed(tracked, reviewsEdge).state, "healthy");
      assert.equal(nodeNamed(tracked, "service/eu/shop/reviews").state, "healthy");
    }
  });

  it("show the numbers of the last reading whatever state is shown", () => {
    const tracker = new GraphTracker();
    tracker.next(graph([healthy(1000)]));
    const tracked = tracker.next(graph([healthy(996), failed(4)]));
    assert.equal(edgeNamed(tracked, reviewsEdge).errorRate, 0.004);
  });

  it("say why a node still counts as failing while its last reading is better", () => {
    const tracker = new GraphTracker();
    tracker.next(graph([failed(5), healthy(5)]));
    const node = nodeNamed(tracker.next(graph([healthy(10)])), "service/eu/shop/reviews");
    assert.equal(node.state, "failing");
    assert.match(node.reasons[0]?.text ?? "", /a moment ago/);
  });

  it("dim what is missing for one reading, keep its ghost for two more, and then let it go", () => {
    const tracker = new GraphTracker();
    tracker.next(graph([healthy(10), toCart]));
    const seen = [1, 2, 3, 4].map(() => {
      const tracked = tracker.next(graph([healthy(10)]));
      return [presence(tracked, cartEdge), tracked.edges.find(({ id }) => id === cartEdge)?.rps];
    });
    assert.deepEqual(seen, [
      ["dim", 1],
      ["ghost", NaN],
      ["ghost", NaN],
      [undefined, undefined],
    ]);
  });

  it("give ghosts their place back when they return", () => {
    const tracker = new GraphTracker();
    const first = tracker.next(graph([toCart, healthy(10)]));
    tracker.next(graph([healthy(10)]));
    tracker.next(graph([healthy(10)]));
    const back = tracker.next(graph([healthy(10), toCart]));
    assert.deepEqual(ids(back), ids(first));
    assert.ok(back.nodePresence.every((each) => each === "seen"));
    assert.ok(back.edgePresence.every((each) => each === "seen"));
  });

  it("add what is new behind what is there", () => {
    const tracker = new GraphTracker();
    const [nodes = [], edges = []] = ids(tracker.next(graph([healthy(10)])));
    const [moreNodes = [], moreEdges = []] = ids(tracker.next(graph([toCart, healthy(10)])));
    assert.deepEqual(moreNodes.slice(0, nodes.length), nodes);
    assert.deepEqual(moreEdges.slice(0, edges.length), edges);
  });

  it("leave a service in its app's box while nobody answers for it", () => {
    const tracker = new GraphTracker();
    const unanswered = ends.call(front, "eu/shop/ratings", undefined, { rps: 1, code: "503", flags: "UH" });
    const answered = ends.call(front, "eu/shop/ratings", "eu/shop/stars-v1", { rps: 1 });
    const boxed = (tracked: TrackedGraph) => tracked.boxes[nodeNamed(tracked, "service/eu/shop/ratings").box ?? -1]?.id;
    assert.equal(boxed(tracker.next(graph([answered]))), "box/eu/shop/stars");
    assert.equal(boxed(tracker.next(graph([unanswered]))), "box/eu/shop/stars");
  });

  it("start over when something else is asked", () => {
    const tracker = new GraphTracker();
    tracker.next(graph([healthy(10), toCart]), "namespaces: all");
    const tracked = tracker.next(graph([healthy(10)]), "namespaces: shop");
    assert.ok(!tracked.edges.some(({ id }) => id === cartEdge));
  });

  it("hold edges whose ends are there, at any time", () => {
    const tracker = new GraphTracker();
    const readings = [[healthy(1), toCart], [toCart], [], [healthy(1)], [], [], [toCart], []];
    for (const calls of readings) {
      const { nodes, edges } = tracker.next(graph(calls));
      for (const edge of edges) {
        assert.ok(edge.id.startsWith(`${nodes[edge.source]?.id ?? "?"}>${nodes[edge.target]?.id ?? "?"}:`));
      }
    }
  });
});

describe("a state that does not flicker", () => {
  const after = (...readings: readonly [SteadyState["shown"], number][]): SteadyState["shown"] => {
    let state: SteadyState | undefined;
    for (const [said, errorRate] of readings) state = steadyState(state, said, errorRate);
    return state?.shown ?? "unknown";
  };

  it("gets worse at once", () => {
    assert.equal(after(["healthy", 0], ["failing", 0.5]), "failing");
    assert.equal(after(["healthy", 0], ["degraded", 0.02]), "degraded");
  });

  it("believes less than 1 % of failed requests at the second reading", () => {
    assert.equal(after(["healthy", 0], ["degraded", 0.004]), "healthy");
    assert.equal(after(["healthy", 0], ["degraded", 0.004], ["degraded", 0.004]), "degraded");
  });

  it("gets better after two readings that agree", () => {
    assert.equal(after(["failing", 0.5], ["healthy", 0]), "failing");
    assert.equal(after(["failing", 0.5], ["healthy", 0], ["healthy", 0]), "healthy");
    assert.equal(after(["failing", 0.5], ["degraded", 0.02], ["healthy", 0]), "healthy");
  });

  it("stays failing while the ratio swings around the threshold", () => {
    assert.equal(after(["failing", 0.101], ["degraded", 0.099], ["failing", 0.101], ["degraded", 0.099]), "failing");
  });

  it("shows silence at the second silent reading and traffic at once", () => {
    assert.equal(after(["healthy", 0], ["idle", NaN]), "healthy");
    assert.equal(after(["healthy", 0], ["idle", NaN], ["idle", NaN]), "idle");
    assert.equal(after(["idle", NaN], ["healthy", 0]), "healthy");
  });
});
