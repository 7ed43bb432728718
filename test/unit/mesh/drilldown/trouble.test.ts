import assert from "node:assert/strict";
import { test } from "node:test";
import { isGathered } from "../../../../src/mesh/drilldown/suspects/trouble.ts";

// In a window of 60 s, 0.05 a second are three.
const whole = { rps: 1, errorsPerSecond: 0.05 };

void test("three errors of three in a tenth of the requests are no chance: it is 1 in 1000", () => {
  assert.ok(isGathered({ rps: 0.1, errorsPerSecond: 0.05 }, whole, 60));
});

void test("three errors of three in half of the requests may be chance: it is 1 in 8", () => {
  assert.ok(!isGathered({ rps: 0.5, errorsPerSecond: 0.05 }, whole, 60));
});

void test("one error, and all requests in one place, tell of no place", () => {
  assert.ok(!isGathered({ rps: 0.1, errorsPerSecond: 1 / 60 }, { rps: 1, errorsPerSecond: 1 / 60 }, 60));
  assert.ok(!isGathered(whole, whole, 60));
});
