import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SummaryPool } from "../../../src/mesh/live/summaryPool.ts";
import { TelemetrySession } from "../../../src/mesh/live/telemetrySession.ts";
import { MeshError } from "../../../src/mesh/meshError.ts";
import { say } from "../../../src/mesh/message.ts";
import type { FindTelemetry } from "../../../src/mesh/ports.ts";
import { ManualClock, settled } from "./manualClock.ts";
import { CountedLog } from "./objects.ts";
import { RecordedCluster } from "./recordedCluster.ts";
import { aRow, findNothing, RecordedTelemetry } from "./recordedTelemetry.ts";

const down = new MeshError("unreachable", say("Prometheus does not answer."));

function aSession(find: FindTelemetry) {
  const clock = new ManualClock();
  const log = new CountedLog();
  const pool = new SummaryPool();
  const part = {
    clock,
    log,
    pool,
    windowSeconds: 60,
    refreshSeconds: 15,
    gateways: () => [],
    changed: () => undefined,
  };
  return { clock, log, pool, part, session: new TelemetrySession(find, new RecordedCluster("prod"), part) };
}

describe("TelemetrySession", () => {
  it("knows nothing until it has looked", () => {
    const { session } = aSession(findNothing);
    assert.equal(session.status.state, "unknown");
  });

  it("says none, with the steps, where no store answered", async () => {
    const { session } = aSession(findNothing);
    await session.look();
    assert.equal(session.status.state, "none");
    assert.equal(session.status.steps.length, 1);
  });

  it("is ready with capabilities once a store was found, and measured once asked", async () => {
    const { clock, session } = aSession(new RecordedTelemetry("p", [aRow("shop", "reviews", 12)]).find);
    await session.look();
    assert.equal(session.status.state, "ready");
    assert.equal(session.status.capabilities?.engine, "Prometheus 3.5.0");
    assert.equal(session.status.measuredAt, undefined);
    await session.ask(clock.now());
    assert.equal(session.status.measuredAt, clock.now());
    assert.equal(session.measured?.summaries.services.length, 1);
  });

  it("looks once for callers who ask at the same time", async () => {
    let looks = 0;
    const { session } = aSession((cluster, signal) => {
      looks++;
      return findNothing(cluster, signal);
    });
    await Promise.all([session.look(), session.look()]);
    assert.equal(looks, 1);
  });

  it("keeps the last numbers with their time when the store falls silent, and is ready again with the next", async () => {
    const source = new RecordedTelemetry("p", [aRow("shop", "reviews", 12)]);
    const { clock, session } = aSession(source.find);
    await session.look();
    const measuredAt = clock.now();
    await session.ask(measuredAt);
    source.failure = down;
    await clock.advance(15_000);
    await session.ask(clock.now());
    assert.equal(session.status.state, "error");
    assert.equal(session.status.error, down);
    assert.equal(session.status.measuredAt, measuredAt);
    assert.equal(session.measured?.measuredAt, measuredAt);
    source.failure = undefined;
    await session.ask(clock.now());
    assert.equal(session.status.state, "ready");
    assert.equal(session.status.error, undefined);
  });

  it("calls numbers old while those that should follow do not come", async () => {
    const source = new RecordedTelemetry("p", [aRow("shop", "reviews", 12)]);
    const { clock, session } = aSession(source.find);
    await session.look();
    const measuredAt = clock.now();
    await session.ask(measuredAt);
    source.isHeld = true;
    await clock.advance(60_000);
    void session.ask(clock.now());
    assert.equal(session.status.state, "ready");
    await clock.advance(1000);
    void session.ask(clock.now());
    assert.deepEqual([session.status.state, session.status.measuredAt], ["unknown", measuredAt]);
    source.release();
    await settled();
    assert.equal(session.status.state, "ready");
  });

  it("does not call numbers new because their store is found again", async () => {
    const source = new RecordedTelemetry("p", [aRow("shop", "reviews", 12)]);
    const { clock, session } = aSession(source.find);
    await session.look();
    await session.ask(clock.now());
    source.failure = down;
    await session.ask(clock.now());
    await session.look();
    assert.equal(session.status.state, "unknown");
    source.failure = undefined;
    await session.ask(clock.now());
    assert.equal(session.status.state, "ready");
  });

  it("keeps the last numbers while new ones are pending, and asks one question at a time", async () => {
    const source = new RecordedTelemetry("p", [aRow("shop", "reviews", 12)]);
    const { clock, session } = aSession(source.find);
    await session.look();
    await session.ask(clock.now());
    source.isHeld = true;
    void session.ask(clock.now());
    void session.ask(clock.now());
    await settled();
    assert.equal(source.queries.length, 2);
    assert.equal(session.status.state, "ready");
    assert.equal(session.measured?.summaries.services.length, 1);
    source.release();
    await settled();
  });

  it("says the same trouble once", async () => {
    const source = new RecordedTelemetry("p");
    const { clock, log, session } = aSession(source.find);
    await session.look();
    source.failure = down;
    await session.ask(clock.now());
    await session.ask(clock.now());
    assert.equal(log.errors.length, 1);
  });

  it("looks for the store anew after three failures and a minute", async () => {
    const first = new RecordedTelemetry("first");
    const second = new RecordedTelemetry("second");
    let looks = 0;
    const { clock, session } = aSession(() => Promise.resolve((looks++ === 0 ? first : second).found));
    await session.look();
    first.failure = down;
    await clock.advance(60_000);
    for (let i = 0; i < 4; i++) await session.ask(clock.now());
    assert.equal(looks, 2);
    assert.equal(first.disposals, 1);
    assert.equal(session.status.state, "ready");
    assert.equal(second.queries.length, 1);
  });

  it("asks for capabilities again where they failed at first", async () => {
    const source = new RecordedTelemetry("p");
    source.capabilityFailure = down;
    const { clock, session } = aSession(source.find);
    await session.look();
    assert.equal(session.status.state, "error");
    source.capabilityFailure = undefined;
    await session.ask(clock.now());
    assert.equal(session.status.capabilities?.http.present, true);
    assert.equal(session.status.state, "ready");
  });

  it("releases the store when disposed, also one that is found too late", async () => {
    const source = new RecordedTelemetry("p");
    let answer: () => void = () => undefined;
    const { session } = aSession(() => new Promise((resolve) => (answer = () => resolve(source.found))));
    const looking = session.look();
    session.dispose();
    answer();
    await looking;
    assert.equal(source.disposals, 1);
    assert.equal(session.status.state, "unknown");
  });

  it("asks a store that serves several clusters once per question", async () => {
    const source = new RecordedTelemetry("shared");
    const { clock, part, session } = aSession(source.find);
    const other = new TelemetrySession(source.find, new RecordedCluster("prod-2"), part);
    await Promise.all([session.look(), other.look()]);
    await Promise.all([session.ask(clock.now()), other.ask(clock.now())]);
    assert.equal(source.queries.length, 1);
    assert.ok(other.measured);
  });
});
