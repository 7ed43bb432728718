import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { isError, outcomeOf, type Outcome } from "../../../src/mesh/telemetry/errorRules.ts";

const table: readonly (readonly [protocol: string, code: string, grpcStatus: string, outcome: Outcome])[] = [
  ["http", "200", "", "ok"],
  ["http", "302", "", "ok"],
  ["http", "404", "", "clientError"],
  ["http", "500", "", "serverError"],
  ["http", "0", "", "noResponse"],
  ["http", "-", "", "noResponse"],
  ["http", "200", "2", "ok"],
  ["grpc", "200", "0", "ok"],
  ["grpc", "200", "5", "grpcError"],
  ["grpc", "200", "16", "grpcError"],
  ["grpc", "200", "", "ok"],
  ["grpc", "503", "14", "serverError"],
  ["grpc", "403", "7", "clientError"],
  ["grpc", "0", "", "noResponse"],
  ["grpc", "503", "", "serverError"],
];

describe("how a request ended", () => {
  for (const [protocol, code, grpcStatus, outcome] of table) {
    it(`is ${outcome} for ${protocol} ${code} with gRPC status "${grpcStatus}"`, () => {
      assert.equal(outcomeOf(protocol, code, grpcStatus), outcome);
    });
  }

  it("is an error for all but success and the caller's own mistakes", () => {
    const outcomes: readonly Outcome[] = ["ok", "clientError", "serverError", "noResponse", "grpcError"];
    assert.deepEqual(outcomes.map(isError), [false, false, true, true, true]);
  });
});
