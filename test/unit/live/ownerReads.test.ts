import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { OwnerReads } from "../../../src/mesh/live/ownerReads.ts";
import type { KubeObject } from "../../../src/mesh/model/kubeObject.ts";
import type { ObjectRef } from "../../../src/mesh/model/refs.ts";
import { ManualClock, settled } from "./manualClock.ts";
import { CountedLog } from "./objects.ts";
import { aKind, RecordedCluster } from "./recordedCluster.ts";

const rollout = aKind("argoproj.io/v1alpha1", "Rollout");

function aRollout(name: string): KubeObject {
  return { apiVersion: "argoproj.io/v1alpha1", kind: "Rollout", metadata: { name, namespace: "shop" } };
}

function refTo(name: string, kind = "Rollout"): ObjectRef {
  return { cluster: "c", group: "argoproj.io", kind, namespace: "shop", name };
}

function theReads(cluster: RecordedCluster, wanted: readonly ObjectRef[]) {
  const set: string[] = [];
  const target = {
    wantedOwners: () => wanted,
    setOwner: (ref: ObjectRef, owner: KubeObject | undefined) => set.push(`${ref.name} ${owner ? "read" : "unread"}`),
  };
  const kindOf = (ref: ObjectRef) => (ref.kind === "Rollout" ? rollout : undefined);
  const clock = new ManualClock();
  const idle: boolean[] = [];
  const reads: OwnerReads = new OwnerReads({ source: cluster, kindOf, clock, log: new CountedLog() }, target, () =>
    idle.push(reads.isIdle),
  );
  return { reads, set, clock, idle };
}

describe("OwnerReads", () => {
  it("reads an owner that is wanted again, but not within ten seconds", async () => {
    const { reads, set, clock } = theReads(new RecordedCluster("prod", [aRollout("a")]), [refTo("a")]);
    for (let seconds = 0; seconds < 20; seconds++) {
      reads.ask();
      await clock.advance(1000);
    }
    assert.deepEqual(set, ["a read", "a read"]);
  });

  it("reads an owner once that is wanted often", async () => {
    const cluster = new RecordedCluster("prod", [aRollout("a")]);
    const { reads, set } = theReads(cluster, [refTo("a")]);
    reads.ask();
    reads.ask();
    await settled();
    reads.ask();
    await settled();
    assert.deepEqual(set, ["a read"]);
    assert.deepEqual(cluster.calls, ["get rollouts shop/a"]);
  });

  it("says unread without asking where the server has no such kind", async () => {
    const cluster = new RecordedCluster("prod");
    const { reads, set } = theReads(cluster, [refTo("a", "Unheard")]);
    reads.ask();
    await settled();
    assert.deepEqual(set, ["a unread"]);
    assert.deepEqual(cluster.calls, []);
  });

  it("asks for no more owners of a kind and namespace that refused", async () => {
    const cluster = new RecordedCluster("prod");
    cluster.forbids = () => true;
    const wanted = Array.from({ length: 50 }, (_, i) => refTo(`r${i}`));
    const { reads, set } = theReads(cluster, wanted);
    reads.ask();
    await settled();
    assert.equal(set.length, 50);
    assert.ok(cluster.calls.length <= 4, `${cluster.calls.length} calls`);
  });

  it("tells of its end when nothing is being read any more", async () => {
    const { reads, idle } = theReads(new RecordedCluster("prod", [aRollout("a")]), [refTo("a"), refTo("b")]);
    reads.ask();
    await settled();
    assert.equal(idle.at(-1), true);
  });

  it("keeps at most four requests open", async () => {
    const cluster = new RecordedCluster("prod");
    const { reads } = theReads(
      cluster,
      Array.from({ length: 20 }, (_, i) => refTo(`r${i}`)),
    );
    reads.ask();
    assert.equal(cluster.open, 4);
    await settled();
  });

  it("reads and tells nothing more after it is disposed", async () => {
    const cluster = new RecordedCluster("prod", [aRollout("a")]);
    const { reads, set } = theReads(cluster, [refTo("a"), refTo("b"), refTo("c"), refTo("d"), refTo("e")]);
    reads.ask();
    reads.dispose();
    await settled();
    assert.deepEqual(set, []);
    assert.equal(cluster.open, 0);
    assert.equal(cluster.calls.length, 4);
  });
});
