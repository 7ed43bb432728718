import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { MeshError } from "../../../src/mesh/meshError.ts";
import { say } from "../../../src/mesh/message.ts";
import { aLiveWorld, aShop } from "./liveWorld.ts";
import { settled } from "./manualClock.ts";
import { aNamespace, aService } from "./objects.ts";
import { RecordedCluster } from "./recordedCluster.ts";
import { aRow, RecordedTelemetry } from "./recordedTelemetry.ts";

const signInAgain = new MeshError("unauthorized", say("Sign in again."));
const noAnswer = new MeshError("unreachable", say("No answer."));

function names(views: readonly { readonly ref: { readonly name: string } }[]): readonly string[] {
  return views.map(({ ref }) => ref.name).sort();
}

describe("createLiveMesh, connecting", () => {
  it("asks nothing of anybody before the first watch or refresh", async () => {
    const cluster = aShop();
    const { clock } = aLiveWorld({ clusters: [cluster] });
    await clock.advance(600_000);
    assert.deepEqual(cluster.calls, []);
    assert.equal(clock.pending, 0);
  });

  it("connects for the first watcher, and is ready when what the trees need is listed", async () => {
    const { live, clock } = aLiveWorld();
    live.watch();
    assert.equal(live.clusters[0]?.state, "connecting");
    await clock.advance(1000);
    assert.equal(live.clusters[0].state, "ready");
    assert.deepEqual(names(live.services), ["charge", "ratings", "report", "reviews"]);
    assert.deepEqual(names(live.workloads), ["charge", "ratings", "report", "reviews"]);
    assert.equal(live.meshes.length, 1);
  });

  it("says noIstio, and lists what there is, where the cluster has nothing of Istio", async () => {
    const cluster = new RecordedCluster("plain", [aNamespace("shop"), aService("shop", "reviews")]);
    const { live, clock } = aLiveWorld({ clusters: [cluster] });
    live.watch();
    await clock.advance(1000);
    assert.equal(live.clusters[0]?.state, "noIstio");
    assert.deepEqual(names(live.services), ["reviews"]);
  });

  it("says unauthorized, and asks no more by itself, where the sign-in is refused", async () => {
    const cluster = aShop();
    cluster.answer = signInAgain;
    const { live, clock } = aLiveWorld({ clusters: [cluster] });
    live.watch();
    await clock.advance(600_000);
    assert.equal(live.clusters[0]?.state, "unauthorized");
    assert.equal(live.clusters[0].error, signInAgain);
    assert.deepEqual(cluster.calls, ["identity"]);
  });

  it("tries an unreachable cluster again by itself, more and more seldom", async () => {
    const cluster = aShop();
    const answer = cluster.answer;
    cluster.answer = noAnswer;
    const { live, clock } = aLiveWorld({ clusters: [cluster] });
    live.watch();
    await clock.advance(600_000);
    assert.equal(live.clusters[0]?.state, "unreachable");
    assert.ok(cluster.calls.length >= 5 && cluster.calls.length <= 15, `${cluster.calls.length} calls`);
    cluster.answer = answer;
    await clock.advance(90_000);
    assert.equal(live.clusters[0].state, "ready");
  });

  it("shows the others where one cluster fails", async () => {
    const down = aShop("down");
    down.answer = noAnswer;
    const { live, clock } = aLiveWorld({ clusters: [down, aShop("prod")] });
    live.watch();
    await clock.advance(1000);
    assert.deepEqual(
      live.clusters.map(({ state }) => state),
      ["unreachable", "ready"],
    );
    assert.equal(live.services.length, 4);
  });

  it("connects anew on refresh after a refusal", async () => {
    const cluster = aShop();
    const answer = cluster.answer;
    cluster.answer = signInAgain;
    const { live, clock, never } = aLiveWorld({ clusters: [cluster] });
    await live.refresh(never);
    assert.equal(live.clusters[0]?.state, "unauthorized");
    cluster.answer = answer;
    await live.refresh(never);
    await clock.advance(1000);
    assert.equal(live.clusters[0].state, "ready");
  });

  it("rejects a refresh by its signal alone and goes on connecting", async () => {
    const cluster = aShop();
    const { live, clock } = aLiveWorld({ clusters: [cluster] });
    const abort = new AbortController();
    const refreshing = live.refresh(abort.signal);
    abort.abort();
    await assert.rejects(refreshing, { name: "AbortError" });
    await clock.advance(1000);
    assert.equal(live.clusters[0]?.state, "ready");
  });

  it("counts a cluster once that two contexts lead to", async () => {
    const [admin, viewer] = [aShop("admin"), aShop("viewer")];
    viewer.answer = admin.answer;
    const { live, clock } = aLiveWorld({ clusters: [admin, viewer] });
    live.watch();
    await clock.advance(1000);
    assert.equal(live.services.length, 4);
    assert.equal(live.meshes[0]?.clusters.length, 1);
  });
});

