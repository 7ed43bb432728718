import assert from "node:assert/strict";
import { it } from "node:test";
import { withStale } from "../../../../src/editor/pages/staleMarks.ts";
import type { Call, ClusterPlace } from "../../../../src/mesh/telemetry/edges/calls.ts";
import type { GraphEdge, GraphNode } from "../../../../src/mesh/topology/graph/graph.ts";
import { flag } from "../../../../src/protocol/topology/graphSnapshot.ts";

const eu: ClusterPlace = { label: "eu", key: "uid of eu", isDerived: false };
const us: ClusterPlace = { label: "us", key: "uid of us", isDerived: false };
const speakers = [
  { place: eu, sourceId: "good" },
  { place: us, sourceId: "lost" },
];

function edgeBetween(source: ClusterPlace, destination: ClusterPlace): GraphEdge {
  const ends = { source: { place: source }, service: undefined, destination: { place: destination } };
  return { calls: [ends as Call] } as unknown as GraphEdge;
}

const graph = {
  nodes: [{ place: eu }, { place: us }] as unknown as readonly GraphNode[],
  edges: [edgeBetween(eu, eu), edgeBetween(eu, us), edgeBetween(us, us)],
};
const marks = { nodes: Uint16Array.of(flag.found, flag.found), edges: Uint16Array.of(0, flag.hidden, 0) };

it("dims what a store told before that gives no answer now, beside what is found and hidden", () => {
  const { nodes, edges } = withStale({ speakers, staleSince: new Map([["lost", 1000]]) }, graph, marks);
  assert.deepEqual([...nodes], [flag.found, flag.found | flag.dim | flag.old]);
  assert.deepEqual([...edges], [0, flag.hidden | flag.dim | flag.old, flag.dim | flag.old]);
});

it("dims nothing where every store answers", () => {
  assert.deepEqual(withStale({ speakers, staleSince: new Map() }, graph, marks), marks);
});
