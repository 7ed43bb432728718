import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { after, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { isAbort, MeshError } from "../../../src/mesh/meshError.ts";
import { fill, say } from "../../../src/mesh/message.ts";
import type { FoundTelemetry } from "../../../src/mesh/ports.ts";
import { createFindPrometheus } from "../../../src/sources/prometheus/findPrometheus.ts";
import type { PrometheusSettings } from "../../../src/sources/prometheus/settings.ts";
import { eventually } from "../../support/eventually.ts";
import {
  answerIstio,
  notFound,
  sendJson,
  startFakeStore,
  vectorOf,
  type Answering,
  type FakeStore,
} from "./fakeStore.ts";
import { StoreCluster, type Behind } from "./storeCluster.ts";
import { ManualClock, realClock, silentLog } from "./surroundings.ts";

const never = new AbortController().signal;
const forbidden = new MeshError("forbidden", say("You may not use the proxy."));
const prometheusLabel = { "app.kubernetes.io/name": "prometheus" };
const query = { windowSeconds: 60, atMillis: 1_700_000_000_000, namespaces: ["shop"] };
const ends: (() => unknown)[] = [];
after(() => ends.forEach((end) => end()));

async function store(answer: Answering = answerIstio, tls?: Parameters<typeof startFakeStore>[1]): Promise<FakeStore> {
  const started = await startFakeStore(answer, tls);
  ends.push(() => started.close());
  return started;
}

async function find(
  cluster: StoreCluster,
  settings: PrometheusSettings = {},
  clock = realClock,
): Promise<FoundTelemetry> {
  const found = await createFindPrometheus(settings, { log: silentLog, clock })(cluster, never);
  ends.push(() => found.source?.dispose());
  return found;
}

/** A cluster with one Service in front of one store. */
function clusterWith(running: FakeStore, behind: Partial<Behind> = {}): StoreCluster {
  const cluster = new StoreCluster();
  cluster.install({ listensAt: running.port, name: "prometheus", ports: [{ name: "http", port: 9090 }], ...behind });
  return cluster;
}

function answersOf({ steps }: FoundTelemetry): readonly string[] {
  return steps.map(({ answer }) => fill(answer));
}

function below(prefix: string): Answering {
  return (asked, response) => (asked.path.startsWith(`${prefix}/`) ? answerIstio : notFound)(asked, response);
}

describe("looking for the store of a cluster", () => {
  const ports: readonly (readonly [what: string, port: Readonly<Record<string, unknown>>])[] = [
    ["59090", { name: "http", port: 59090 }],
    ["80", { name: "http", port: 80, targetPort: 9090 }],
    ["9090", { name: "http-web", port: 9090 }],
    ["9091 with a named target", { name: "web", port: 9091, targetPort: "named" }],
    ["1234 without a name", { port: 1234 }],
  ];
  for (const [what, port] of ports) {
    it(`finds it on port ${what}, by the proxy and by a forwarded port`, async () => {
      const running = await store();
      const cluster = clusterWith(running, { ports: [port] });
      assert.equal((await find(cluster)).source?.label, "Prometheus istio-system/prometheus");
      assert.equal(cluster.forwardsMade, 0);
      cluster.proxyRefusal = forbidden;
      assert.equal((await find(cluster)).source?.label, "Prometheus istio-system/prometheus");
      assert.equal(cluster.forwardsMade, 1);
    });
  }

  it("takes the port that is named for it, not the first", async () => {
    const running = await store();
    const cluster = clusterWith(running, {
      ports: [
        { name: "http-web", port: 7 },
        { name: "reloader-web", port: 9090 },
      ],
    });
    await find(cluster);
    assert.equal(cluster.proxied[0]?.service, "prometheus:http-web");
  });

  it("says where one is that wants credentials, as the settings would name it", async () => {
    const running = await store((_, response) => sendJson(response, {}, 401));
    const found = await find(clusterWith(running, { ports: [{ name: "http-web", port: 9090 }] }));
    const guarded = found.steps.filter(({ wantsCredentials }) => wantsCredentials).map(({ address }) => address);
    assert.deepEqual([found.source, guarded], [undefined, ["http://prometheus.istio-system.svc:9090"]]);
  });

  it("finds it though 9090 is busy on this machine", async () => {
    const busy = createServer();
    const isHeld = await new Promise<boolean>((resolve) => {
      // Somebody else may hold it already, which is as good.
      busy.once("error", () => resolve(true)).listen(9090, "127.0.0.1", () => resolve(true));
    });
    ends.push(() => busy.close());
    const cluster = clusterWith(await store());
    cluster.proxyRefusal = forbidden;
    const { source } = await find(cluster);
    await source?.summaries(query, never);
    assert.deepEqual([isHeld, cluster.forwards.size], [true, 1]);
  });

  it("finds it for two windows at once, each with its own local port", async () => {
    const cluster = clusterWith(await store());
    cluster.proxyRefusal = forbidden;
    const both = await Promise.all([find(cluster), find(cluster)]);
    assert.deepEqual([both.every(({ source }) => source !== undefined), cluster.forwards.size], [true, 2]);
  });

  it("finds it below the path prefix that its program was started with", async () => {
    const cluster = clusterWith(await store(below("/mon/prom")), {
      args: ["--web.external-url=https://x.example/mon/prom/"],
    });
    const { source } = await find(cluster);
    await source?.summaries(query, never);
    assert.ok(cluster.proxied.at(-1)?.path.startsWith("/mon/prom/api/v1/query?"));
  });

  it("finds it below the path prefix of the Prometheus object", async () => {
    const running = await store(below("/ops"));
    const cluster = clusterWith(running, {
      namespace: "mon",
      name: "prometheus-operated",
      ports: [{ name: "web", port: 9090 }],
    });
    cluster.extraKinds = [
      { group: "monitoring.coreos.com", version: "v1", kind: "Prometheus", plural: "prometheuses", namespaced: true },
    ];
    cluster.objects.push({
      apiVersion: "monitoring.coreos.com/v1",
      kind: "Prometheus",
      metadata: { name: "k8s", namespace: "mon" },
      spec: { routePrefix: "/ops" },
    });
    const { source, steps } = await find(cluster);
    assert.equal(source?.label, "Prometheus mon/prometheus-operated");
    assert.deepEqual(
      running.asked.map(({ path }) => path),
      ["/ops/api/v1/query"],
    );
    assert.deepEqual(
      steps.map(({ found }) => found),
      [false, false, false, true],
    );
  });

  it("does not take one shard of a sharded Prometheus for the whole", async () => {
    const cluster = clusterWith(await store(), { namespace: "mon", name: "prometheus-operated" });
    cluster.extraKinds = [
      { group: "monitoring.coreos.com", version: "v1", kind: "Prometheus", plural: "prometheuses", namespaced: true },
    ];
    cluster.objects.push({
      apiVersion: "monitoring.coreos.com/v1",
      kind: "Prometheus",
      metadata: { name: "k8s", namespace: "mon" },
      spec: { shards: 2 },
    });
    assert.equal((await find(cluster)).source, undefined);
  });

  const likes: readonly (readonly [label: string, behind: Partial<Behind>, prefix: string])[] = [
    ["Thanos mon/thanos-query", { name: "thanos-query", labels: { "app.kubernetes.io/name": "thanos-query" } }, ""],
    [
      "Thanos mon/thanos-q",
      { name: "thanos-q", labels: { "app.kubernetes.io/name": "thanos", "app.kubernetes.io/component": "query" } },
      "",
    ],
    [
      "Mimir mon/mimir-gateway",
      {
        name: "mimir-gateway",
        labels: { "app.kubernetes.io/name": "mimir", "app.kubernetes.io/component": "gateway" },
      },
      "/prometheus",
    ],
    ["VictoriaMetrics mon/vmsingle-x", { name: "vmsingle-x", labels: { "app.kubernetes.io/name": "vmsingle" } }, ""],
    [
      "VictoriaMetrics mon/vmselect-x",
      { name: "vmselect-x", labels: { "app.kubernetes.io/name": "vmselect" } },
      "/select/0/prometheus",
    ],
  ];
  for (const [label, behind, prefix] of likes) {
    it(`finds ${label}`, async () => {
      const running = await store(below(prefix));
      const { source } = await find(clusterWith(running, { namespace: "mon", ...behind }));
      assert.deepEqual([source?.label, running.asked[0]?.path], [label, `${prefix}/api/v1/query`]);
    });
  }

  it("leaves other parts of Mimir and Thanos alone", async () => {
    const labels = { "app.kubernetes.io/name": "mimir", "app.kubernetes.io/component": "ingester" };
    const running = await store();
    assert.equal((await find(clusterWith(running, { name: "mimir-ingester", labels }))).source, undefined);
    assert.deepEqual(running.asked, []);
  });

  it("gives OpenShift's querier the cluster's own token, over TLS that the cluster's authority signed", async () => {
    const pem = (name: string): string =>
      readFileSync(fileURLToPath(new URL(`../../fixtures/prometheus/tls/${name}`, import.meta.url)), "utf8");
    const running = await store(
      (asked, response) => {
        if (asked.headers.authorization === "Bearer own-token") answerIstio(asked, response);
        else sendJson(response, {}, 401);
      },
      { cert: pem("server.pem"), key: pem("server.key") },
    );
    const place = { namespace: "openshift-monitoring", name: "thanos-querier", ports: [{ name: "web", port: 9091 }] };
    const cluster = clusterWith(running, place);
    assert.equal((await find(cluster)).source, undefined);
    cluster.objects.push({
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "openshift-service-ca.crt", namespace: "openshift-monitoring" },
      data: { "service-ca.crt": pem("ca.pem") },
    });
    assert.match(answersOf(await find(cluster)).join(), /wants a token/);
    cluster.bearer = "own-token";
    assert.equal((await find(cluster)).source?.label, "Thanos openshift-monitoring/thanos-querier");
  });

  it("goes where Kiali's configuration points: a Service by its port's number, or an address outside", async () => {
    for (const isInside of [true, false]) {
      const running = await store(below("/p"));
      const cluster = new StoreCluster();
      cluster.install({
        listensAt: running.port,
        namespace: "far",
        name: "tsdb",
        ports: [{ name: "odd", port: 8481 }],
      });
      const url = isInside ? "http://tsdb.far:8481/p" : `${running.url}/p`;
      cluster.objects.push({
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: { name: "kiali", namespace: "istio-system", labels: { "app.kubernetes.io/name": "kiali" } },
        data: { "config.yaml": `external_services:\n  prometheus:\n    url: "${url}"\n` },
      });
      assert.equal((await find(cluster)).source?.label, isInside ? "Prometheus far/tsdb" : url);
    }
  });

  it("goes on to one that holds series of Istio, and takes another only if there is none", async () => {
    const empty = await store((_, response) => sendJson(response, vectorOf()));
    const cluster = clusterWith(empty);
    assert.equal((await find(cluster)).source?.label, "Prometheus istio-system/prometheus");
    const full = await store();
    cluster.install({
      listensAt: full.port,
      namespace: "mon",
      name: "k8s",
      labels: prometheusLabel,
      ports: [{ port: 1 }],
    });
    const found = await find(cluster);
    assert.equal(found.source?.label, "Prometheus mon/k8s");
    assert.match(answersOf(found)[0] ?? "", /holds no series of Istio/);
  });

  it("says for each step what was tried and answered when there is nothing", async () => {
    const found = await find(new StoreCluster());
    assert.equal(found.source, undefined);
    assert.deepEqual(
      found.steps.map(({ tried, answer }) => [fill(tried) !== "", fill(answer) !== ""]),
      Array(9).fill([true, true]),
    );
    assert.match(answersOf(found).at(-1) ?? "", /Prometheus URL/);
  });

  it("asks a store once though it is found twice", async () => {
    const running = await store((_, response) => sendJson(response, { status: "error", error: "no" }, 500));
    const cluster = clusterWith(running, { labels: prometheusLabel });
    const found = await find(cluster);
    assert.deepEqual(answersOf(found).slice(1, 2), ["Already asked."]);
    assert.equal(cluster.forwardsMade, 1);
  });

  it("tells both reasons when neither the proxy nor a forwarded port serves", async () => {
    const cluster = clusterWith(await store(), { isReady: false });
    cluster.proxyRefusal = forbidden;
    assert.match(answersOf(await find(cluster))[0] ?? "", /may not use the proxy.*no ready pod/);
  });

  it("ends with the abort, holding no forwarded port", async () => {
    const abort = new AbortController();
    const silent = await store(() => undefined);
    const cluster = clusterWith(silent);
    cluster.proxyRefusal = forbidden;
    const searching = createFindPrometheus({}, { log: silentLog, clock: realClock })(cluster, abort.signal);
    await eventually("the question arrived", () => silent.asked.length > 0);
    abort.abort();
    await assert.rejects(searching, isAbort);
    await eventually("the forwarded port closed", () => cluster.forwards.size === 0);
  });
});

