import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { demoTruth } from "../../../src/sources/demo/demoTruth.ts";
import {
  cumulativeAt,
  logNormal,
  meanOf,
  mixed,
  quantileOf,
  shifted,
} from "../../../src/sources/demo/traffic/buckets.ts";
import { parseDuration } from "../../../src/sources/demo/traffic/trafficConfig.ts";
import { Waves } from "../../../src/sources/demo/traffic/waves.ts";
import { change, close, openShop, truthFor } from "./demoShop.ts";

const at = Date.UTC(2026, 10, 23, 12);

describe("the demo's waves", () => {
  it("have an integral that is the sum of their values", () => {
    const waves = new Waves(7, 2);
    const stepMillis = 250;
    const sums = new Float64Array(waves.count);
    for (let t = at; t < at + 600_000; t += stepMillis) {
      for (const [i, value] of waves.at(t + stepMillis / 2).entries())
        sums[i] = (sums[i] ?? 0) + (value * stepMillis) / 1000;
    }
    for (const [i, integral] of waves.integrals(at, at + 600_000).entries())
      close(integral, sums[i] ?? 0, 1e-6, `wave ${i}`);
  });

  it("never fall to zero, so that rates and counters only grow", () => {
    const waves = new Waves(3, 4);
    for (let t = at; t < at + 7_200_000; t += 5000) {
      for (const value of waves.at(t)) assert.ok(value > 0.2);
    }
  });

  it("are the same whenever they are asked, and move within a minute", () => {
    assert.deepEqual(new Waves(5, 1).at(at), new Waves(5, 1).at(at));
    assert.notDeepEqual(new Waves(5, 1).at(at), new Waves(5, 1).at(at + 20_000));
  });
});

describe("the demo's distributions", () => {
  it("put half of a log-normal below its median, but for the evenness within the bucket", () => {
    const masses = logNormal(100, 0.65);
    close(cumulativeAt(masses, 100), 0.5, 1e-6, "share below the median");
    close(quantileOf(masses, 0.5), 100, 1e-6, "median");
  });

  it("stay distributions when they are shifted and mixed", () => {
    const late = mixed([
      { masses: shifted(logNormal(20, 0.65), 5000), share: 0.5 },
      { masses: logNormal(20, 0.65), share: 0.5 },
    ]);
    close(
      late.reduce((sum, mass) => sum + mass, 0),
      1,
      1e-9,
      "sum of shares",
    );
    assert.ok((quantileOf(late, 0.95) ?? 0) > 5000);
    assert.ok((quantileOf(late, 0.4) ?? Infinity) < 50);
  });

  it("have no quantile where nothing was counted", () => {
    assert.equal(quantileOf(new Float64Array(19), 0.5), null);
  });

  it("have a mean within the values they have", () => {
    const mean = meanOf(logNormal(40, 0.3));
    assert.ok(mean > 25 && mean < 75);
  });
});

describe("durations of faults", () => {
  it("are read as Istio writes them", () => {
    assert.equal(parseDuration("5s"), 5);
    assert.equal(parseDuration("1m30s"), 90);
    assert.equal(parseDuration("250ms"), 0.25);
    assert.equal(parseDuration("1.5s"), 1.5);
  });

  it("are nothing where they are something else", () => {
    for (const text of [undefined, "", "5", "s", "-1s", "5 s", "5s;"]) assert.equal(parseDuration(text), undefined);
  });
});

describe("the demo's traffic", () => {
  it("has rates that are the integral over the window, whatever the window", () => {
    const { mesh, clock } = openShop();
    const rpsOf = (windowSeconds: number, atMillis: number) => {
      const row = demoTruth(mesh, { windowSeconds, atMillis }).services.find(({ name }) => name === "reviews");
      return row?.rps ?? 0;
    };
    const minutes = Array.from({ length: 10 }, (_, i) => rpsOf(60, clock.now() - i * 60_000));
    const mean = minutes.reduce((sum, rps) => sum + rps, 0) / 10;
    close(rpsOf(600, clock.now()), mean, 1e-9, "ten minutes and the mean of their minutes");
  });

  it("has rates over the time there was, where the window begins before time zero", () => {
    const shop = openShop();
    const rows = demoTruth(shop.mesh, { windowSeconds: 86_400, atMillis: shop.clock.now() }).services;
    const hour = demoTruth(shop.mesh, { windowSeconds: 3600, atMillis: shop.clock.now() }).services;
    assert.deepEqual(rows, hour);
  });

  it("counts requests of a caller in another cluster for the member that answered", () => {
    const { mesh, clock } = openShop();
    const rows = demoTruth(mesh, { windowSeconds: 60, atMillis: clock.now() }).services;
    const fronts = rows.filter(({ name }) => name === "front");
    assert.deepEqual(fronts.map(({ clusterId }) => clusterId).sort(), ["eu", "us"]);
  });

  it("gives a service as many requests as its workloads, and a workload as many as its pods", () => {
    const { mesh, clock } = openShop();
    const { services, workloads, pods } = demoTruth(mesh, { windowSeconds: 60, atMillis: clock.now() });
    const sum = (rows: typeof services, prefix: string) =>
      rows.filter(({ name }) => name.startsWith(prefix)).reduce((total, { rps }) => total + (rps ?? 0), 0);
    close(sum(workloads, "reviews-"), sum(services, "reviews"), 1e-9, "workloads of reviews");
    close(sum(pods, "reviews-v2-"), sum(workloads, "reviews-v2"), 1e-9, "pods of reviews-v2");
  });

  it("gives a pure TCP service bytes and no requests, and a service of both kinds both", () => {
    const shop = openShop();
    const database = truthFor(shop, "services", "orders-db");
    assert.equal(database.rps, null);
    assert.equal(database.errorRate, null);
    assert.ok((database.receivedBytesPerSecond ?? 0) > 500);
    const orders = truthFor(shop, "services", "orders");
    assert.ok((orders.rps ?? 0) > 1 && (orders.receivedBytesPerSecond ?? 0) > 100);
  });

  it("does not tell bytes of requests that a proxy has already told as requests", () => {
    const recommend = truthFor(openShop(), "services", "recommend");
    assert.ok((recommend.rps ?? 0) > 1);
    assert.equal(recommend.receivedBytesPerSecond, null);
  });

  it("has no rows for what is idle", () => {
    const { mesh, clock } = openShop();
    const { services } = demoTruth(mesh, { windowSeconds: 60, atMillis: clock.now() });
    assert.ok(!services.some(({ name }) => name === "legacy" || name === "banner"));
  });
});

