import assert from "node:assert/strict";
import { createServer } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { Dialect } from "../../../src/mesh/telemetry/capabilities.ts";
import { MeshError } from "../../../src/mesh/meshError.ts";
import { demoTruth } from "../../../src/sources/demo/demoTruth.ts";
import { createExposition } from "../../../src/sources/demo/exposition/exposition.ts";
import { labelText, sample, header } from "../../../src/sources/demo/exposition/textFormat.ts";
import { serveDemo, servedMesh } from "../../../src/sources/demo/serveDemo.ts";
import { DemoClock } from "./demoClock.ts";
import { change, close, openShop, type Shop } from "./demoShop.ts";
import { parseExposition, type ParsedFamily, type ParsedSample } from "./expositionText.ts";

type Families = ReadonlyMap<string, ParsedFamily>;
const log = { debug: () => undefined, info: () => undefined, error: () => undefined };

function scrape(shop: Pick<Shop, "mesh">, atMillis: number, dialect: Dialect = "v2"): Families {
  return parseExposition([...createExposition(shop.mesh, dialect)(atMillis)].join(""));
}

function samplesOf(families: Families, name: string): readonly ParsedSample[] {
  const family = families.get(name.replace(/_(bucket|sum|count)$/, "")) ?? families.get(name);
  return (family?.samples ?? []).filter((each) => each.name === name);
}

/** The increase of all series that match, between two scrapes. */
function increase(from: Families, to: Families, name: string, labels: Readonly<Record<string, string>>): number {
  const sum = (families: Families) =>
    samplesOf(families, name)
      .filter((each) => Object.entries(labels).every(([key, value]) => each.labels.get(key) === value))
      .reduce((total, { value }) => total + value, 0);
  return sum(to) - sum(from);
}

describe("the text format", () => {
  it("brings any label value through, and leaves empty ones out", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (value) => {
        const labels = labelText([
          ["a", value],
          ["b", "x"],
        ]);
        const families = parseExposition(header("m", "gauge", "M.") + sample("m", labels, 1));
        const parsed = families.get("m")?.samples[0]?.labels;
        assert.equal(parsed?.get("a") ?? "", value);
        assert.equal(parsed?.get("b"), "x");
      }),
    );
  });
});

