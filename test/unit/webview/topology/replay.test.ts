import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ageOf, isStale } from "../../../../webview/topology/time/age.ts";
import { frameAt, frameCount, stretchOf } from "../../../../webview/topology/time/replay.ts";

const noon = Date.UTC(2026, 10, 22, 12, 0, 0);

describe("A replay", () => {
  it("shows 15 minutes in 61 frames of 15 seconds that end now", () => {
    const stretch = stretchOf(900, noon);
    assert.equal(frameCount(stretch), 61);
    assert.equal(frameAt(stretch, 0), noon - 900_000);
    assert.equal(frameAt(stretch, 1), noon - 885_000);
    assert.equal(frameAt(stretch, 60), noon);
  });

  it("never steps by less than 5 seconds", () => {
    assert.equal(stretchOf(60, noon).stepMillis, 5000);
  });

  it("stays within its stretch", () => {
    const stretch = stretchOf(300, noon);
    assert.equal(frameAt(stretch, -4), noon - 300_000);
    assert.equal(frameAt(stretch, 4000), noon);
  });
});

describe("Numbers of a live picture", () => {
  const model = (atMillis: number, state: object, failure?: object) =>
    ({ picture: { snapshot: { atMillis } }, state, failure }) as unknown as Parameters<typeof isStale>[0];
  const live = { atMillis: null, refreshSeconds: 60 };

  it("are as old as their time", () => {
    assert.equal(ageOf(model(noon - 40_000, live), noon), 40_000);
  });

  it("are stale after two refreshes that brought none", () => {
    assert.equal(isStale(model(noon - 120_000, live), noon), false);
    assert.equal(isStale(model(noon - 120_001, live), noon), true);
  });

  it("are stale when the last reading failed", () => {
    assert.equal(isStale(model(noon, live, { words: "no" }), noon), true);
  });

  it("are never stale where a person asked for that time, or for no refresh", () => {
    assert.equal(isStale(model(noon - 1e9, { atMillis: noon - 1e9, refreshSeconds: 60 }), noon), false);
    assert.equal(isStale(model(noon - 1e9, { atMillis: null, refreshSeconds: 0 }), noon), false);
  });
});
