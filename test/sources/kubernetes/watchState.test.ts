import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { MeshErrorKind } from "../../../src/mesh/meshError.ts";
import { backoffMillis } from "../../../src/sources/kubernetes/http/backoff.ts";
import {
  watchStep,
  type WatchEvent,
  type WatchMove,
  type WatchState,
} from "../../../src/sources/kubernetes/reading/watchState.ts";

const calm: WatchState = { resourceVersion: "7", failures: 0, isInterrupted: false };
const out: WatchState = { resourceVersion: "7", failures: 3, isInterrupted: true };

describe("the next step of a watch", () => {
  const rows: readonly (readonly [string, WatchState, WatchEvent, ReturnType<typeof watchStep>])[] = [
    ["reads on once it is open", calm, { type: "opened" }, { state: calm, move: "read" }],
    [
      "tells that it resumed, and counts failures on until something arrives",
      out,
      { type: "opened" },
      { state: { ...out, isInterrupted: false }, move: "read", tell: "resumed" },
    ],
    [
      "keeps the version of what arrived and forgets failures",
      { ...out, isInterrupted: false },
      { type: "arrived", resourceVersion: "9" },
      { state: { resourceVersion: "9", failures: 0, isInterrupted: false }, move: "read" },
    ],
    [
      "keeps the old version where what arrived has none",
      calm,
      { type: "arrived", resourceVersion: undefined },
      { state: calm, move: "read" },
    ],
    [
      "watches on at once after a long stream ended",
      calm,
      { type: "ended", livedMs: 60_000 },
      { state: calm, move: "watch" },
    ],
    [
      "waits after a stream that ended at once",
      calm,
      { type: "ended", livedMs: 3 },
      { state: { ...calm, failures: 1 }, move: "wait" },
    ],
    [
      "tells the first failure",
      calm,
      { type: "failed", kind: "unreachable" },
      { state: { ...calm, failures: 1, isInterrupted: true }, move: "wait", tell: "interrupted" },
    ],
    [
      "keeps quiet about the next",
      out,
      { type: "failed", kind: "timeout" },
      { state: { ...out, failures: 4 }, move: "wait" },
    ],
  ];
  for (const [does, state, event, step] of rows) {
    it(does, () => assert.deepEqual(watchStep(state, event), step));
  }

  const moves: Readonly<Record<MeshErrorKind, WatchMove>> = {
    expired: "list",
    forbidden: "list",
    unauthorized: "stop",
    "not-found": "stop",
    unsupported: "stop",
    misconfigured: "stop",
    invalid: "stop",
    unreachable: "wait",
    timeout: "wait",
    throttled: "wait",
    conflict: "wait",
    "bad-data": "wait",
  };
  for (const [kind, move] of Object.entries(moves)) {
    it(`after a failure of kind ${kind} is to ${move}`, () => {
      assert.equal(watchStep(calm, { type: "failed", kind: kind as MeshErrorKind }).move, move);
    });
  }
});

describe("the wait before another attempt", () => {
  for (const [failures, least, most] of [
    [1, 250, 500],
    [2, 500, 1000],
    [3, 1000, 2000],
    [7, 15_000, 30_000],
    [99, 15_000, 30_000],
  ] as const) {
    it(`is from ${least} to ${most} ms after ${failures} failures`, () => {
      assert.deepEqual([backoffMillis(failures, 0), backoffMillis(failures, 1)], [least, most]);
    });
  }

  it("lies between half and all of its longest for any chance", () => {
    fc.assert(
      fc.property(fc.nat(1000), fc.double({ min: 0, max: 1, noNaN: true }), (failures, random) => {
        const wait = backoffMillis(failures, random);
        assert.ok(wait >= 250 && wait <= 30_000);
      }),
    );
  });
});
