import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { gzipSync } from "node:zlib";
import { fill } from "../../../../src/mesh/message.ts";
import { isAbort, MeshError } from "../../../../src/mesh/meshError.ts";
import type { GraphTelemetry } from "../../../../src/mesh/ports.ts";
import type { EdgeQuery } from "../../../../src/mesh/telemetry/edges/edgeAnswer.ts";
import { openPrometheus } from "../../../../src/sources/prometheus/findPrometheus.ts";
import type { PrometheusSettings } from "../../../../src/sources/prometheus/settings.ts";
import {
  notFound,
  sendJson,
  startFakeStore,
  vectorOf,
  type Answering,
  type Asked,
  type FakeStore,
} from "../fakeStore.ts";
import { realClock, silentLog } from "../surroundings.ts";

const never = new AbortController().signal;
const query: EdgeQuery = {
  windowSeconds: 60,
  atMillis: 1_700_000_003_210,
  namespaces: undefined,
  withIdle: false,
  latencyBy: [],
};
const ends: (() => unknown)[] = [];
after(() => ends.forEach((end) => end()));

async function open(
  answer: Answering,
  settings: PrometheusSettings = {},
): Promise<{ readonly graph: GraphTelemetry; readonly store: FakeStore }> {
  const store = await startFakeStore(answer);
  const source = openPrometheus({ ...settings, url: store.url }, { log: silentLog, clock: realClock });
  ends.push(() => {
    source.dispose();
    store.close();
  });
  assert.ok(source.graph);
  return { graph: source.graph, store };
}

function aboutOf({ params }: Asked): "latency" | "tcp" | "names" | "requests" {
  const text = params.get("query") ?? "";
  if (text.includes("histogram_quantile")) return "latency";
  if (text.includes("count by")) return "names";
  return text.includes("istio_tcp") ? "tcp" : "requests";
}

const empty: Answering = (asked, response) => {
  const none = { status: "success", data: { resultType: "matrix", result: [] } };
  if (asked.path.endsWith("/query_range")) sendJson(response, none);
  else if (asked.path.endsWith("/query")) sendJson(response, vectorOf());
  else notFound(asked, response);
};

function failing(about: string, status = 503): Answering {
  return (asked, response) => {
    if (about !== "all" && aboutOf(asked) !== about) empty(asked, response);
    else sendJson(response, { status: "error", errorType: "internal", error: "out of order" }, status);
  };
}

