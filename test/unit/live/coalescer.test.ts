import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Coalescer } from "../../../src/mesh/live/coalescer.ts";
import { ManualClock } from "./manualClock.ts";

function aCoalescer(): { clock: ManualClock; deliveries: number[]; coalescer: Coalescer } {
  const clock = new ManualClock();
  const deliveries: number[] = [];
  return { clock, deliveries, coalescer: new Coalescer(clock, 250, () => deliveries.push(clock.now())) };
}

describe("Coalescer", () => {
  it("delivers the first poke at once", () => {
    const { deliveries, coalescer } = aCoalescer();
    coalescer.poke();
    assert.equal(deliveries.length, 1);
  });

  it("delivers a thousand pokes of one second at most five times", async () => {
    const { clock, deliveries, coalescer } = aCoalescer();
    for (let i = 0; i < 1000; i++) {
      coalescer.poke();
      await clock.advance(1);
    }
    assert.ok(deliveries.length <= 5, `${deliveries.length} deliveries`);
  });

  it("delivers a poke that came too early when its time has come", async () => {
    const { clock, deliveries, coalescer } = aCoalescer();
    coalescer.poke();
    const first = clock.now();
    coalescer.poke();
    await clock.advance(1000);
    assert.deepEqual(deliveries, [first, first + 250]);
  });

  it("delivers at once again after a pause", async () => {
    const { clock, deliveries, coalescer } = aCoalescer();
    coalescer.poke();
    await clock.advance(250);
    coalescer.poke();
    assert.equal(deliveries.length, 2);
  });

  it("delivers what is pending when flushed, and only then", () => {
    const { clock, deliveries, coalescer } = aCoalescer();
    coalescer.flush();
    assert.equal(deliveries.length, 0);
    coalescer.poke();
    coalescer.poke();
    coalescer.flush();
    assert.equal(deliveries.length, 2);
    assert.equal(clock.pending, 0);
  });

  it("delivers nothing after it is disposed", async () => {
    const { clock, deliveries, coalescer } = aCoalescer();
    coalescer.poke();
    coalescer.poke();
    coalescer.dispose();
    coalescer.poke();
    await clock.advance(1000);
    assert.equal(deliveries.length, 1);
    assert.equal(clock.pending, 0);
  });
});