describe("createLiveMesh, objects", () => {
  const secret = {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "s", namespace: "shop" },
    data: { password: "aHVudGVyMg==" },
  };
  const ref = { cluster: "uid-of-prod", group: "", kind: "Secret", namespace: "shop", name: "s" };

  it("gives an object without a Secret's values", async () => {
    const cluster = aShop();
    cluster.put(secret);
    const { live, never } = aLiveWorld({ clusters: [cluster] });
    await live.refresh(never);
    const shown = await live.object(ref, never);
    assert.deepEqual(shown["data"], { password: "(hidden)" });
  });

  it("follows an object of the cluster it names", async () => {
    const [east, west] = [aShop("east"), aShop("west")];
    const { live, never } = aLiveWorld({ clusters: [east, west] });
    await live.refresh(never);
    const seen: unknown[] = [];
    const reviews = { ...ref, cluster: "uid-of-west", kind: "Service", name: "reviews" };
    const following = live.follow(reviews, (object) => seen.push(object));
    await settled();
    east.put({ ...aService("shop", "reviews"), spec: { ports: [] } });
    await settled();
    assert.equal(seen.length, 1);
    following.dispose();
  });

  it("says what to do for an object of a cluster that is not connected, and for a kind nobody serves", async () => {
    const { live, clock, never } = aLiveWorld();
    const seen: unknown[] = [];
    live.follow(ref, (object) => seen.push(object));
    await clock.advance(0);
    assert.ok(MeshError.is(seen[0], "unreachable"));
    await live.refresh(never);
    await assert.rejects(live.object({ ...ref, kind: "Unheard" }, never), (e) => MeshError.is(e, "not-found"));
  });
});

describe("createLiveMesh, disposed", () => {
  it("leaves no timer, watch or call open, and closes its sources", async () => {
    const cluster = aShop();
    const source = new RecordedTelemetry("p", [aRow("shop", "reviews", 12)]);
    const { live, clock, never } = aLiveWorld({ clusters: [cluster], find: source.find });
    live.watch();
    await live.refresh(never);
    live.follow({ cluster: "uid-of-prod", group: "", kind: "Service", namespace: "shop", name: "a" }, () => undefined);
    await clock.advance(1000);
    live.dispose();
    await settled();
    assert.equal(clock.pending, 0);
    assert.equal(cluster.open, 0);
    assert.equal(cluster.isDisposed, true);
    assert.equal(source.disposals, 1);
  });

  it("tells and asks nothing more, also when disposed in the middle of connecting", async () => {
    for (const steps of [0, 1, 2, 3, 5, 8]) {
      const cluster = aShop();
      const { live, clock, changes } = aLiveWorld({ clusters: [cluster] });
      live.watch();
      await clock.advance(0);
      for (let i = 0; i < steps; i++) await new Promise((resolve) => setImmediate(resolve));
      live.dispose();
      const [told, asked] = [changes.length, cluster.calls.length];
      await clock.advance(600_000);
      assert.equal(changes.length, told);
      assert.equal(cluster.calls.length, asked);
      assert.equal(cluster.open, 0);
      assert.equal(clock.pending, 0);
    }
  });

  it("does nothing for those who still hold it", async () => {
    const cluster = aShop();
    const { live, clock } = aLiveWorld({ clusters: [cluster] });
    live.dispose();
    live.watch();
    live.onChange(() => undefined);
    live.setSort("rps");
    await clock.advance(600_000);
    assert.deepEqual(cluster.calls, []);
    assert.equal(clock.pending, 0);
  });
});
