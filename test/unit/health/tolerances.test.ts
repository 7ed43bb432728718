import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { createFormat } from "../../../src/mesh/format/format.ts";
import { readTolerances, type Judged } from "../../../src/mesh/health/tolerances.ts";
import { trafficHealth } from "../../../src/mesh/health/trafficHealth.ts";
import { fill } from "../../../src/mesh/message.ts";
import { noRequests } from "../../../src/mesh/telemetry/requestRates.ts";
import type { Endings } from "../../../src/mesh/telemetry/summaries.ts";

const format = createFormat("en");

function judged(name: string, healthRate?: string): Judged {
  return { ref: { kind: "Service", namespace: "shop", name }, is: "service", healthRate };
}

/** Of 100 requests per second over HTTP, of which these ended otherwise than with 200. */
function stateBy(rules: unknown, endings: Endings, healthRate?: string): string {
  const notFound = endings["http 404"] ?? 0;
  const requests = { ...noRequests, rps: 100, clientErrorsPerSecond: notFound, endings };
  const tolerated = readTolerances(rules).of(judged("reviews", healthRate));
  return trafficHealth(requests, undefined, { format, tolerated }).state;
}

describe("tolerances", () => {
  it("are those of the first rule that matches", () => {
    const rules = [
      { name: "rev.*", tolerances: [{ code: "404", degraded: 1, failure: 2 }] },
      { tolerances: [{ code: "404", degraded: 90, failure: 95 }] },
    ];
    assert.equal(stateBy(rules, { "http 404": 3 }), "failing");
  });

  it("match whole names", () => {
    const rules = [{ name: "rev", tolerances: [{ code: "404", degraded: 1, failure: 2 }] }];
    assert.equal(stateBy(rules, { "http 404": 3 }), "healthy");
  });

  it("are those of the annotation before any rule", () => {
    const rules = [{ tolerances: [{ code: "404", degraded: 1, failure: 2 }] }];
    assert.equal(stateBy(rules, { "http 404": 15 }, "4XX,10,20,http,inbound"), "degraded");
  });

  it("are those of the rules where nothing of the annotation can be read, and say so", () => {
    const set = readTolerances(undefined).of(judged("reviews", "4XX,20,10,http,inbound"));
    assert.deepEqual(set.problems.map(fill), [
      "Annotation health.kiali.io/rate, 4XX,20,10,http,inbound: degraded is higher than failure",
    ]);
    assert.equal(set.tolerances[0]?.origin, "default");
  });

  it("refuse a pattern that may take exponentially long, and say which and why", () => {
    const { problems } = readTolerances([{ namespace: "(a+)+b", tolerances: [{ code: "5XX", degraded: 0 }] }]);
    assert.deepEqual(problems.map(fill), [
      'Health rule 1, namespace: "(a+)+b" is refused: a group that repeats has a choice or a repetition in it',
    ]);
  });

  it("never throw, whatever settings and annotations hold", () => {
    fc.assert(
      fc.property(fc.anything(), fc.string(), (setting, annotation) => {
        readTolerances([setting]).of(judged("reviews", annotation));
        readTolerances(setting).of(judged("reviews"));
      }),
    );
  });
});
