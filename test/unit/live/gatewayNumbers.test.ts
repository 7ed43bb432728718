import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { whenSettled } from "../../../src/mesh/live/whenSettled.ts";
import { aLiveWorld, aShop, meshKinds } from "./liveWorld.ts";
import { settled } from "./manualClock.ts";
import { aDeployment, aGatewayPod, aNamespace } from "./objects.ts";
import { RecordedCluster } from "./recordedCluster.ts";
import { RecordedTelemetry } from "./recordedTelemetry.ts";

const edge = { namespace: "edge", name: "ingress" };

function aGatedCluster(context = "prod"): RecordedCluster {
  const objects = [aNamespace("edge"), aDeployment("edge", "ingress"), aGatewayPod("edge", "ingress")];
  return new RecordedCluster(context, objects, meshKinds);
}

describe("the numbers of gateways", () => {
  it("are asked for by the names that the cluster's gateways have", async () => {
    const store = new RecordedTelemetry("p");
    const { live, clock } = aLiveWorld({ clusters: [aGatedCluster()], find: store.find });
    live.watch();
    await clock.advance(1000);
    assert.deepEqual(store.queries.at(-1)?.gateways, [edge]);
  });

  it("are asked for at once, and waited for, where a gateway comes up between two beats", async () => {
    const store = new RecordedTelemetry("p");
    const cluster = aShop();
    const { live, clock, never } = aLiveWorld({ clusters: [cluster], find: store.find });
    live.watch();
    await clock.advance(5000);
    store.isHeld = true;
    cluster.put(aNamespace("edge"), aDeployment("edge", "ingress"), aGatewayPod("edge", "ingress"));
    live.setFilter({ namespaces: ["edge"], inMeshOnly: false, text: "" });
    await clock.advance(1000);
    assert.equal(live.scopes[0]?.isComplete, false);
    store.release();
    await clock.advance(1000);
    await whenSettled(live, never);
    assert.deepEqual(
      store.queries.map(({ gateways }) => gateways),
      [[], [edge]],
    );
  });

  it("cost no second question where there are no gateways", async () => {
    const store = new RecordedTelemetry("p");
    const { live, clock } = aLiveWorld({ find: store.find });
    live.watch();
    await clock.advance(5000);
    assert.equal(store.queries.length, 1);
  });

  it("cost one question at a beat for all clusters of one store", async () => {
    const store = new RecordedTelemetry("p");
    const { live, clock } = aLiveWorld({ clusters: [aGatedCluster(), aShop("other")], find: store.find });
    live.watch();
    await clock.advance(5000);
    const before = store.queries.length;
    await clock.advance(15_000);
    assert.equal(store.queries.length - before, 1);
  });

  it("are not asked for again and again while the store fails", async () => {
    const store = new RecordedTelemetry("p");
    const { live, clock } = aLiveWorld({ clusters: [aGatedCluster()], find: store.find });
    live.watch();
    await settled();
    store.failure = new Error("broken");
    await clock.advance(14_000);
    assert.ok(store.queries.length <= 2, `${store.queries.length} questions`);
  });
});
