import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { after, describe, it } from "node:test";
import { fill } from "../../../src/mesh/message.ts";
import { MeshError } from "../../../src/mesh/meshError.ts";
import type { TelemetrySource } from "../../../src/mesh/ports.ts";
import { openPrometheus } from "../../../src/sources/prometheus/findPrometheus.ts";
import type { PrometheusSettings } from "../../../src/sources/prometheus/settings.ts";
import {
  notFound,
  sendJson,
  startFakeStore,
  vectorOf,
  type Answering,
  type Asked,
  type FakeStore,
} from "./fakeStore.ts";
import { realClock, silentLog } from "./surroundings.ts";

const never = new AbortController().signal;
const query = { windowSeconds: 60, atMillis: 1_700_000_003_210, namespaces: undefined };
const ends: (() => unknown)[] = [];
after(() => ends.forEach((end) => end()));

async function storeWith(answer: Answering): Promise<FakeStore> {
  const store = await startFakeStore(answer);
  ends.push(() => store.close());
  return store;
}

function open(store: FakeStore, settings: PrometheusSettings = {}): TelemetrySource {
  const source = openPrometheus({ ...settings, url: store.url }, { log: silentLog, clock: realClock });
  ends.push(() => source.dispose());
  return source;
}

function fixture(name: string): string {
  return readFileSync(new URL(`../../fixtures/prometheus/${name}`, import.meta.url), "utf8");
}

/** What a query is about, by what stands in it. */
function aboutOf({ params }: Asked): "probe" | "latency" | "tcp" | "requests" {
  const text = params.get("query") ?? "";
  if (/"fact"|"series"|timestamp\(|\[10m\]/.test(text)) return "probe";
  if (text.includes("histogram_quantile")) return "latency";
  return text.includes('"direction"') ? "tcp" : "requests";
}

/** A store that knows no status pages and answers the queries of the lists with this text. */
function answering(text: string): Answering {
  return (asked, response) => {
    if (aboutOf(asked) !== "requests") empty(asked, response);
    else response.writeHead(200, { "content-type": "application/json" }).end(text);
  };
}

const noSeries = { status: "success", data: { resultType: "matrix", result: [] } };

const empty: Answering = (asked, response) => {
  if (asked.path.endsWith("/query_range")) sendJson(response, noSeries);
  else if (asked.path.endsWith("/query")) sendJson(response, vectorOf());
  else notFound(asked, response);
};

describe("the numbers of a refresh", () => {
  it("come from six questions, for the same aligned time, once the store is known", async () => {
    const store = await storeWith(empty);
    const source = open(store);
    await source.capabilities(never);
    const before = store.asked.length;
    const { provenance } = await source.summaries(query, never);
    const asked = store.asked.slice(before);
    assert.equal(asked.length, 6);
    const times = asked.map(({ params }) => params.get("time") ?? /@ (\d+)\)/.exec(params.get("query") ?? "")?.[1]);
    assert.deepEqual(new Set(times), new Set(["1700000000.000", "1700000000"]));
    assert.deepEqual(
      provenance.map((each) => each.query).toSorted(),
      asked.map(({ params }) => params.get("query")).toSorted(),
    );
  });

  it("say which of them is missing and why, and keep the others", async () => {
    const store = await storeWith((asked, response) => {
      if (aboutOf(asked) === "latency") {
        sendJson(response, { status: "error", error: "too many samples" }, 422);
        return;
      }
      answering(fixture("mimir-vector.json"))(asked, response);
    });
    const { services, missing } = await open(store).summaries(query, never);
    assert.equal(services[0]?.requests?.rps, 3);
    const told = missing.map(({ what, why }) => `${fill(what)}: ${fill(why)}`);
    assert.ok(
      told.some((text) => /Latency of services: .*too many samples/.test(text)),
      told.join(),
    );
  });

  it("fail as a whole if no question is answered", async () => {
    const store = await storeWith((_, response) => sendJson(response, { status: "error", error: "out of order" }, 500));
    await assert.rejects(open(store).summaries(query, never), (e) => MeshError.is(e, "unreachable"));
  });

  it("name the series that the store does not have", async () => {
    const { missing } = await open(await storeWith(empty)).summaries(query, never);
    assert.ok(missing.some(({ why }) => fill(why).includes("istio_tcp_received_bytes_total")));
  });

  it("span two and a half scrapes at least", async () => {
    const store = await storeWith(empty);
    const { provenance } = await open(store, { scrapeIntervalSeconds: 60 }).summaries(query, never);
    assert.deepEqual([...new Set(provenance.map(({ windowSeconds }) => windowSeconds))], [150]);
    assert.ok(store.asked.at(-1)?.params.get("query")?.includes("[150s]"));
  });

  it("are asked with the user's labels in every selector", async () => {
    const store = await storeWith(empty);
    const source = open(store, { queryLabels: { mesh: 'a"b' } });
    await source.capabilities(never);
    await source.summaries(query, never);
    const texts = store.asked.flatMap(({ params }) => params.get("query") ?? []);
    const selectors = texts.join("\n").match(/\{[^}]*\}/g) ?? [];
    assert.deepEqual([selectors.length > 50, selectors.filter((text) => !text.includes('mesh="a\\"b"'))], [true, []]);
  });

  it("refuse a label that PromQL cannot name", async () => {
    const store = await storeWith(empty);
    assert.throws(
      () => open(store, { queryLabels: { 'a="b"} or up{x': "y" } }),
      (e) => MeshError.is(e, "misconfigured"),
    );
  });

  it("are asked by GET where POST is not allowed, from then on", async () => {
    const store = await storeWith((asked, response) => {
      if (asked.method === "POST") response.writeHead(405).end();
      else empty(asked, response);
    });
    const source = open(store);
    await source.capabilities(never);
    const before = store.asked.length;
    await source.summaries(query, never);
    assert.deepEqual(
      store.asked.slice(before).map(({ method }) => method),
      Array(6).fill("GET"),
    );
  });
});

