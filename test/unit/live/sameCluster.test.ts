import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { KubeObject } from "../../../src/mesh/model/kubeObject.ts";
import { MeshError } from "../../../src/mesh/meshError.ts";
import { say } from "../../../src/mesh/message.ts";
import { aLiveWorld, aShop } from "./liveWorld.ts";
import { aService } from "./objects.ts";

const another = { key: "another-uid", version: "v1.36.0" };
const noAnswer = new MeshError("unreachable", say("No answer."));
const reviews = { cluster: "uid-of-prod", group: "", kind: "Service", namespace: "shop", name: "reviews" };

/** A connected shop, whose address another cluster takes with `usurp`. */
async function aConnectedShop() {
  const cluster = aShop();
  const world = aLiveWorld({ clusters: [cluster] });
  world.live.watch();
  await world.clock.advance(1000);
  assert.equal(world.live.clusters[0]?.state, "ready");
  const usurp = () => {
    cluster.answer = another;
    cluster.hushed(() => cluster.put(aService("shop", "foreign")));
  };
  return { ...world, cluster, usurp, first: () => world.live.clusters[0] };
}

function assertNothingIsShown({ live, first }: Awaited<ReturnType<typeof aConnectedShop>>): void {
  assert.equal(first()?.state, "otherCluster");
  assert.equal(first()?.foundKey, "another-uid");
  assert.equal(first()?.key, undefined);
  assert.match(first()?.error?.message ?? "", /^prod leads to another cluster than before/);
  assert.equal(live.services.length, 0);
  assert.equal(live.workloads.length, 0);
  assert.equal(live.meshes.length, 0);
}

describe("a context that leads to another cluster than before", () => {
  it("shows nothing of it when it was pinned to another one", async () => {
    const cluster = aShop();
    const { live, clock, log } = aLiveWorld({ clusters: [cluster], expectedKey: "the-pinned-uid" });
    live.watch();
    await clock.advance(1000);
    assert.equal(live.clusters[0]?.state, "otherCluster");
    assert.equal(live.clusters[0].foundKey, "uid-of-prod");
    assert.equal(live.services.length, 0);
    assert.equal(
      cluster.calls.some((call) => call !== "identity"),
      false,
    );
    assert.deepEqual(log.errors, []);
  });

  it("shows the one that was pinned", async () => {
    const { live, clock } = aLiveWorld({ expectedKey: "uid-of-prod" });
    live.watch();
    await clock.advance(1000);
    assert.equal(live.clusters[0]?.state, "ready");
    assert.equal(live.clusters[0].foundKey, undefined);
  });

  it("drops all it knew when a refresh meets another cluster", async () => {
    const world = await aConnectedShop();
    world.usurp();
    await world.live.refresh(world.never);
    await world.clock.advance(1000);
    assertNothingIsShown(world);
    assert.equal(world.cluster.open, 0);
  });

  it("shows nothing that is listed again after a break before it knows who answers", async () => {
    const world = await aConnectedShop();
    const { cluster, live, clock } = world;
    const seen: string[] = [];
    live.onChange(() => seen.push(...live.services.map(({ ref }) => ref.name)));
    world.usurp();
    cluster.tellAll({ type: "interrupted", error: noAnswer });
    cluster.relist();
    await clock.advance(1000);
    assertNothingIsShown(world);
    assert.equal(seen.includes("foreign"), false);
  });

  it("shows no change that comes over a connection made again before it knows who answers", async () => {
    const world = await aConnectedShop();
    const { cluster, live, clock } = world;
    const seen: string[] = [];
    live.onChange(() => seen.push(...live.services.map(({ ref }) => ref.name)));
    cluster.tellAll({ type: "interrupted", error: noAnswer });
    world.usurp();
    cluster.tellAll({ type: "resumed" });
    cluster.put(aService("shop", "foreign"));
    await clock.advance(1000);
    assertNothingIsShown(world);
    assert.equal(seen.includes("foreign"), false);
  });

  it("waits, saying that it is interrupted, where the cluster cannot be asked after a break", async () => {
    const { cluster, live, clock, first } = await aConnectedShop();
    const { answer } = cluster;
    cluster.answer = noAnswer;
    cluster.hushed(() => cluster.put(aService("shop", "late")));
    cluster.tellAll({ type: "interrupted", error: noAnswer });
    cluster.relist();
    await clock.advance(1000);
    assert.equal(first()?.state, "unreachable");
    assert.equal(live.services.length, 4);
    cluster.answer = answer;
    await clock.advance(10_000);
    assert.equal(first()?.state, "ready");
    assert.equal(live.services.length, 5);
  });

  it("comes back by itself when the address leads to its own cluster again", async () => {
    const world = await aConnectedShop();
    const { cluster, live, clock, first } = world;
    const { answer } = cluster;
    world.usurp();
    await live.refresh(world.never);
    await clock.advance(1000);
    assertNothingIsShown(world);
    cluster.answer = answer;
    await clock.advance(60_000);
    assert.equal(first()?.state, "ready");
    assert.equal(first()?.key, "uid-of-prod");
  });

  it("gives no document of it", async () => {
    const { live, usurp, never } = await aConnectedShop();
    assert.equal((await live.object(reviews, never)).metadata.name, "reviews");
    usurp();
    await assert.rejects(live.object(reviews, never), /another cluster than before/);
  });

  it("tells a document that is followed", async () => {
    const { live, usurp, cluster, clock } = await aConnectedShop();
    const told: (KubeObject | MeshError | undefined)[] = [];
    live.follow(reviews, (object) => told.push(object));
    await clock.advance(1000);
    usurp();
    cluster.relist();
    await clock.advance(1000);
    const last = told.at(-1);
    assert.ok(MeshError.is(last));
    assert.match(last.message, /another cluster than before/);
  });

  it("stays where a right to read the UID is lost: the server's address then stands for it", async () => {
    const { live, cluster, clock, first, never } = await aConnectedShop();
    cluster.answer = { key: "https://api.example:6443", version: "v1.36.0" };
    await live.refresh(never);
    await clock.advance(1000);
    assert.equal(first()?.state, "ready");
    assert.equal(first()?.key, "uid-of-prod");
    assert.equal(live.services.length, 4);
  });
});
