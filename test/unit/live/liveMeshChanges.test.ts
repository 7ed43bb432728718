import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { MeshError } from "../../../src/mesh/meshError.ts";
import { say } from "../../../src/mesh/message.ts";
import { aLiveWorld, aShop } from "./liveWorld.ts";
import { settled } from "./manualClock.ts";
import { aDeployment, aPod } from "./objects.ts";
import { aRow, findNothing, RecordedTelemetry } from "./recordedTelemetry.ts";

const noAnswer = new MeshError("unreachable", say("No answer."));

describe("createLiveMesh, changes", () => {
  it("tells one pod's change at once, and names its rows only", async () => {
    const cluster = aShop();
    const { live, clock, changes } = aLiveWorld({ clusters: [cluster] });
    live.watch();
    await clock.advance(1000);
    const tree = live.tree("workloads");
    const rows = tree.roots().flatMap(({ id }) => tree.children(id));
    const pods = rows.flatMap(({ id }) => tree.children(id));
    changes.length = 0;
    cluster.put(aPod({ namespace: "shop", app: "reviews", isReady: false }));
    await settled();
    assert.equal(changes.length, 1);
    const touched: unknown = changes[0]?.trees.workloads;
    assert.ok(Array.isArray(touched), "only rows, not the whole tree");
    const [pod] = pods.filter(({ ref }) => ref?.name.startsWith("reviews-"));
    assert.ok(pod && touched.some((id) => id === pod.id || id === pod.parentId));
    const others = rows.filter(({ label }) => label !== "reviews").map(({ id }) => id);
    assert.equal(others.length, 3);
    assert.ok(touched.every((id) => !others.includes(String(id))));
    assert.equal(changes[0]?.status, false);
  });

  it("tells many changes of one second at most five times", async () => {
    const cluster = aShop();
    const { live, clock, changes } = aLiveWorld({ clusters: [cluster] });
    live.watch();
    await clock.advance(1000);
    const tree = live.tree("workloads");
    for (const { id } of tree.roots().flatMap((root) => tree.children(root.id))) tree.children(id);
    await clock.advance(1000);
    changes.length = 0;
    for (let i = 0; i < 100; i++) {
      cluster.put(aPod({ namespace: "shop", app: "reviews", isReady: i % 2 === 0 }));
      await clock.advance(10);
    }
    assert.ok(changes.length >= 2 && changes.length <= 5, `${changes.length} changes`);
  });

  it("tells nothing for a listener that left, and the others where one fails", async () => {
    const cluster = aShop();
    const { live, clock, changes, log } = aLiveWorld({ clusters: [cluster] });
    let heard = 0;
    live.onChange(() => heard++).dispose();
    live.onChange(() => {
      throw new Error("a bug in a view");
    });
    live.onChange(() => heard++);
    live.watch();
    await clock.advance(1000);
    assert.ok(changes.length > 0);
    assert.equal(heard, changes.length);
    assert.equal(log.errors.length, changes.length);
  });

  it("keeps a view's identity where nothing changed", async () => {
    const cluster = aShop();
    const { live, clock } = aLiveWorld({ clusters: [cluster] });
    live.watch();
    await clock.advance(1000);
    const before = new Map(live.services.map((service) => [service.id, service]));
    cluster.put(aDeployment("pay", "refund"));
    await clock.advance(1000);
    assert.ok(live.services.every((service) => before.get(service.id) === service));
  });
});

describe("createLiveMesh, numbers", () => {
  it("asks for numbers at its interval while somebody watches, and not else", async () => {
    const source = new RecordedTelemetry("p", [aRow("shop", "reviews", 12)]);
    const { live, clock } = aLiveWorld({ find: source.find });
    const watching = live.watch();
    await clock.advance(45_500);
    assert.equal(source.queries.length, 4);
    watching.dispose();
    await clock.advance(600_000);
    assert.equal(source.queries.length, 4);
    live.watch();
    await clock.advance(0);
    assert.equal(source.queries.length, 5);
  });

  it("joins the numbers to their service, and never shows 0 where there is no data", async () => {
    const source = new RecordedTelemetry("p", [aRow("shop", "reviews", 12)]);
    const { live, clock } = aLiveWorld({ find: source.find });
    live.watch();
    await clock.advance(1000);
    const idOf = (name: string) => live.services.find(({ ref }) => ref.name === name)?.id ?? "";
    assert.equal(live.assessment(idOf("reviews")).reading.requests?.rps, 12);
    assert.equal(live.assessment(idOf("ratings")).reading.kind, "idle");
    const blind = aLiveWorld({ find: findNothing });
    blind.live.watch();
    await blind.clock.advance(1000);
    assert.equal(blind.live.clusters[0]?.telemetry.state, "none");
    assert.equal(blind.live.assessment(idOf("reviews")).reading.kind, "none");
  });

  it("keeps the numbers, as old, when the store falls silent", async () => {
    const source = new RecordedTelemetry("p", [aRow("shop", "reviews", 12)]);
    const { live, clock } = aLiveWorld({ find: source.find });
    live.watch();
    await clock.advance(1000);
    const measuredAt = live.clusters[0]?.telemetry.measuredAt;
    source.failure = noAnswer;
    await clock.advance(20_000);
    const reviews = live.services.find(({ ref }) => ref.name === "reviews")?.id ?? "";
    const { reading } = live.assessment(reviews);
    assert.equal(reading.requests?.rps, 12);
    assert.equal(reading.staleSince, measuredAt);
    assert.equal(live.clusters[0]?.telemetry.state, "error");
  });

  it("touches only rows whose numbers changed", async () => {
    const source = new RecordedTelemetry("p", [aRow("shop", "reviews", 12), aRow("shop", "ratings", 5)]);
    const { live, clock, changes } = aLiveWorld({ find: source.find });
    live.watch();
    await clock.advance(1000);
    const tree = live.tree("services");
    const rows = tree.roots().flatMap(({ id }) => tree.children(id));
    await clock.advance(1000);
    changes.length = 0;
    source.rows = [aRow("shop", "reviews", 40), aRow("shop", "ratings", 5)];
    await clock.advance(15_000);
    const touched = changes.flatMap(({ trees }) => trees.services ?? []);
    const ratings = rows.find(({ label }) => label === "ratings");
    const reviews = rows.find(({ label }) => label === "reviews");
    assert.ok(reviews && touched.includes(reviews.id));
    assert.ok(ratings && !touched.includes(ratings.id));
  });

  it("asks a store once that two clusters share", async () => {
    const source = new RecordedTelemetry("shared");
    const { live, clock } = aLiveWorld({ clusters: [aShop("east"), aShop("west")], find: source.find });
    live.watch();
    await clock.advance(1000);
    source.queries.length = 0;
    await clock.advance(15_000);
    assert.equal(source.queries.length, 1);
  });
});
