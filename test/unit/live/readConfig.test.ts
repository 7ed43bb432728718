import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { KubeObject } from "../../../src/mesh/model/kubeObject.ts";
import { MeshError } from "../../../src/mesh/meshError.ts";
import { say } from "../../../src/mesh/message.ts";
import { aLiveWorld, aShop, meshKinds, type LiveWorld } from "./liveWorld.ts";
import { aKind } from "./recordedCluster.ts";

const kinds = [...meshKinds, aKind("networking.istio.io/v1", "VirtualService")];

function aVirtualService(host: string): KubeObject {
  return {
    apiVersion: "networking.istio.io/v1",
    kind: "VirtualService",
    metadata: { name: "reviews", namespace: "shop", uid: "vs", resourceVersion: "1" },
    spec: { hosts: [host], http: [{ timeout: "1s", route: [{ destination: { host } }] }] },
  };
}

/** A few redraws. */
async function turns({ clock }: LiveWorld): Promise<void> {
  for (let i = 0; i < 4; i++) await clock.advance(1000);
}

async function settled(world: LiveWorld, reading: Promise<void>): Promise<void> {
  await turns(world);
  await reading;
}

function hostsOf(world: LiveWorld): readonly string[] {
  return world.live.topology().facts?.config.routes.flatMap(({ hosts }) => hosts) ?? [];
}

const named = ["reviews.shop.svc.cluster.local"];

describe("configuration that acts on traffic", () => {
  it("is read when somebody wants it, and not before", async () => {
    const shop = aShop("prod", kinds);
    shop.put(aVirtualService("reviews"));
    const world = aLiveWorld({ clusters: [shop] });
    await world.live.refresh(world.never);
    assert.ok(!shop.calls.some((call) => call.includes("virtualservices")));
    const reading = world.live.readConfig(world.never);
    await settled(world, reading);
    assert.deepEqual(hostsOf(world), named);
    assert.equal(shop.calls.filter((call) => call.includes("virtualservices")).length, 1);
    world.live.dispose();
  });

  it("is there at once where it was wanted before connecting", async () => {
    const shop = aShop("prod", kinds);
    shop.put(aVirtualService("reviews"));
    const world = aLiveWorld({ clusters: [shop] });
    const reading = world.live.readConfig(world.never);
    await world.live.refresh(world.never);
    await settled(world, reading);
    assert.deepEqual(hostsOf(world), named);
    world.live.dispose();
  });

  it("tells of its changes, and only of its own", async () => {
    const shop = aShop("prod", kinds);
    const world = aLiveWorld({ clusters: [shop] });
    await world.live.refresh(world.never);
    await settled(world, world.live.readConfig(world.never));
    await turns(world);
    world.changes.length = 0;
    shop.put(aVirtualService("reviews"));
    await turns(world);
    assert.deepEqual(world.changes, [{ trees: {}, status: false, config: true }]);
    assert.deepEqual(hostsOf(world), named);
    world.live.dispose();
  });

  it("that may not be read is named, and the rest stands", async () => {
    const shop = aShop("prod", kinds);
    shop.forbids = (plural) => plural === "virtualservices";
    const world = aLiveWorld({ clusters: [shop] });
    await world.live.refresh(world.never);
    await settled(world, world.live.readConfig(world.never));
    assert.deepEqual(world.live.topology().facts?.config.unread, ["VirtualService in prod"]);
    assert.equal(world.live.clusters[0]?.state, "ready");
    world.live.dispose();
  });

  it("is not waited for where a cluster cannot be reached", async () => {
    const shop = aShop("prod", kinds);
    shop.answer = new MeshError("unreachable", say("Gone."));
    const world = aLiveWorld({ clusters: [shop] });
    await world.live.refresh(world.never);
    await settled(world, world.live.readConfig(world.never));
    assert.deepEqual(hostsOf(world), []);
    world.live.dispose();
  });

  it("is no longer waited for after an abort", async () => {
    const shop = aShop("prod", kinds);
    shop.hangs.add("virtualservices");
    const world = aLiveWorld({ clusters: [shop] });
    await world.live.refresh(world.never);
    const stop = new AbortController();
    const reading = world.live.readConfig(stop.signal);
    stop.abort();
    await assert.rejects(reading, { name: "AbortError" });
    world.live.dispose();
  });
});
