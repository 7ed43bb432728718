import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { createFormat } from "../../../src/mesh/format/format.ts";
import { trafficHealth } from "../../../src/mesh/health/trafficHealth.ts";
import { fill } from "../../../src/mesh/message.ts";
import type { RequestRates, Throughput } from "../../../src/mesh/telemetry/summaries.ts";

const format = createFormat("en");

function someRequests(over: Partial<RequestRates> = {}): RequestRates {
  return {
    rps: 100,
    errorsPerSecond: 0,
    clientErrorsPerSecond: 0,
    grpcPerSecond: 0,
    grpcErrorsPerSecond: 0,
    noResponsePerSecond: 0,
    ...over,
  };
}

function verdictOn(requests: Partial<RequestRates> | undefined, tcp?: Throughput): readonly string[] {
  const { state, reasons } = trafficHealth(requests && someRequests(requests), tcp, { format });
  return [state, ...reasons.map(fill)];
}

const still: Throughput = { receivedBytesPerSecond: 0, sentBytesPerSecond: 0 };
const flowing: Throughput = { receivedBytesPerSecond: 10, sentBytesPerSecond: 0 };

describe("the verdict on traffic", () => {
  it("is healthy, without a word, where nothing fails", () => {
    assert.deepEqual(verdictOn({}), ["healthy"]);
  });

  it("is degraded by a single failed HTTP request", () => {
    assert.deepEqual(verdictOn({ errorsPerSecond: 0.001 }), [
      "degraded",
      "<0.1% of the HTTP requests fail (5xx or no response)",
    ]);
  });

  it("is failing from 10 % failed HTTP requests on", () => {
    assert.deepEqual(verdictOn({ errorsPerSecond: 10 }), [
      "failing",
      "10% of the HTTP requests fail (5xx or no response)",
    ]);
  });

  it("is degraded just below 10 %", () => {
    assert.equal(verdictOn({ errorsPerSecond: 9.99 })[0], "degraded");
  });

  it("judges gRPC by its own calls, however many HTTP requests there are", () => {
    assert.deepEqual(verdictOn({ grpcPerSecond: 5, grpcErrorsPerSecond: 1, errorsPerSecond: 1 }), [
      "failing",
      "20% of the gRPC calls fail (status other than OK, or no response)",
    ]);
  });

  it("judges HTTP by its own requests, however many gRPC calls there are", () => {
    assert.equal(verdictOn({ grpcPerSecond: 95, errorsPerSecond: 1 })[0], "failing");
  });

  it("says what share gets no response", () => {
    assert.deepEqual(verdictOn({ errorsPerSecond: 2, noResponsePerSecond: 1 }), [
      "degraded",
      "2% of the HTTP requests fail (5xx or no response)",
      "1% of all requests get no response",
    ]);
  });

  it("is healthy with fewer than 10 % 4xx", () => {
    assert.deepEqual(verdictOn({ clientErrorsPerSecond: 9 }), ["healthy"]);
  });

  it("is degraded, never failing, by 4xx alone", () => {
    assert.deepEqual(verdictOn({ clientErrorsPerSecond: 100 }), [
      "degraded",
      "100% of the HTTP requests are answered 4xx",
    ]);
  });

  it("is idle where series stand still", () => {
    assert.equal(verdictOn({ rps: 0 }, still)[0], "idle");
  });

  it("is unknown where there are no series", () => {
    assert.deepEqual(verdictOn(undefined), ["unknown"]);
  });

  it("is healthy where bytes flow over TCP alone", () => {
    assert.deepEqual(verdictOn(undefined, flowing), ["healthy"]);
  });

  it("is healthy where requests stand still and bytes flow", () => {
    assert.deepEqual(verdictOn({ rps: 0 }, flowing), ["healthy"]);
  });

  it("takes rounding errors of sums for none", () => {
    const tenth = 0.1 + 0.2;
    assert.deepEqual(verdictOn({ grpcPerSecond: 50, errorsPerSecond: tenth, grpcErrorsPerSecond: 0.3 }).length, 2);
  });

  it("is never failing where nothing but 4xx is wrong", () => {
    const rates = fc.double({ min: 0.001, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(
        rates,
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (rps, bad, grpc) => {
          const clientErrorsPerSecond = rps * bad;
          return verdictOn({ rps, clientErrorsPerSecond, grpcPerSecond: rps * grpc })[0] !== "failing";
        },
      ),
    );
  });

  it("never gets better when more requests fail", () => {
    const order = ["healthy", "degraded", "failing"];
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(share, share, (a, b) => {
        const [few = "", many = ""] = [Math.min(a, b), Math.max(a, b)].map(
          (part) => verdictOn({ errorsPerSecond: part * 100 })[0],
        );
        return order.indexOf(few) <= order.indexOf(many);
      }),
    );
  });
});
