import assert from "node:assert/strict";
import { it } from "node:test";
import { noTrafficConfig } from "../../../../../src/mesh/inventory/trafficConfig.ts";
import { readTolerances } from "../../../../../src/mesh/health/tolerances.ts";
import { Ends, graph } from "./readings.ts";

const ends = new Ends();
const calls = [
  ends.call("eu/shop/front-v1", "eu/shop/reviews-v1", undefined, { protocol: "http", code: "404", rps: 1 }),
  ends.call("eu/shop/front-v1", "eu/shop/reviews-v1", undefined, { protocol: "http", code: "200", rps: 19 }),
];

function stateBy(direction: string, name: string): string | undefined {
  const rule = { name, tolerances: [{ code: "404", degraded: 1, failure: 4, direction }] };
  const facts = { meshes: [], services: [], workloads: [], config: noTrafficConfig };
  return graph(calls, "workload", { ...facts, tolerances: readTolerances([rule]) }).edges[0]?.state;
}

// 1 of 20 is 5 %: the defaults mind 4xx from 10 % on, the rule fails from 4 % on.
it("an edge is judged by what its destination tolerates inbound and its source outbound", () => {
  assert.deepEqual(
    [stateBy("inbound", "reviews-v1"), stateBy("outbound", "front-v1"), stateBy("inbound", "front-v1")],
    ["failing", "failing", "healthy"],
  );
});

it("an edge is judged by the defaults where no rule names its ends", () => {
  assert.equal(stateBy("", "somebody-else"), "healthy");
});
