import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { RefreshClock } from "../../../../webview/shared/refreshClock.ts";

/** Time that moves when a test says so, and readings that end when it says so. */
class Bench {
  now = 0;
  readonly readings: { readonly signal: AbortSignal; end(): void; fail(): void }[] = [];
  readonly #timers = new Map<object, { readonly at: number; readonly callback: () => void }>();
  readonly clock = new RefreshClock({
    read: (signal) =>
      new Promise((resolve, reject) => {
        this.readings.push({ signal, end: resolve, fail: () => reject(new Error("failed")) });
      }),
    now: () => this.now,
    after: (milliseconds, callback) => {
      const timer = {};
      this.#timers.set(timer, { at: this.now + milliseconds, callback });
      return { dispose: () => this.#timers.delete(timer) };
    },
  });

  pass(milliseconds: number): void {
    this.now += milliseconds;
    for (const [timer, { at, callback }] of [...this.#timers]) {
      if (at > this.now) continue;
      this.#timers.delete(timer);
      callback();
    }
  }

  async end(index: number): Promise<void> {
    this.readings[index]?.end();
    await Promise.resolve();
    await Promise.resolve();
  }
}

describe("The refresh clock", () => {
  it("reads at once when the page is first seen", () => {
    const bench = new Bench();
    bench.clock.setVisible(true);
    assert.equal(bench.readings.length, 1);
  });

  it("counts from start to start", async () => {
    const bench = new Bench();
    bench.clock.every(15);
    bench.clock.setVisible(true);
    bench.pass(4000);
    await bench.end(0);
    bench.pass(10_999);
    assert.equal(bench.readings.length, 1);
    bench.pass(1);
    assert.equal(bench.readings.length, 2);
  });

  it("never has two readings under way, however slow one is", async () => {
    const bench = new Bench();
    bench.clock.every(5);
    bench.clock.setVisible(true);
    bench.pass(60_000);
    assert.equal(bench.readings.length, 1);
    await bench.end(0);
    bench.pass(0);
    assert.equal(bench.readings.length, 2);
  });

  it("goes on after a reading that failed", async () => {
    const bench = new Bench();
    bench.clock.every(5);
    bench.clock.setVisible(true);
    bench.readings[0]?.fail();
    await Promise.resolve();
    await Promise.resolve();
    bench.pass(5000);
    assert.equal(bench.readings.length, 2);
  });

  it("gives up what is under way and reads nothing while hidden, and at once when shown", async () => {
    const bench = new Bench();
    bench.clock.every(5);
    bench.clock.setVisible(true);
    bench.clock.setVisible(false);
    assert.equal(bench.readings[0]?.signal.aborted, true);
    await bench.end(0);
    bench.pass(60_000);
    bench.clock.readNow();
    assert.equal(bench.readings.length, 1);
    bench.clock.setVisible(true);
    assert.equal(bench.readings.length, 2);
  });

  it("reads only when asked while it is off", async () => {
    const bench = new Bench();
    bench.clock.setVisible(true);
    await bench.end(0);
    bench.pass(3_600_000);
    assert.equal(bench.readings.length, 1);
    bench.clock.readNow();
    assert.equal(bench.readings.length, 2);
  });

  it("gives up a reading for a newer wish, whose end alone counts", async () => {
    const bench = new Bench();
    bench.clock.setVisible(true);
    bench.clock.readNow();
    assert.equal(bench.readings[0]?.signal.aborted, true);
    await bench.end(0);
    assert.equal(bench.clock.isReading, true);
    await bench.end(1);
    assert.equal(bench.clock.isReading, false);
  });

  it("is silent after its end", async () => {
    const bench = new Bench();
    bench.clock.every(5);
    bench.clock.setVisible(true);
    bench.clock.dispose();
    await bench.end(0);
    bench.pass(60_000);
    assert.equal(bench.readings.length, 1);
  });
});
