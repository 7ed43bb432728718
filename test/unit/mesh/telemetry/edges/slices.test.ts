import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Clock } from "../../../../../src/mesh/ports.ts";
import { Slices } from "../../../../../src/mesh/telemetry/edges/slices.ts";

/** Time passes only where the test says so; whoever waits is called back at once. */
class WorkedClock implements Clock {
  worked = 0;
  rests = 0;

  now(): number {
    return this.worked;
  }

  after(_milliseconds: number, callback: () => void) {
    this.rests++;
    queueMicrotask(callback);
    return { dispose: () => undefined };
  }
}

describe("work in slices", () => {
  it("covers everything once, in order", async () => {
    const clock = new WorkedClock();
    const seen: number[] = [];
    await new Slices({ clock, signal: new AbortController().signal }).over(5000, (from, to) => {
      for (let i = from; i < to; i++) seen.push(i);
    });
    assert.deepEqual(
      seen,
      Array.from({ length: 5000 }, (_, i) => i),
    );
  });

  it("lets others run when its time is over, and only then", async () => {
    const clock = new WorkedClock();
    const slices = new Slices({ clock, signal: new AbortController().signal });
    let longest = 0;
    let since = 0;
    let rests = 0;
    await slices.over(100_000, () => {
      if (clock.rests > rests) [rests, since] = [clock.rests, clock.worked];
      clock.worked += 1;
      longest = Math.max(longest, clock.worked - since);
    });
    assert.ok(longest <= 10, `${longest} ms without a rest`);
    assert.ok(rests > 5 && rests < clock.worked / 4, `${rests} rests in ${clock.worked} ms`);
  });

  it("ends with the signal's reason before the next step", async () => {
    const clock = new WorkedClock();
    const abort = new AbortController();
    const reason = new Error("enough");
    let steps = 0;
    const work = new Slices({ clock, signal: abort.signal }).over(100_000, () => {
      steps++;
      abort.abort(reason);
    });
    await assert.rejects(work, reason);
    assert.equal(steps, 1);
  });
});
