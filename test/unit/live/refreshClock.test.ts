import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { RefreshClock } from "../../../src/mesh/live/refreshClock.ts";
import { ManualClock } from "./manualClock.ts";

function aClock(): { clock: ManualClock; beats: () => number; refresh: RefreshClock } {
  const clock = new ManualClock();
  let beats = 0;
  return { clock, beats: () => beats, refresh: new RefreshClock(clock, 15, () => beats++) };
}

describe("RefreshClock", () => {
  it("does not beat while nobody holds it", async () => {
    const { clock, beats } = aClock();
    await clock.advance(60_000);
    assert.equal(beats(), 0);
    assert.equal(clock.pending, 0);
  });

  it("beats at once for the first holder and then at its interval", async () => {
    const { clock, beats, refresh } = aClock();
    refresh.hold();
    await clock.advance(0);
    assert.equal(beats(), 1);
    await clock.advance(44_999);
    assert.equal(beats(), 3);
    await clock.advance(1);
    assert.equal(beats(), 4);
  });

  it("beats at one interval however many hold it", async () => {
    const { clock, beats, refresh } = aClock();
    refresh.hold();
    refresh.hold();
    refresh.hold();
    await clock.advance(30_000);
    assert.equal(beats(), 3);
  });

  it("stops with the last holder, a holder that lets go twice counting once", async () => {
    const { clock, beats, refresh } = aClock();
    const first = refresh.hold();
    const second = refresh.hold();
    first.dispose();
    first.dispose();
    await clock.advance(0);
    assert.equal(beats(), 1);
    second.dispose();
    assert.equal(clock.pending, 0);
  });

  it("does not beat again for a new holder before the interval is over", async () => {
    const { clock, beats, refresh } = aClock();
    refresh.hold().dispose();
    const holding = refresh.hold();
    await clock.advance(0);
    holding.dispose();
    await clock.advance(10_000);
    refresh.hold();
    await clock.advance(4_999);
    assert.equal(beats(), 1);
    await clock.advance(1);
    assert.equal(beats(), 2);
  });

  it("counts the interval from a beat that was asked for", async () => {
    const { clock, beats, refresh } = aClock();
    refresh.hold();
    await clock.advance(10_000);
    refresh.beatNow();
    await clock.advance(14_999);
    assert.equal(beats(), 2);
  });

  it("leaves no timer and no beat after it is disposed", async () => {
    const { clock, beats, refresh } = aClock();
    refresh.hold();
    refresh.dispose();
    refresh.hold();
    refresh.beatNow();
    await clock.advance(60_000);
    assert.equal(beats(), 0);
    assert.equal(clock.pending, 0);
  });
});
