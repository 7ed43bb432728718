import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { fill, say } from "../../../src/mesh/message.ts";
import { compareHealth, worstOf, type Health, type Verdict } from "../../../src/mesh/health/verdict.ts";

function a(state: Health, ...reasons: readonly string[]): Verdict {
  return { state, reasons: reasons.map((reason) => say("{0}", reason)) };
}

function worst(...parts: readonly Verdict[]): readonly string[] {
  const { state, reasons } = worstOf(parts);
  return [state, ...reasons.map(fill)];
}

describe("the verdict on a whole", () => {
  it("is the worst of its parts, with the reasons of trouble, worst first", () => {
    assert.deepEqual(worst(a("healthy"), a("degraded", "slow"), a("failing", "down"), a("idle", "still")), [
      "failing",
      "down",
      "slow",
    ]);
  });

  it("is healthy where one part is and of the others nothing is known", () => {
    assert.deepEqual(worst(a("unknown", "no numbers"), a("healthy"), a("idle")), ["healthy"]);
  });

  it("is idle where parts are idle or unknown", () => {
    assert.deepEqual(worst(a("unknown", "no numbers"), a("idle", "still")), ["idle", "still"]);
  });

  it("is unknown without parts", () => {
    assert.deepEqual(worst(), ["unknown"]);
  });

  it("says a reason once", () => {
    assert.deepEqual(worst(a("failing", "down"), a("failing", "down")), ["failing", "down"]);
  });

  it("puts what is worse before what is better", () => {
    const states: Health[] = ["unknown", "healthy", "failing", "idle", "degraded"];
    assert.deepEqual(states.sort(compareHealth), ["failing", "degraded", "healthy", "idle", "unknown"]);
  });
});