describe("the Prometheus URL of the settings", () => {
  it("is the only place looked in", async () => {
    const running = await store();
    const cluster = clusterWith(await store());
    const found = await find(cluster, { url: `${running.url}/` });
    assert.deepEqual([found.source?.label, found.steps.length, cluster.listed], [running.url, 1, []]);
  });

  it("may name a Service of the cluster, which then gets the credentials", async () => {
    const running = await store();
    const cluster = clusterWith(running, { namespace: "mon" });
    const found = await find(cluster, { url: "http://prometheus.mon.svc:9090", credentials: { bearer: "t0ken" } });
    assert.equal(found.source?.label, "Prometheus mon/prometheus");
    assert.equal(running.asked[0]?.headers.authorization, "Bearer t0ken");
  });

  it("keeps user and password out of every word", async () => {
    const running = await store((asked, response) => sendJson(response, {}, asked.headers.authorization ? 403 : 401));
    const url = running.url.replace("//", "//me:s3cret@");
    const found = await find(new StoreCluster(), { url });
    assert.deepEqual([found.source, found.steps.length], [undefined, 1]);
    assert.match(answersOf(found)[0] ?? "", /403/);
    assert.doesNotMatch(JSON.stringify(found.steps), /s3cret|me:/);
  });

  for (const url of ["prom:9090", "ftp://me:s3cret@x", "https://", "not an address"]) {
    it(`is refused without being repeated: ${url}`, async () => {
      const found = await find(new StoreCluster(), { url });
      assert.match(answersOf(found)[0] ?? "", /no http or https address/);
      assert.doesNotMatch(JSON.stringify(found.steps), /s3cret/);
    });
  }

  it("alone gets credentials; a store that was found does not", async () => {
    const running = await store();
    const cluster = clusterWith(running);
    cluster.proxyRefusal = forbidden;
    await find(cluster, { credentials: { bearer: "t0ken" }, headers: { "x-scope-orgid": "team" } });
    assert.deepEqual(
      [running.asked[0]?.headers.authorization, running.asked[0]?.headers["x-scope-orgid"]],
      [undefined, "team"],
    );
  });
});

