import assert from "node:assert/strict";
import { it } from "node:test";
import { NodeFlows } from "../../../../../src/mesh/topology/find/flows.ts";
import { operandOf, Searched } from "../../../../../src/mesh/topology/find/operands.ts";
import { drawn, Ends, graph } from "../graph/readings.ts";

const ends = new Ends();
const toDb = (source: string, sentBytesPerSecond: number, flags: string) =>
  ends.call(source, "eu/shop/db", undefined, { protocol: "tcp", sentBytesPerSecond, flags });
const found = graph([
  toDb("eu/shop/front-v1", 60, "-"),
  toDb("eu/shop/front-v1", 20, "UF"),
  toDb("eu/shop/batch-v1", 20, ""),
  ends.call("eu/shop/front-v1", "eu/shop/db", undefined, { rps: 1, code: "500" }),
]);

it("tcp.errors is the share of bytes with a response flag, of an edge and of all that come in at a node", () => {
  const operand = operandOf("tcp.errors");
  assert.ok(operand && operand.dimension !== "text");
  const searched = new Searched(found, undefined);
  const edge = found.edges.findIndex(({ protocol, errorRate }) => protocol === "tcp" && errorRate > 0);
  assert.equal(operand.edge?.(searched, edge), 0.25, drawn(found).join("; "));
  const db = found.nodes.findIndex(({ name }) => name === "db");
  assert.equal(operand.node?.(searched, db), 0.2);
  assert.equal(new NodeFlows(found).errorRate(db, "http"), 1);
});
