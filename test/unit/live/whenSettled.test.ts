import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { whenSettled } from "../../../src/mesh/live/whenSettled.ts";
import { MeshError } from "../../../src/mesh/meshError.ts";
import { say } from "../../../src/mesh/message.ts";
import { aLiveWorld, aShop } from "./liveWorld.ts";
import { aRow, RecordedTelemetry } from "./recordedTelemetry.ts";

describe("whenSettled", () => {
  it("waits for lists, slow lists and the first numbers", async () => {
    const source = new RecordedTelemetry("p", [aRow("shop", "reviews", 12)]);
    source.isHeld = true;
    const { live, clock, never } = aLiveWorld({ find: source.find });
    live.watch();
    let isSettled = false;
    const settling = whenSettled(live, never).then(() => (isSettled = true));
    await clock.advance(1000);
    assert.equal(live.scopes[0]?.isComplete, true);
    assert.equal(isSettled, false);
    source.release();
    await clock.advance(1000);
    await settling;
    assert.ok(live.clusters[0]?.telemetry.measuredAt);
  });

  it("does not wait for a cluster that failed, nor for numbers that nobody has", async () => {
    const down = aShop("down");
    down.answer = new MeshError("unreachable", say("No answer."));
    const { live, clock, never } = aLiveWorld({ clusters: [down, aShop("prod")] });
    live.watch();
    const settling = whenSettled(live, never);
    await clock.advance(1000);
    await settling;
    assert.deepEqual(
      live.clusters.map(({ state, telemetry }) => [state, telemetry.state]),
      [
        ["unreachable", "unknown"],
        ["ready", "none"],
      ],
    );
  });

  it("rejects with the signal's reason, also when that came first", async () => {
    const { live } = aLiveWorld();
    const abort = new AbortController();
    const settling = whenSettled(live, abort.signal);
    abort.abort();
    await assert.rejects(settling, { name: "AbortError" });
    await assert.rejects(whenSettled(live, abort.signal), { name: "AbortError" });
  });
});
