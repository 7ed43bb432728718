import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { MeshError } from "../../../src/mesh/meshError.ts";
import { fill, say } from "../../../src/mesh/message.ts";
import type { Scope } from "../../../src/mesh/ports.ts";
import { aLiveWorld, aShop, meshKinds } from "./liveWorld.ts";
import { aDeployment, aNamespace, aPod, aService } from "./objects.ts";
import { aKind, coreKinds, RecordedCluster } from "./recordedCluster.ts";
import { RecordedTelemetry } from "./recordedTelemetry.ts";

const signInAgain = new MeshError("unauthorized", say("Sign in again."));
const noAnswer = new MeshError("unreachable", say("No answer."));

function names(views: readonly { readonly ref: { readonly name: string } }[]): readonly string[] {
  return views.map(({ ref }) => ref.name).sort();
}

/** Istio's own pods are watched by their labels besides, wherever they are. */
function watchesOfAnyPod({ watched }: RecordedCluster): readonly Scope[] {
  return watched.flatMap(({ kind, labelSelector, scope }) =>
    kind.plural === "pods" && labelSelector === undefined ? [scope] : [],
  );
}

describe("createLiveMesh, watching", () => {
  it("watches pods of the mesh's namespaces only where nobody chose", async () => {
    const cluster = aShop();
    const { live, clock } = aLiveWorld({ clusters: [cluster] });
    live.watch();
    await clock.advance(1000);
    assert.deepEqual(live.scopes[0]?.selected, ["pay", "shop"]);
    assert.ok(cluster.calls.includes("watch pods in pay,shop"));
    assert.equal(cluster.calls.includes("watch pods in batch"), false);
  });

  it("watches the pods of many selected namespaces there alone, and never those of the whole cluster", async () => {
    const enrolled = Array.from({ length: 40 }, (_, i) => `team-${String(i).padStart(2, "0")}`);
    const cluster = new RecordedCluster("wide", [
      aNamespace("batch"),
      ...enrolled.map((name) => aNamespace(name, { "istio-injection": "enabled" })),
      ...[...enrolled, "batch"].map((namespace) => aPod({ namespace, app: "a" })),
    ]);
    const { live, clock } = aLiveWorld({ clusters: [cluster] });
    live.watch();
    await clock.advance(1000);
    assert.deepEqual(watchesOfAnyPod(cluster), [{ namespaces: enrolled }]);
  });

  it("watches the pods of the whole cluster once where every namespace is of the mesh", async () => {
    const cluster = aShop();
    cluster.put(aNamespace("batch", { "istio-injection": "enabled" }));
    const { live, clock } = aLiveWorld({ clusters: [cluster] });
    live.watch();
    await clock.advance(1000);
    const everywhere = { all: true, otherwise: ["batch", "pay", "shop"] };
    assert.deepEqual(watchesOfAnyPod(cluster), [everywhere]);
  });

  it("watches the context's namespace only on a cluster without a mesh", async () => {
    const cluster = new RecordedCluster("plain", [aNamespace("a"), aNamespace("b")]);
    const { live, clock } = aLiveWorld({ clusters: [cluster], defaultNamespace: "b" });
    live.watch();
    await clock.advance(1000);
    assert.deepEqual(live.scopes[0]?.selected, ["b"]);
  });

  it("watches the chosen namespaces, and others as soon as they are chosen", async () => {
    const cluster = aShop();
    const { live, clock } = aLiveWorld({ clusters: [cluster], namespaces: ["pay"] });
    live.watch();
    await clock.advance(1000);
    assert.deepEqual(live.scopes[0]?.selected, ["pay"]);
    live.setFilter({ namespaces: ["batch"], inMeshOnly: false, text: "" });
    await clock.advance(1000);
    assert.deepEqual(live.scopes[0].selected, ["batch"]);
    const pods = live.workloads.flatMap((workload) => workload.pods.map(({ ref }) => ref.namespace));
    assert.deepEqual(pods, ["batch"]);
  });

  it("watches a namespace that joins the mesh later", async () => {
    const cluster = aShop();
    const { live, clock } = aLiveWorld({ clusters: [cluster] });
    live.watch();
    await clock.advance(1000);
    cluster.put(aNamespace("batch", { "istio-injection": "enabled" }));
    await clock.advance(1000);
    assert.deepEqual(live.scopes[0]?.selected, ["batch", "pay", "shop"]);
  });

  it("lists the pods elsewhere slowly: once, and again every five minutes while watched", async () => {
    const cluster = aShop();
    const { live, clock } = aLiveWorld({ clusters: [cluster] });
    const lists = () => cluster.calls.filter((call) => call.startsWith("list pods")).length;
    const watching = live.watch();
    await clock.advance(1000);
    assert.equal(lists(), 1);
    assert.equal(live.scopes[0]?.isComplete, true);
    await clock.advance(300_000);
    assert.equal(lists(), 2);
    watching.dispose();
    await clock.advance(3_600_000);
    assert.equal(lists(), 2);
  });

  describe("while pods are still being listed", () => {
    async function aShopWithoutPods() {
      const cluster = aShop();
      cluster.hangs.add("pods in pay,shop");
      const { live, clock } = aLiveWorld({ clusters: [cluster] });
      live.watch();
      await clock.advance(1000);
      return { cluster, live, clock };
    }

    it("is ready, and not complete", async () => {
      const { live } = await aShopWithoutPods();
      assert.equal(live.clusters[0]?.state, "ready");
      assert.equal(live.scopes[0]?.isComplete, false);
    });

    it("lists services and workloads, and says of none that it is outside the mesh", async () => {
      const { live } = await aShopWithoutPods();
      assert.deepEqual(names(live.services), ["charge", "ratings", "report", "reviews"]);
      assert.deepEqual(names(live.workloads), ["charge", "ratings", "report", "reviews"]);
      const known = [...live.services, ...live.workloads].filter(({ inMesh }) => inMesh !== undefined);
      // Its namespace is not watched: the metadata of its pod came at once.
      assert.deepEqual(names(known), ["report", "report"]);
      assert.ok(known.every(({ inMesh }) => inMesh));
    });

    it("does not count who is in the mesh", async () => {
      const { live } = await aShopWithoutPods();
      assert.deepEqual(live.meshes[0]?.services, { inMesh: undefined, all: 4 });
      assert.deepEqual(live.tree("meshes").roots()[0]?.facts.map(fill), ["1 cluster", "– of 4 services in mesh"]);
      const namespaces = live.tree("workloads").roots();
      assert.deepEqual(
        namespaces.map(({ facts }) => facts.map(fill)),
        [["1 workload"], ["1 workload"], ["2 workloads"]],
      );
    });

    it("says all of it once they are in", async () => {
      const { cluster, live, clock } = await aShopWithoutPods();
      cluster.put(aDeployment("pay", "audit"));
      await clock.advance(1000);
      const pay = () => live.tree("workloads").roots()[1]?.facts.map(fill);
      assert.deepEqual(pay(), ["2 workloads"]);
      cluster.relist();
      await clock.advance(1000);
      assert.equal(live.scopes[0]?.isComplete, true);
      assert.deepEqual(pay(), ["2 workloads", "1 of 2 in mesh"]);
      assert.deepEqual(live.meshes[0]?.workloads, { inMesh: 4, all: 5 });
    });

    it("is no cluster without a mesh where only proxies would tell", async () => {
      const cluster = new RecordedCluster("plain", [aNamespace("a"), aDeployment("a", "web")]);
      cluster.hangs.add("pods in a");
      const { live, clock } = aLiveWorld({ clusters: [cluster], defaultNamespace: "a" });
      live.watch();
      await clock.advance(1000);
      assert.equal(live.clusters[0]?.state, "connecting");
      cluster.relist();
      await clock.advance(1000);
      assert.equal(live.clusters[0].state, "noIstio");
    });
  });

  it("keeps the rest where one kind is forbidden, and says what is missing", async () => {
    const cluster = aShop();
    cluster.forbids = (plural) => plural === "deployments";
    const { live, clock } = aLiveWorld({ clusters: [cluster] });
    live.watch();
    await clock.advance(1000);
    assert.equal(live.clusters[0]?.state, "ready");
    assert.equal(live.services.length, 4);
    assert.ok(live.meshes[0]?.clusters[0]?.unread.some(({ error }) => error.kind === "forbidden"));
  });

  it("works for a user who may see one namespace only", async () => {
    const cluster = aShop();
    cluster.forbids = (_plural, namespace) => namespace !== "pay";
    const { live, clock } = aLiveWorld({ clusters: [cluster], defaultNamespace: "pay" });
    live.watch();
    await clock.advance(1000);
    assert.equal(live.clusters[0]?.state, "ready");
    assert.deepEqual(names(live.services), ["charge"]);
    assert.equal(live.scopes[0]?.namespaces, undefined);
    assert.deepEqual(live.scopes[0]?.selected, ["pay"]);
  });

  it("is ready though one kind's first list does not come, once that is known", async () => {
    const cluster = aShop();
    cluster.hangs.add("statefulsets");
    const { live, clock } = aLiveWorld({ clusters: [cluster] });
    live.watch();
    await clock.advance(1000);
    assert.equal(live.clusters[0]?.state, "connecting");
    cluster.tellAll({ type: "interrupted", error: noAnswer });
    cluster.tellAll({ type: "resumed" });
    await clock.advance(1000);
    assert.equal(live.clusters[0].state, "ready");
  });

  it("says unreachable, with what it knew, while every watch is interrupted, and ready again after", async () => {
    const cluster = aShop();
    const { live, clock } = aLiveWorld({ clusters: [cluster] });
    live.watch();
    await clock.advance(1000);
    cluster.tellAll({ type: "interrupted", error: noAnswer });
    await clock.advance(1000);
    assert.equal(live.clusters[0]?.state, "unreachable");
    assert.equal(live.services.length, 4);
    cluster.tellAll({ type: "resumed" });
    await clock.advance(1000);
    assert.equal(live.clusters[0].state, "ready");
  });

  it("says unauthorized, with what it knew, when the sign-in runs out, and mends on refresh", async () => {
    const cluster = aShop();
    const { live, clock, never } = aLiveWorld({ clusters: [cluster] });
    live.watch();
    await clock.advance(1000);
    cluster.failWatches(signInAgain);
    await clock.advance(1000);
    assert.equal(live.clusters[0]?.state, "unauthorized");
    assert.equal(live.services.length, 4);
    await live.refresh(never);
    await clock.advance(1000);
    assert.equal(live.clusters[0].state, "ready");
  });

  it("asks for nothing while signed out, so that no credential plugin starts behind the user's back", async () => {
    const cluster = aShop();
    const store = new RecordedTelemetry("store");
    const { live, clock } = aLiveWorld({ clusters: [cluster], find: store.find });
    live.watch();
    await clock.advance(1000);
    cluster.failWatches(signInAgain);
    await clock.advance(1000);
    const [calls, queries] = [cluster.calls.length, store.queries.length];
    assert.ok(queries > 0);
    await clock.advance(900_000);
    assert.equal(cluster.calls.length, calls);
    assert.equal(store.queries.length, queries);
  });

  it("drops after a relist what is no longer there", async () => {
    const cluster = aShop();
    const { live, clock } = aLiveWorld({ clusters: [cluster] });
    live.watch();
    await clock.advance(1000);
    cluster.hushed(() => cluster.remove(aService("shop", "reviews")));
    cluster.relist();
    await clock.advance(1000);
    assert.deepEqual(names(live.services), ["charge", "ratings", "report"]);
  });

  it("finds kinds that come to the server later on refresh", async () => {
    const cluster = aShop("prod", coreKinds);
    const { live, clock, never } = aLiveWorld({ clusters: [cluster] });
    await live.refresh(never);
    await clock.advance(1000);
    cluster.kindsOnServer = meshKinds;
    await live.refresh(never);
    await clock.advance(1000);
    assert.ok(cluster.calls.includes("watch serviceentries everywhere"));
  });

  it("reads a custom owner once and takes a refusal for an answer", async () => {
    const owner = { apiVersion: "argoproj.io/v1alpha1", kind: "Rollout" };
    const cluster = aShop("prod", [...meshKinds, aKind("argoproj.io/v1alpha1", "Rollout")]);
    cluster.put(aPod({ namespace: "shop", app: "canary", owner }));
    cluster.forbids = (plural) => plural === "rollouts";
    const { live, clock } = aLiveWorld({ clusters: [cluster] });
    live.watch();
    await clock.advance(60_000);
    assert.equal(cluster.calls.filter((call) => call.startsWith("get rollouts")).length, 1);
    const row = live.workloads.find(({ ref }) => ref.kind === "Rollout");
    assert.equal(row?.ownerRead, false);
  });
});