const subset = (name: string, weight: number) => ({ destination: { host: "reviews", subset: name }, weight });

describe("configuration that is applied to the demo", () => {
  it("shifts traffic by the weights of a route", async () => {
    const shop = openShop();
    await change(shop, "VirtualService", "reviews", {
      hosts: ["reviews"],
      http: [{ route: [subset("v1", 25), subset("v2", 75)] }],
    });
    shop.clock.move(60);
    const all = truthFor(shop, "services", "reviews").rps ?? 0;
    close(truthFor(shop, "workloads", "reviews-v2").rps, 0.75 * all, 1e-9, "share of v2");
    const { workloads } = demoTruth(shop.mesh, { windowSeconds: 60, atMillis: shop.clock.now() });
    assert.ok(!workloads.some(({ name }) => name === "reviews-v3"));
  });

  it("counts each minute under the configuration it had", async () => {
    const shop = openShop();
    const before = truthFor(shop, "workloads", "reviews-v1").rps ?? 0;
    const from = shop.clock.now();
    await change(shop, "VirtualService", "reviews", { hosts: ["reviews"], http: [{ route: [subset("v2", 1)] }] });
    shop.clock.move(60);
    const rows = demoTruth(shop.mesh, { windowSeconds: 60, atMillis: from }).workloads;
    assert.equal(rows.find(({ name }) => name === "reviews-v1")?.rps, before);
    const both = demoTruth(shop.mesh, { windowSeconds: 120, atMillis: shop.clock.now() }).workloads;
    close(both.find(({ name }) => name === "reviews-v1")?.rps ?? null, before / 2, 1e-9, "v1 over both minutes");
  });

  it("aborts the share of requests that a fault says, and what they would have called", async () => {
    const shop = openShop();
    const fault = { abort: { percentage: { value: 50 }, httpStatus: 503 } };
    await change(shop, "VirtualService", "ratings", {
      hosts: ["ratings"],
      http: [{ fault, route: [{ destination: { host: "ratings" } }] }],
    });
    const before = truthFor(shop, "workloads", "ratings-v1").rps ?? 0;
    shop.clock.move(60);
    close(truthFor(shop, "services", "ratings").errorRate, 0.5, 0.05, "errors of ratings");
    assert.ok((truthFor(shop, "workloads", "ratings-v1").rps ?? 0) < 0.75 * before);
  });

  it("shows an injected delay where the callers are asked", async () => {
    const shop = openShop();
    const fault = { delay: { percentage: { value: 100 }, fixedDelay: "2s" } };
    await change(shop, "VirtualService", "search", {
      hosts: ["search"],
      http: [{ fault, route: [{ destination: { host: "search" } }] }],
    });
    shop.clock.move(60);
    assert.ok((truthFor(shop, "services", "front").p95 ?? 0) > 1);
    assert.ok((truthFor(shop, "services", "search").p95 ?? 9) < 1, "the answering side does not wait");
  });

  it("answers 503 itself where a subset has no pods or does not exist", async () => {
    for (const name of ["v2", "nosuch"]) {
      const shop = openShop();
      await change(shop, "DestinationRule", "reviews", {
        host: "reviews",
        subsets: [{ name: "v2", labels: { version: "v22" } }],
      });
      await change(shop, "VirtualService", "reviews", { hosts: ["reviews"], http: [{ route: [subset(name, 1)] }] });
      shop.clock.move(60);
      assert.equal(truthFor(shop, "services", "reviews").errorRate, 1, name);
    }
  });

  it("is left aside where it is malformed", async () => {
    for (const http of [
      undefined,
      "no",
      [null],
      [{ route: "x" }],
      [{ route: [{ weight: "1" }], fault: { abort: 3 } }],
    ]) {
      const shop = openShop();
      await change(shop, "VirtualService", "reviews", { hosts: ["reviews", 7], http });
      shop.clock.move(60);
      assert.ok((truthFor(shop, "services", "reviews").rps ?? 0) > 5);
    }
  });

  it("may send a service's requests in a circle without hanging", async () => {
    const shop = openShop();
    await change(shop, "VirtualService", "ratings", {
      hosts: ["ratings"],
      http: [{ route: [{ destination: { host: "front" } }] }],
    });
    shop.clock.move(60);
    assert.ok((truthFor(shop, "services", "front").rps ?? 0) > 20);
  });
});
