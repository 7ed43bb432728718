import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { outcomesOf, readRoutingCase, routingCaseNames } from "../../support/routingCorpus.ts";

describe("routing, on what a real Envoy did with istiod's configuration", () => {
  for (const name of routingCaseNames()) {
    it(`takes every request of ${name} as Envoy did`, () => {
      const read = readRoutingCase(name);
      const outcomes = JSON.parse(JSON.stringify(outcomesOf(read))) as unknown[];
      assert.ok(outcomes.length > 0);
      for (const [index, request] of read.requests.entries()) {
        const { outcome, ...sent } = request;
        assert.deepEqual(outcomes[index], outcome, `request ${index}: ${JSON.stringify(sent)}`);
      }
    });
  }
});