describe("a forwarded port", () => {
  async function forwarded(clock = realClock, answer: Answering = answerIstio) {
    const running = await store(answer);
    const cluster = clusterWith(running);
    cluster.proxyRefusal = forbidden;
    const { source } = await find(cluster, {}, clock);
    assert.ok(source);
    return { cluster, source };
  }

  it("closes when the source is disposed", async () => {
    const { cluster, source } = await forwarded();
    assert.equal(cluster.forwards.size, 1);
    source.dispose();
    await eventually("the forwarded port closed", () => cluster.forwards.size === 0);
  });

  it("closes after ten idle minutes and opens again when needed", async () => {
    const clock = new ManualClock();
    const { cluster, source } = await forwarded(clock);
    clock.advance(599_000);
    await source.summaries(query, never);
    assert.deepEqual([cluster.forwards.size, cluster.forwardsMade], [1, 1]);
    clock.advance(600_000);
    await eventually("the forwarded port closed", () => cluster.forwards.size === 0);
    assert.deepEqual((await source.summaries(query, never)).missing.length > 0, true);
    assert.equal(cluster.forwardsMade, 2);
  });

  it("is made anew when its pod was replaced, once for all who ask", async () => {
    const { cluster, source } = await forwarded();
    cluster.replacePod("prometheus");
    const { provenance, missing } = await source.summaries(query, never);
    assert.equal(provenance.length, 6);
    assert.deepEqual(
      missing.filter(({ why }) => /reached/.test(fill(why))),
      [],
    );
    assert.deepEqual([cluster.forwardsMade, cluster.forwards.size], [2, 1]);
  });
});

describe("going through the API server's proxy", () => {
  it("only reads: every question is a GET", async () => {
    const cluster = clusterWith(await store());
    const { source } = await find(cluster);
    await source?.summaries(query, never);
    await source?.capabilities(never);
    assert.deepEqual([...new Set(cluster.proxied.map(({ method }) => method))], ["GET"]);
  });

  it("sends a question as a form where the address grew too long", async () => {
    const running = await store((asked, response) => {
      if (asked.method === "GET") sendJson(response, {}, 414);
      else answerIstio(asked, response);
    });
    const cluster = clusterWith(running);
    assert.ok((await find(cluster)).source);
    assert.equal(running.asked.at(-1)?.method, "POST");
  });
});
