import assert from "node:assert/strict";
import { test } from "node:test";
import type { TrafficReading } from "../../../src/mesh/explorer/join/traffic.ts";
import { meshServiceOf } from "../../../src/mesh/explorer/meshService.ts";
import { healthy } from "../../../src/mesh/health/verdict.ts";
import { say } from "../../../src/mesh/message.ts";
import { noRequests } from "../../../src/mesh/telemetry/requestRates.ts";
import { aService } from "./aWorld.ts";

const unknown: TrafficReading = { kind: "none", why: say("no metrics store") };
const idle: TrafficReading = { kind: "idle" };
const flowing: TrafficReading = {
  kind: "flowing",
  requests: { ...noRequests, rps: 5 },
  latency: { p50: 0.1, p95: 0.2, p99: 0.3 },
};

/** What a service in two clusters reads, in either order of them. */
function readingsOf(a: TrafficReading, b: TrafficReading): readonly TrafficReading[] {
  const members = [aService("reviews"), aService("reviews", { cluster: "uid-us" })];
  return [
    [a, b],
    [b, a],
  ].map(
    (readings) =>
      meshServiceOf(members, {
        assessment: (id) => ({
          reading: readings[members.findIndex((view) => view.id === id)] ?? unknown,
          verdict: healthy,
        }),
      }).reading,
  );
}

test("a service that idles in one cluster and is unknown in the other is unknown, with the reason", () => {
  for (const { kind, why } of readingsOf(idle, unknown)) {
    assert.equal(kind, "none");
    assert.equal(why?.text, "no metrics store");
  }
});

test("what flows in one cluster flows, and how long it takes in both is not known where the other is unknown", () => {
  for (const { kind, requests, latency } of readingsOf(flowing, unknown)) {
    assert.equal(kind, "flowing");
    assert.equal(requests?.rps, 5);
    assert.equal(latency, undefined);
  }
});

test("the durations of the only cluster that is not idle are the whole's", () => {
  for (const { latency } of readingsOf(flowing, idle)) assert.equal(latency?.p95, 0.2);
});
