import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { KindWatch, type KindTarget } from "../../../src/mesh/live/kindWatch.ts";
import { MeshError } from "../../../src/mesh/meshError.ts";
import { say } from "../../../src/mesh/message.ts";
import { settled } from "./manualClock.ts";
import { aService, CountedLog } from "./objects.ts";
import { aKind, RecordedCluster } from "./recordedCluster.ts";

class ToldTarget implements KindTarget {
  readonly told: string[] = [];

  listing(): void {
    this.told.push("listing");
  }

  upsert(objects: Parameters<KindTarget["upsert"]>[0]): void {
    this.told.push(`upsert ${objects.map(({ metadata }) => metadata.name).join(" ")}`);
  }

  gone({ metadata }: Parameters<KindTarget["gone"]>[0]): void {
    this.told.push(`gone ${metadata.name}`);
  }

  listed(unread: Parameters<KindTarget["listed"]>[0]): void {
    this.told.push(`listed, ${unread.length} unread`);
  }
}

const kind = aKind("v1", "Service");
const everywhere = { query: { kind, scope: { all: true, otherwise: ["shop"] } } } as const;

function aWatch(): { cluster: RecordedCluster; target: ToldTarget; log: CountedLog; watch: KindWatch } {
  const cluster = new RecordedCluster("prod", [aService("shop", "reviews")]);
  const target = new ToldTarget();
  const log = new CountedLog();
  return { cluster, target, log, watch: new KindWatch(cluster, target, log, () => undefined) };
}

describe("KindWatch", () => {
  it("hands on lists and changes in their order", async () => {
    const { cluster, target, watch } = aWatch();
    watch.start(everywhere);
    await settled();
    cluster.put(aService("shop", "ratings"));
    cluster.remove(aService("shop", "reviews"));
    await settled();
    assert.deepEqual(target.told, ["listing", "upsert reviews", "listed, 0 unread", "upsert ratings", "gone reviews"]);
    watch.dispose();
  });

  it("drops what does not pass its filter", async () => {
    const { cluster, target, watch } = aWatch();
    watch.start({ ...everywhere, accepts: ({ metadata }) => metadata.namespace === "shop" });
    await settled();
    cluster.put(aService("other", "ratings"));
    cluster.remove(aService("other", "ratings"));
    await settled();
    assert.deepEqual(target.told, ["listing", "upsert reviews", "listed, 0 unread"]);
    watch.dispose();
  });

  it("hands on nothing of a query that was replaced", async () => {
    const { cluster, target, watch } = aWatch();
    watch.start(everywhere);
    watch.start({ query: { kind, scope: { namespaces: ["empty"] } } });
    await settled();
    cluster.put(aService("shop", "ratings"));
    await settled();
    assert.deepEqual(target.told, ["listing", "listed, 0 unread"]);
    watch.dispose();
  });

  it("says what is unread and drops what it had when the right to read is gone", async () => {
    const { cluster, target, watch } = aWatch();
    watch.start(everywhere);
    await settled();
    cluster.failWatches(new MeshError("forbidden", say("No.")));
    await settled();
    assert.deepEqual(target.told.slice(-2), ["listing", "listed, 1 unread"]);
    assert.equal(watch.ended?.kind, "forbidden");
  });

  it("drops what it had without a complaint when the kind is gone from the server", async () => {
    const { cluster, target, watch } = aWatch();
    watch.start(everywhere);
    await settled();
    cluster.failWatches(new MeshError("not-found", say("No such kind.")));
    await settled();
    assert.deepEqual(target.told.slice(-2), ["listing", "listed, 0 unread"]);
  });

  it("keeps what it had when the sign-in has expired", async () => {
    const { cluster, target, watch } = aWatch();
    watch.start(everywhere);
    await settled();
    cluster.failWatches(new MeshError("unauthorized", say("Sign in again.")));
    await settled();
    assert.equal(target.told.at(-1), "listed, 0 unread");
    assert.equal(watch.ended?.kind, "unauthorized");
  });

  it("counts as answered when the first list is interrupted, and is well again once listed", async () => {
    const { cluster, watch } = aWatch();
    cluster.hangs.add("services");
    watch.start(everywhere);
    await settled();
    assert.equal(watch.hasAnswered, false);
    cluster.tellAll({ type: "interrupted", error: new MeshError("timeout", say("No answer.")) });
    await settled();
    assert.equal(watch.hasAnswered, true);
    assert.equal(watch.interrupted?.kind, "timeout");
    cluster.relist();
    await settled();
    assert.equal(watch.interrupted, undefined);
    watch.dispose();
  });

  it("tells a bug apart: it is logged and stands as an error", async () => {
    const { cluster, log, watch } = aWatch();
    watch.start(everywhere);
    await settled();
    cluster.failWatches(new TypeError("undefined is not a function"));
    await settled();
    assert.equal(watch.ended?.kind, "bad-data");
    assert.equal(log.errors.length, 1);
  });

  it("closes its watch when disposed", async () => {
    const { cluster, watch } = aWatch();
    watch.start(everywhere);
    await settled();
    watch.dispose();
    await settled();
    assert.equal(cluster.open, 0);
  });
});