describe("the questions for edges", () => {
  it("are as many for 40 namespaces as for one", async () => {
    const counts: number[] = [];
    for (const count of [1, 40]) {
      const { graph, store } = await open(empty);
      const namespaces = Array.from({ length: count }, (_, i) => `team-${i}-backend`);
      await graph.edges({ ...query, namespaces, latencyBy: [["destination_workload"], []] }, never);
      counts.push(store.asked.length);
    }
    assert.deepEqual(counts, [5, 5]);
  });

  it("are shorter than VictoriaMetrics allows, however many namespaces", async () => {
    const { graph, store } = await open(empty);
    for (const count of [10, 15, 19, 20, 40, 200]) {
      const namespaces = Array.from({ length: count }, (_, i) => `team-${i}-backend`);
      await graph.edges({ ...query, namespaces, latencyBy: [["destination_cluster", "destination_workload"]] }, never);
    }
    const longest = Math.max(...store.asked.map(({ params }) => params.get("query")?.length ?? 0));
    assert.ok(longest <= 16_384, `${longest} characters`);
  });

  it("are for the time asked for, to the millisecond", async () => {
    const { graph, store } = await open(empty);
    const { provenance } = await graph.edges({ ...query, latencyBy: [["destination_workload"]] }, never);
    const times = store.asked.map(({ params }) => {
      return params.get("time") ?? /@ ([\d.]+)/.exec(params.get("query") ?? "")?.[1];
    });
    assert.deepEqual(times.map(Number), Array(4).fill(1_700_000_003.21));
    assert.deepEqual(
      provenance.map((each) => each.query).toSorted(),
      store.asked.map(({ params }) => params.get("query")).toSorted(),
    );
  });

  it("have the user's labels in every selector", async () => {
    const { graph, store } = await open(empty, { queryLabels: { mesh: 'a"b' } });
    await graph.edges({ ...query, namespaces: ["shop"], latencyBy: [["destination_workload"]] }, never);
    await graph.presence(query, never);
    for (const { params } of store.asked) {
      const text = params.get("query") ?? params.get("match[]") ?? "";
      const selectors = text.match(/\{/g)?.length;
      assert.equal(text.split('mesh="a\\"b"').length - 1, selectors, text);
    }
  });

  it("do not ask for labels that edges do not have", async () => {
    const { graph, store } = await open(empty);
    await graph.edges(query, never);
    const texts = store.asked.filter((asked) => aboutOf(asked) !== "names").map(({ params }) => params.get("query"));
    for (const text of texts) assert.doesNotMatch(text ?? "", /principal|canonical|source_app|by \([^)]*\bpod\b/);
  });

  it("are not asked where nothing was selected", async () => {
    const { graph, store } = await open(empty);
    const none = await graph.edges({ ...query, namespaces: [] }, never);
    const nobody = await graph.edges({ ...query, where: [{ label: "reporter", anyOf: [] }] }, never);
    assert.deepEqual([none.edges.length, nobody.edges.length, store.asked.length], [0, 0, 0]);
  });
});

describe("an answer with edges", () => {
  for (const about of ["requests", "tcp", "latency"] as const) {
    it(`says that ${about} are missing and why, and keeps the others`, async () => {
      const { graph } = await open(failing(about));
      const { missing, provenance } = await graph.edges({ ...query, latencyBy: [["destination_workload"]] }, never);
      assert.deepEqual(
        missing.map((each) => [each.about, fill(each.why).includes("out of order")]),
        [[about, true]],
      );
      assert.equal(provenance.length, 3);
    });
  }

  it("is none where no question is answered", async () => {
    const { graph } = await open(failing("all"));
    await assert.rejects(graph.edges(query, never), (e) => MeshError.is(e, "unreachable"));
  });

  const nonsense: readonly (readonly [what: string, body: string, says: RegExp])[] = [
    ["a page of HTML", "<html><body>Sign in [here]</body></html>", /other than Prometheus' JSON/],
    ["half an answer", '{"status":"success","data":{"resultType":"vector","result":[{"metric":{"a"', /cut off/],
    ["an answer of another kind", '{"status":"success","data":{"resultType":"scalar","result":[1,"2"]}}', /no vector/],
    ["an error with status 200", '{"status":"error","errorType":"bad_data","error":"bad query"}', /bad query/],
  ];
  for (const [what, body, says] of nonsense) {
    it(`says so where ${what} comes instead`, async () => {
      const { graph } = await open((asked, response) => {
        if (aboutOf(asked) === "tcp") response.writeHead(200, { "content-type": "application/json" }).end(body);
        else empty(asked, response);
      });
      const { missing } = await graph.edges(query, never);
      assert.deepEqual(
        missing.map(({ about, why }) => [about, says.test(fill(why))]),
        [["tcp", true]],
      );
    });
  }

  it("leaves out a series that cannot be read, and says how many", async () => {
    const { graph } = await open((asked, response) => {
      const metric = { source_workload: "a" };
      const many = vectorOf({ metric, value: "1" }, { metric, value: "many" }, { metric, value: "NaN" });
      if (aboutOf(asked) === "requests") sendJson(response, many);
      else empty(asked, response);
    });
    const { edges, missing } = await graph.edges(query, never);
    assert.deepEqual([...edges.values], [1, NaN]);
    assert.deepEqual(
      missing.map(({ about, why }) => [about, fill(why)]),
      [["requests", "1 series could not be read."]],
    );
  });

  it("has the store's warnings, each once", async () => {
    const { graph } = await open((_, response) => sendJson(response, { ...vectorOf(), warnings: ["slow disk"] }));
    assert.deepEqual((await graph.edges(query, never)).warnings, ["slow disk"]);
  });

  it("asks for quantiles one by one where a store does not know @, and not for @ again", async () => {
    const quantiles = ["0.5", "0.95", "0.99"].map((quantile, i) => {
      return { metric: { destination_workload: "cart", quantile }, value: String(i + 1) };
    });
    const { graph, store } = await open((asked, response) => {
      if (asked.path.endsWith("/query_range")) sendJson(response, { status: "error", error: "unexpected @" }, 400);
      else if (aboutOf(asked) === "latency") sendJson(response, vectorOf(...quantiles));
      else empty(asked, response);
    });
    const first = await graph.edges({ ...query, latencyBy: [["destination_workload"]] }, never);
    await graph.edges({ ...query, latencyBy: [["destination_workload"]] }, never);
    const [table] = first.latency;
    assert.deepEqual([table?.length, table?.p50[0], table?.p95[0], table?.p99[0], first.missing], [1, 1, 2, 3, []]);
    assert.equal(table?.strings[table.labels.destination_workload?.[0] ?? 0], "cart");
    assert.equal(store.asked.filter(({ path }) => path.endsWith("/query_range")).length, 1);
  });

  it("may come packed, and by GET where a gateway refuses POST", async () => {
    const { graph, store } = await open((asked, response) => {
      if (asked.method === "POST") {
        response.writeHead(405).end("no");
        return;
      }
      const answer =
        aboutOf(asked) === "requests" ? vectorOf({ metric: { source_workload: "é" }, value: "3" }) : vectorOf();
      response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync(JSON.stringify(answer)));
    });
    const { edges, missing } = await graph.edges(query, never);
    assert.deepEqual([missing, edges.values[0], edges.strings.includes("é")], [[], 3, true]);
    await graph.edges(query, never);
    assert.equal(store.asked.filter(({ method }) => method === "POST").length, 3);
  });

  it("stops at once when nobody waits for it any more, and closes its connections", async () => {
    let closed = 0;
    let started: () => void = () => undefined;
    const allStarted = new Promise<void>((resolve) => (started = resolve));
    let count = 0;
    const { graph } = await open((_, response) => {
      response.once("close", () => closed++);
      response.writeHead(200, { "content-type": "application/json" });
      response.write('{"status":"success","data":{"resultType":"vector","result":[');
      if (++count === 3) started();
    });
    const leaving = new AbortController();
    const asked = graph.edges(query, leaving.signal);
    await allStarted;
    leaving.abort();
    await assert.rejects(asked, isAbort);
    while (closed < 3) await new Promise((resolve) => setImmediate(resolve));
  });
});

describe("a selection over time", () => {
  it("has no more steps than a store gives, none shorter than a scrape", async () => {
    const { graph } = await open(empty, { scrapeIntervalSeconds: 30 });
    const times = async (hours: number, stepSeconds: number) => {
      const [fromMillis, toMillis] = [1_700_000_000_000, 1_700_000_000_000 + hours * 3_600_000];
      const { edges } = await graph.series(
        { windowSeconds: 60, namespaces: undefined, fromMillis, toMillis, stepSeconds },
        never,
      );
      return [edges.times.length, (edges.times[1] ?? 0) - (edges.times[0] ?? 0)];
    };
    assert.deepEqual(await times(1, 5), [121, 30]);
    assert.deepEqual(await times(1, 60), [61, 60]);
    assert.deepEqual(await times(1000, 5), [10_001, 360]);
  });

  it("asks four questions", async () => {
    const { graph, store } = await open(empty, { scrapeIntervalSeconds: 30 });
    const range = { fromMillis: 1_700_000_000_000, toMillis: 1_700_000_600_000, stepSeconds: 30 };
    const selection = { windowSeconds: 60, namespaces: undefined };
    await graph.series({ ...selection, ...range }, never);
    const before = store.asked.length;
    await graph.series({ ...selection, ...range }, never);
    assert.equal(store.asked.length - before, 4);
  });
});
