import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { followObject } from "../../../src/mesh/live/followObject.ts";
import { MeshError } from "../../../src/mesh/meshError.ts";
import { say } from "../../../src/mesh/message.ts";
import type { KubeObject } from "../../../src/mesh/model/kubeObject.ts";
import { settled } from "./manualClock.ts";
import { aService, CountedLog } from "./objects.ts";
import { aKind, forbidden, RecordedCluster } from "./recordedCluster.ts";

const ref = { cluster: "c", group: "", kind: "Service", namespace: "shop", name: "reviews" };

function following(cluster: RecordedCluster, kind = aKind("v1", "Service"), what = ref) {
  const seen: (KubeObject | MeshError | undefined)[] = [];
  const log = new CountedLog();
  const following = followObject({ source: cluster, kind, ref: what, log }, (object) => seen.push(object));
  return { seen, log, following };
}

describe("followObject", () => {
  it("tells each version of its object and of no other", async () => {
    const cluster = new RecordedCluster("prod", [aService("shop", "reviews"), aService("shop", "ratings")]);
    const { seen, following: open } = following(cluster);
    await settled();
    cluster.put(aService("shop", "ratings"));
    cluster.put({ ...aService("shop", "reviews"), spec: { ports: [] } });
    await settled();
    assert.equal(seen.length, 2);
    assert.deepEqual((seen[1] as KubeObject)["spec"], { ports: [] });
    open.dispose();
  });

  it("tells that the object is gone, deleted now or never there", async () => {
    const cluster = new RecordedCluster("prod", [aService("shop", "reviews")]);
    const { seen, following: open } = following(cluster);
    await settled();
    cluster.remove(aService("shop", "reviews"));
    await settled();
    assert.deepEqual(seen.slice(1), [undefined]);
    open.dispose();
    const never = following(new RecordedCluster("prod"));
    await settled();
    assert.deepEqual(never.seen, [undefined]);
    never.following.dispose();
  });

  it("never tells a Secret's values", async () => {
    const secret = {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "s", namespace: "shop" },
      data: { password: "aHVudGVyMg==" },
    };
    const what = { ...ref, kind: "Secret", name: "s" };
    const { seen, following: open } = following(new RecordedCluster("prod", [secret]), aKind("v1", "Secret"), what);
    await settled();
    assert.equal(JSON.stringify(seen).includes("aHVudGVyMg=="), false);
    open.dispose();
  });

  it("tells why the object cannot be read", async () => {
    const cluster = new RecordedCluster("prod");
    cluster.forbids = () => true;
    const { seen } = following(cluster);
    await settled();
    assert.ok(MeshError.is(seen[0], "forbidden"));
  });

  it("tells an interruption, and the next version after it", async () => {
    const cluster = new RecordedCluster("prod", [aService("shop", "reviews")]);
    const { seen, following: open } = following(cluster);
    await settled();
    cluster.tellAll({ type: "interrupted", error: new MeshError("unreachable", say("Gone.")) });
    cluster.relist();
    await settled();
    assert.equal(seen.length, 3);
    assert.ok(MeshError.is(seen[1], "unreachable"));
    open.dispose();
  });

  it("logs a bug and tells a sentence", async () => {
    const cluster = new RecordedCluster("prod");
    const { seen, log } = following(cluster);
    await settled();
    cluster.failWatches(new TypeError("x is not a function"));
    await settled();
    assert.ok(MeshError.is(seen.at(-1), "bad-data"));
    assert.equal(log.errors.length, 1);
  });

  it("is silent after it is disposed", async () => {
    const cluster = new RecordedCluster("prod", [aService("shop", "reviews")]);
    const { seen, following: open } = following(cluster);
    open.dispose();
    await settled();
    cluster.failWatches(forbidden("services"));
    await settled();
    assert.deepEqual(seen, []);
    assert.equal(cluster.open, 0);
  });
});