describe("quantiles", () => {
  const cart = { destination_cluster: "east", destination_service_namespace: "shop", destination_service_name: "cart" };
  const pinned: Answering = (asked, response) => {
    const start = Number(asked.params.get("start"));
    const values = [0.1, 0.2, 0.3].map((value, i) => [start + i, String(value)]);
    sendJson(response, { status: "success", data: { resultType: "matrix", result: [{ metric: cart, values }] } });
  };

  it("come three at a time from one question, whose histograms are pinned to one moment", async () => {
    const store = await storeWith((asked, response) => (asked.params.has("step") ? pinned : empty)(asked, response));
    const { services } = await open(store).summaries(query, never);
    assert.deepEqual(services[0]?.latency, { p50: 0.1, p95: 0.2, p99: 0.3 });
    const [range] = store.asked.filter(({ path }) => path.endsWith("/query_range"));
    assert.equal(Number(range?.params.get("end")) - Number(range?.params.get("start")), 2);
    assert.ok(Number(range?.params.get("end")) <= 1_700_000_000 - 300, "the newest points are not asked for");
  });

  it("come from an instant query where the store does not know the pin, from then on", async () => {
    const store = await storeWith((asked, response) => {
      if (asked.params.has("step")) sendJson(response, { status: "error", error: "@ modifier is disabled" }, 400);
      else if (aboutOf(asked) !== "latency") empty(asked, response);
      else sendJson(response, vectorOf({ metric: { ...cart, quantile: "0.95" }, value: "0.2" }));
    });
    const source = open(store);
    const { services, provenance } = await source.summaries(query, never);
    assert.deepEqual(services[0]?.latency, { p50: null, p95: 0.2, p99: null });
    assert.equal(
      provenance.some((each) => each.query.includes("@")),
      false,
    );
    const before = store.asked.length;
    await source.summaries(query, never);
    assert.equal(store.asked.length - before, 6);
  });
});

