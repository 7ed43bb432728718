import assert from "node:assert/strict";
import { it } from "node:test";
import { edgeText } from "../../../../../src/mesh/topology/export/exportText.ts";
import { protocolFlows } from "../../../../../src/mesh/topology/graph/selectionRates.ts";
import { Ends, format, graph } from "./readings.ts";

const ends = new Ends();
const toDb = (sentBytesPerSecond: number, receivedBytesPerSecond: number, flags: string) =>
  ends.call("eu/shop/front-v1", "eu/shop/db", undefined, {
    ...{ protocol: "tcp", sentBytesPerSecond, receivedBytesPerSecond, flags },
  });
const calls = [toDb(60, 15, "-"), toDb(20, 5, "UF")];

it("the panel tells the same share of flagged TCP bytes as errors that the edge does", () => {
  assert.equal(protocolFlows(calls)[0]?.errorRate, 0.25);
  assert.equal(graph(calls).edges[0]?.errorRate, 0.25);
});

it("an exported TCP edge names its errors as others do", () => {
  const [edge] = graph(calls).edges;
  assert.ok(edge);
  assert.equal(edgeText(edge, format), "tcp ↑80 B/s ↓20 B/s 25%");
});