describe("the demo's exposition", () => {
  const window = 60;
  const shapes: readonly { dialect: Dialect; has: readonly string[]; lacks: readonly string[] }[] = [
    {
      dialect: "v2",
      has: ["istio_request_duration_milliseconds", "istio_request_messages_total"],
      lacks: ["istio_request_duration_seconds"],
    },
    {
      dialect: "v1",
      has: ["istio_request_duration_seconds"],
      lacks: ["istio_request_duration_milliseconds", "istio_request_messages_total"],
    },
    { dialect: "ambient", has: ["istio_request_duration_milliseconds"], lacks: ["istio_request_duration_seconds"] },
  ];
  for (const { dialect, has, lacks } of shapes) {
    it(`is well-formed in the dialect ${dialect}, with its metrics and no others`, () => {
      const clock = new DemoClock();
      const families = scrape({ mesh: servedMesh({ clock, telemetry: dialect }) }, clock.now(), dialect);
      for (const name of [
        ...has,
        "istio_requests_total",
        "istio_tcp_sent_bytes_total",
        "istio_build",
        "kube_pod_info",
      ]) {
        assert.ok((families.get(name)?.samples.length ?? 0) > 0, name);
      }
      for (const name of lacks) assert.ok(!families.has(name), name);
    });
  }

  it("has counters that grow over a window by what the truth says, for every service", () => {
    const shop = openShop();
    const from = scrape(shop, shop.clock.now());
    shop.clock.move(window);
    const to = scrape(shop, shop.clock.now());
    const truth = demoTruth(shop.mesh, { windowSeconds: window, atMillis: shop.clock.now() }).services;
    const sidecars = truth.filter(
      ({ namespace, name }) => ["shop", "payments"].includes(namespace) && name !== "api.bank.example",
    );
    assert.ok(sidecars.length > 10);
    for (const row of sidecars) {
      const labels = {
        reporter: "destination",
        destination_service_namespace: row.namespace,
        destination_service_name: row.name,
        destination_cluster: row.clusterId,
      };
      const requests = increase(from, to, "istio_requests_total", labels);
      close(requests / window, row.rps ?? 0, 0.001, `rps of ${row.name}`);
      close(
        increase(from, to, "istio_request_duration_milliseconds_count", labels),
        requests,
        0.001,
        `durations of ${row.name}`,
      );
      const received = increase(from, to, "istio_tcp_received_bytes_total", labels);
      close(received / window, row.receivedBytesPerSecond ?? 0, 0.001, `bytes of ${row.name}`);
    }
  });

  it("has the requests of sidecars at both ends, the same at each", () => {
    const shop = openShop();
    const families = scrape(shop, shop.clock.now());
    const empty = new Map<string, ParsedFamily>();
    const labels = { source_workload: "front-v1", destination_service_name: "cart" };
    const [source, destination] = ["source", "destination"].map((reporter) =>
      increase(empty, families, "istio_requests_total", { reporter, ...labels }),
    );
    assert.ok((source ?? 0) > 1000);
    close(source ?? null, destination ?? 0, 1e-6, "source");
  });

  it("has requests in the ambient corner once at the waypoint, and their bytes at ztunnels", () => {
    const shop = openShop();
    const families = scrape(shop, shop.clock.now());
    const features = samplesOf(families, "istio_requests_total").filter(
      ({ labels }) => labels.get("destination_service_name") === "features",
    );
    assert.deepEqual([...new Set(features.map(({ labels }) => labels.get("reporter")))], ["waypoint"]);
    const bytes = samplesOf(families, "istio_tcp_sent_bytes_total").filter(
      ({ labels }) => labels.get("destination_service_name") === "features",
    );
    assert.deepEqual([...new Set(bytes.map(({ labels }) => `${labels.get("app")}/${labels.get("reporter")}`))].sort(), [
      "ztunnel/destination",
      "ztunnel/source",
    ]);
  });

  it("tells mutual TLS at the answering side only", () => {
    const shop = openShop();
    for (const { labels } of samplesOf(scrape(shop, shop.clock.now()), "istio_requests_total")) {
      const policy = labels.get("connection_security_policy");
      assert.equal(policy === "unknown", labels.get("reporter") === "source");
    }
  });

  it("has histograms whose buckets grow up to their count", () => {
    const shop = openShop();
    const family = scrape(shop, shop.clock.now()).get("istio_request_duration_milliseconds");
    const last = new Map<string, number>();
    for (const { name, labels, value } of family?.samples ?? []) {
      const id = [...labels].filter(([key]) => key !== "le").join();
      if (name.endsWith("_bucket")) {
        assert.ok(value >= (last.get(id) ?? 0));
        last.set(id, value);
      }
      if (name.endsWith("_count")) assert.equal(value, last.get(id));
    }
    assert.ok(last.size > 50);
  });

  it("keeps counters where they were when configuration sends the traffic elsewhere", async () => {
    const shop = openShop();
    const expose = createExposition(shop.mesh, "v2");
    const at = () => parseExposition([...expose(shop.clock.now())].join(""));
    const before = at();
    const route = [{ destination: { host: "reviews", subset: "v1" } }];
    await change(shop, "VirtualService", "reviews", { hosts: ["reviews"], http: [{ route }] });
    shop.clock.move(window);
    const after = at();
    const v2 = { destination_workload: "reviews-v2", reporter: "destination" };
    assert.equal(increase(before, after, "istio_requests_total", v2), 0);
    assert.ok(increase(new Map(), after, "istio_requests_total", v2) > 0);
    const ids = (families: Families) =>
      samplesOf(families, "istio_requests_total").map(({ labels }) => [...labels].join());
    const kept = new Set(ids(after));
    assert.ok(ids(before).every((id) => kept.has(id)));
  });

  it("leads from the sick pod's errors to its node", () => {
    const shop = openShop();
    const families = scrape(shop, shop.clock.now());
    const failed = samplesOf(families, "istio_requests_total").filter(
      ({ labels }) => labels.get("reporter") === "destination" && labels.get("response_flags") === "UC",
    );
    const [pod] = new Set(failed.map(({ labels }) => labels.get("pod")));
    const node = samplesOf(families, "kube_pod_info")
      .find(({ labels }) => labels.get("pod") === pod)
      ?.labels.get("node");
    const pressed = samplesOf(families, "kube_node_status_condition").find(
      ({ labels, value }) =>
        labels.get("condition") === "MemoryPressure" && labels.get("status") === "true" && value === 1,
    );
    assert.ok(node !== undefined);
    assert.equal(pressed?.labels.get("node"), node);
  });
});

describe("serving the demo", () => {
  it("answers at /metrics only, with what the clock says now", async () => {
    const clock = new DemoClock();
    const serving = await serveDemo({ port: 0, clock, log });
    try {
      const address = `http://127.0.0.1:${serving.port}`;
      const first = await fetch(`${address}/metrics`);
      assert.match(first.headers.get("content-type") ?? "", /^text\/plain; version=0\.0\.4/);
      const from = parseExposition(await first.text());
      clock.move(60);
      const to = parseExposition(await (await fetch(`${address}/metrics`)).text());
      const truth = demoTruth(servedMesh({ clock }), { windowSeconds: 60, atMillis: clock.now() }).services;
      const rps = truth.find(({ name, clusterId }) => name === "cart" && clusterId === "us")?.rps ?? 0;
      const labels = { reporter: "destination", destination_service_name: "cart", destination_cluster: "us" };
      close(increase(from, to, "istio_requests_total", labels) / 60, rps, 0.001, "rps of cart");
      assert.equal((await fetch(`${address}/`)).status, 404);
      assert.equal((await fetch(`${address}/metrics`, { method: "POST" })).status, 404);
      assert.equal(await (await fetch(`${address}/metrics`, { method: "HEAD" })).text(), "");
    } finally {
      await serving.close();
    }
  });

  it("goes on when a scraper hangs up in the middle", async () => {
    const clock = new DemoClock();
    const serving = await serveDemo({ port: 0, clock, log });
    try {
      const hasty = new AbortController();
      const response = await fetch(`http://127.0.0.1:${serving.port}/metrics`, { signal: hasty.signal });
      assert.equal(response.status, 200);
      hasty.abort();
      assert.equal((await fetch(`http://127.0.0.1:${serving.port}/metrics`)).status, 200);
    } finally {
      await serving.close();
    }
  });

  it("says what to do where the port is taken", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port } = other.address() as AddressInfo;
    try {
      await assert.rejects(serveDemo({ port, clock: new DemoClock(), log }), (error) =>
        MeshError.is(error, "misconfigured"),
      );
    } finally {
      other.close();
    }
  });
});