describe("answers of Prometheus' likes, written after their documentation", () => {
  it("from Thanos keep the numbers and tell the stores that were silent", async () => {
    const { services, warnings } = await open(await storeWith(answering(fixture("thanos-partial.json")))).summaries(
      query,
      never,
    );
    assert.equal(services[0]?.requests?.rps, 12.5);
    assert.deepEqual([warnings.length, warnings.some((text) => text.includes('cluster="west"'))], [2, true]);
  });

  it("from Mimir need the tenant's header, and infos are no warnings", async () => {
    const store = await storeWith((asked, response: ServerResponse) => {
      if (asked.headers["x-scope-orgid"] === "team") answering(fixture("mimir-vector.json"))(asked, response);
      else response.writeHead(401).end(fixture("mimir-no-tenant.txt"));
    });
    await assert.rejects(open(store).summaries(query, never), /no org id/);
    const { services, warnings } = await open(store, { headers: { "X-Scope-OrgID": "team" } }).summaries(query, never);
    assert.deepEqual([services[0]?.requests?.rps, warnings], [3, []]);
  });

  it("from VictoriaMetrics' cluster tell that they are partial", async () => {
    const store = await storeWith(answering(fixture("victoriametrics-partial.json")));
    const { services, warnings } = await open(store).summaries(query, never);
    assert.deepEqual([services[0]?.requests?.rps, warnings.length], [8, 1]);
    assert.match(warnings[0] ?? "", /partial/);
  });
});

describe("what a store tells of itself", () => {
  function telling(pages: Readonly<Record<string, unknown>>): Answering {
    return (asked, response) => {
      const data = pages[asked.path];
      if (data === undefined) empty(asked, response);
      else sendJson(response, { status: "success", data });
    };
  }

  it("is engine, retention and scrape interval", async () => {
    const store = await storeWith(
      telling({
        "/api/v1/status/buildinfo": { version: "2.42.0" },
        "/api/v1/status/runtimeinfo": { storageRetention: "15d or 10GiB" },
        "/api/v1/status/config": { yaml: "global:\n  scrape_interval: 1m30s\nscrape_configs:\n- job_name: a\n" },
      }),
    );
    const { engine, retentionSeconds, scrapeIntervalSeconds } = await open(store).capabilities(never);
    assert.deepEqual([engine, retentionSeconds, scrapeIntervalSeconds], ["Prometheus 2.42.0", 1_296_000, 90]);
  });

  it("stays unknown where the pages are not offered", async () => {
    const { engine, retentionSeconds, scrapeIntervalSeconds, http } = await open(await storeWith(empty)).capabilities(
      never,
    );
    assert.deepEqual([engine, retentionSeconds, scrapeIntervalSeconds], [undefined, undefined, undefined]);
    assert.deepEqual(http, { present: false, lookedFor: ["istio_requests_total"] });
  });

  it("is measured on a proxy's samples where jobs are scraped at different intervals", async () => {
    const yaml = "global:\n  scrape_interval: 1m\nscrape_configs:\n- job_name: a\n  scrape_interval: 15s\n";
    const values = [0, 20, 40, 60].map((time) => [time, "1"]);
    const store = await storeWith((asked, response) => {
      const text = asked.params.get("query") ?? "";
      if (asked.path.endsWith("/config")) {
        sendJson(response, { status: "success", data: { yaml } });
        return;
      }
      if (text.includes("timestamp(")) {
        sendJson(response, vectorOf({ metric: { a: 'x"y', __name__: "z" }, value: "1" }));
        return;
      }
      if (!text.endsWith("[10m]")) {
        empty(asked, response);
        return;
      }
      assert.ok(text.includes('a="x\\"y"'), text);
      sendJson(response, {
        status: "success",
        data: { resultType: "matrix", result: [{ metric: {}, values }] },
      });
    });
    assert.equal((await open(store).capabilities(never)).scrapeIntervalSeconds, 20);
  });

  it("reads a name that another product gives itself", async () => {
    const store = await storeWith(
      telling({ "/api/v1/status/buildinfo": { application: "Grafana Mimir", version: "2.14.0" } }),
    );
    assert.equal((await open(store).capabilities(never)).engine, "Grafana Mimir 2.14.0");
  });

  it("may be nonsense without harm", async () => {
    const pages = Object.fromEntries(
      ["buildinfo", "runtimeinfo", "config"].map((page) => [`/api/v1/status/${page}`, null]),
    );
    assert.equal((await open(await storeWith(telling(pages))).capabilities(never)).engine, undefined);
  });
});
