import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { graphOf } from "../../../../src/mesh/topology/graph/graphOf.ts";
import { createFormat } from "../../../../src/mesh/format/format.ts";
import { isFindError } from "../../../../src/mesh/topology/find/expression.ts";
import { marksOf } from "../../../../src/mesh/topology/find/marks.ts";
import { parseFind } from "../../../../src/mesh/topology/find/parseFind.ts";
import type { Call } from "../../../../src/mesh/telemetry/edges/calls.ts";
import type { TopologyGraph } from "../../../../src/mesh/topology/graph/graph.ts";
import { snapshotOf } from "../../../../src/protocol/topology/snapshotOf.ts";
import { hiding } from "../../../../webview/topology/hideText.ts";
import { pictureOf } from "../../../../webview/topology/picture.ts";
import { firstState } from "../../../../webview/topology/savedState.ts";
import { loadParams } from "../../../../webview/topology/stateChanges.ts";
import { callsOf, readingOf, type CallLine } from "../../../pages/support/meshCalls.ts";

const params = loadParams(firstState({ windowSeconds: 300, refreshSeconds: 0 }));

function graphOfCalls(calls: readonly Call[]): TopologyGraph {
  return graphOf(readingOf(calls, params, 0), undefined, { withIdleNodes: false, format: createFormat("en") });
}

/** What is hidden when each node in turn is hidden from the menu, after `before`. */
function hiddenOf(
  graph: TopologyGraph,
  before = "",
): (readonly [id: string, hidden: readonly (string | undefined)[]])[] {
  const picture = pictureOf(
    snapshotOf(graph, {
      ...{ serial: 1, atMillis: 0, windowSeconds: 300, problems: [], stores: [], empty: null, findError: null },
      spent: { wait: 0, decode: 0, graph: 0, queries: 0, bytes: 0 },
      label: "rate",
    }),
  );
  return graph.nodes.map(({ id }, node) => {
    const read = parseFind(hiding(picture, node, before));
    assert.ok(!isFindError(read), id);
    return [id, [...marksOf(read, graph).nodes].map((index) => graph.nodes[index]?.id)] as const;
  });
}

function hidesItself(graph: TopologyGraph): void {
  assert.ok(graph.nodes.length > 0);
  for (const [id, hidden] of hiddenOf(graph)) assert.deepEqual(hidden, [id]);
}

describe("Hiding a node from its menu", () => {
  it("hides neither the versions of an app of that name nor its service", () => {
    const lines: CallLine[] = [
      { from: "shop/front-v1", to: "shop/reviews", at: "shop/reviews", rps: 1 },
      { from: "shop/front-v1", to: "shop/reviews", at: "shop/reviews-v2", rps: 1 },
    ];
    hidesItself(graphOfCalls(callsOf(lines)));
  });

  it("hides nothing of that name in other namespaces and clusters", () => {
    const lines = ["demo-eu", "demo-us"].flatMap((cluster) =>
      ["shop", "bank"].map((ns) => ({ cluster, from: `${ns}/front-v1`, to: `${ns}/reviews`, rps: 1 })),
    );
    hidesItself(graphOfCalls(callsOf(lines)));
  });

  it("hides nothing of that name in a cluster whose metrics have the same label", () => {
    const places = ["a", "b"].map((name) => ({ label: "Kubernetes", key: name, isDerived: false }));
    const calls = places.flatMap((place) =>
      callsOf([{ from: "shop/front-v1", to: "shop/reviews", rps: 1 }]).map((call) => ({
        ...call,
        source: { ...call.source, place },
        ...(call.service && { service: { ...call.service, place } }),
        ...(call.destination && { destination: { ...call.destination, place } }),
      })),
    );
    const graph = graphOfCalls(calls);
    assert.equal(graph.boxes.filter(({ kind }) => kind === "cluster").length, 2);
    hidesItself(graph);
  });

  const hostile = [
    'a"b',
    "it's",
    "back\\slash",
    "tail\\",
    "two\nlines",
    "a and b",
    "and",
    "not",
    "",
    " ",
    "x) or (name = y",
    "=",
    "50%",
    "\u202Egnp",
    "😀",
    "\ud800",
    "a=b",
    "name != x",
    "constructor",
    "__proto__",
  ];
  for (const name of hostile) {
    it(`hides this one and no other where it is called ${JSON.stringify(name)}`, () => {
      const lines = [{ from: "shop/front-v1", to: `shop/${name}`, at: `shop/${name}`, rps: 1 }];
      hidesItself(graphOfCalls(callsOf([...lines, { from: `${name}/front-v1`, to: "shop/plain", rps: 1 }])));
    });
  }

  it("keeps what the text said before, and can be done a hundred times", () => {
    const graph = graphOfCalls(callsOf([{ from: "shop/front-v1", to: "shop/reviews", rps: 1 }]));
    const before = Array.from({ length: 60 }, () => "ns = b").join(" or ");
    for (const [id, hidden] of hiddenOf(graph, `${before} or workload = front-v1`)) {
      assert.deepEqual(new Set(hidden), new Set([id, "workload/demo-eu/shop/front-v1"]));
    }
  });
});
