import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { serveDemo } from "../../src/sources/demo/serveDemo.ts";
import { systemClock } from "../../src/sources/kubernetes/systemClock.ts";
import { eventually } from "../support/eventually.ts";
import type { MetricsEngine } from "../support/metricsEngine.ts";
import { prometheusSkip, startPrometheus } from "../support/prometheus.ts";
import { runCli, startCli } from "./runCli.ts";

interface PrintedNode {
  readonly id: string;
  readonly kind: string;
  readonly cluster: string;
  readonly namespace: string;
  readonly name: string;
  readonly version: string | null;
  readonly health: string;
  readonly badges: readonly string[];
}

interface PrintedEdge {
  readonly source: string;
  readonly target: string;
  readonly protocol: string;
  readonly rps: number | null;
  readonly errorRate: number | null;
  readonly p95: number | null;
  readonly sentBytesPerSecond: number | null;
  readonly mtls: number | null;
  readonly responseCodes: Readonly<Record<string, number>>;
}

interface Printed {
  readonly nodes: readonly PrintedNode[];
  readonly edges: readonly PrintedEdge[];
  readonly problems: readonly {
    readonly id: string;
    readonly severity: string;
    readonly message: string;
    readonly query: string | null;
  }[];
}

async function printed(args: readonly string[], expectedCode = 0): Promise<Printed & { readonly err: string }> {
  const { code, out, err } = await runCli(["graph", ...args, "--format", "json"]);
  assert.equal(code, expectedCode, err);
  return { ...(JSON.parse(out) as Printed), err };
}

function sum(edges: readonly PrintedEdge[]): number {
  return edges.reduce((total, { rps }) => total + (rps ?? 0), 0);
}

const log = { debug: () => undefined, info: () => undefined, error: () => undefined };
const kinds = [
  ...["workload", "app", "service", "serviceEntry", "external", "gateway", "waypoint", "unknown", "namespace"],
];

describe("foreyard graph --demo", () => {
  it("prints nodes and edges with exactly the promised fields", async () => {
    const { nodes, edges, problems } = await printed(["--demo"]);
    assert.ok(nodes.length > 40 && edges.length > 40);
    assert.deepEqual(problems, []);
    for (const node of nodes) {
      const fields = ["id", "kind", "cluster", "namespace", "name", "version", "health", "badges"];
      assert.deepEqual(Object.keys(node), fields);
      assert.ok(kinds.includes(node.kind), node.kind);
    }
    assert.equal(new Set(nodes.map(({ id }) => id)).size, nodes.length);
    for (const edge of edges) {
      assert.deepEqual(Object.keys(edge), [
        ...["source", "target", "protocol", "rps", "errorRate", "p50", "p95", "p99", "sentBytesPerSecond"],
        ...["receivedBytesPerSecond", "mtls", "responseCodes", "flags"],
      ]);
      assert.ok(nodes.some(({ id }) => id === edge.source) && nodes.some(({ id }) => id === edge.target));
      assert.equal(edge.protocol, edge.protocol.toLowerCase());
    }
  });

  it("sends a call from its source to the service and on to the workloads, which add up to the same", async () => {
    const { nodes, edges } = await printed(["--demo", "--view", "workload"]);
    const reviews = nodes.find(
      ({ kind, cluster, name }) => kind === "service" && cluster === "eu" && name === "reviews",
    );
    assert.equal(reviews?.namespace, "shop");
    const into = edges.filter(({ target, protocol }) => target === reviews.id && protocol === "http");
    const outOf = edges.filter(({ source, protocol }) => source === reviews.id && protocol === "http");
    assert.ok(into.length > 1 && outOf.length > 1);
    assert.ok(Math.abs(sum(into) - sum(outOf)) < 1e-6 * sum(into));
    assert.ok(into.every(({ p95, errorRate }) => p95 !== null && p95 > 0 && errorRate !== null && errorRate > 0));
    const codes = into.flatMap(({ responseCodes }) => Object.values(responseCodes));
    assert.ok(Math.abs(codes.reduce((total, rate) => total + rate, 0) - sum(into)) < 1e-6 * sum(into));
  });

  it("tells TCP in bytes from the source's side", async () => {
    const { edges } = await printed(["--demo"]);
    const tcp = edges.filter(({ protocol }) => protocol === "tcp");
    assert.ok(tcp.length > 0);
    assert.ok(tcp.every(({ rps, sentBytesPerSecond }) => rps === null && sentBytesPerSecond !== null));
  });

  it("shows what flows from or to a namespace only", async () => {
    const { nodes, edges } = await printed(["--demo", "--namespace", "payments"]);
    const namespaceOf = new Map(nodes.map(({ id, namespace }) => [id, namespace]));
    assert.ok(edges.length > 0);
    for (const { source, target } of edges) {
      assert.ok([namespaceOf.get(source), namespaceOf.get(target)].includes("payments"), `${source} > ${target}`);
    }
  });

  it("draws namespaces as nodes in that view", async () => {
    const { nodes } = await printed(["--demo", "--view", "namespace"]);
    const shop = nodes.filter(({ kind, name }) => kind === "namespace" && name === "shop");
    assert.deepEqual(shop.map(({ cluster }) => cluster).sort(), ["eu", "us"]);
  });

  it("shows one cluster's side where one context is chosen", async () => {
    const { nodes, err } = await printed(["--demo", "--context", "demo-us"]);
    assert.ok(
      nodes.some(({ cluster }) => cluster === "us"),
      err,
    );
  });

  it("calls nothing idle at a time that nothing is known of, and says so in the answer, too", async () => {
    const { nodes, edges, problems, err } = await printed(["--demo", "--at", "1"]);
    assert.ok(nodes.length > 40);
    assert.deepEqual([...new Set(nodes.map(({ health }) => health))], ["unknown"]);
    assert.deepEqual(edges, []);
    assert.deepEqual(
      problems.map(({ id, severity, message }) => [id, severity, message]),
      [["empty/noSeries", "warning", "The metrics store has no data at that time. It holds Istio's series now"]],
    );
    assert.match(problems[0]?.query ?? "", /istio_requests_total/);
    assert.match(err, /The demo mesh has 60 minutes of history: it has no data at the time of --at\./);
  });

  it("refuses a time in the future", async () => {
    const { code, out, err } = await runCli(["graph", "--demo", "--at", "9999999999"]);
    assert.deepEqual([code, out], [2, ""]);
    assert.match(err, /--at 2286-11-20T17:46:39\.000Z is in the future\./);
  });

  it("says unknown for the namespace of what is in none, as the metrics do", async () => {
    const { nodes } = await printed(["--demo"]);
    const nowhere = nodes.filter(({ kind }) => kind === "external" || kind === "unknown");
    assert.ok(nowhere.length > 2);
    assert.deepEqual([...new Set(nowhere.map(({ namespace }) => namespace))], ["unknown"]);
  });

  it("prints Mermaid and DOT", async () => {
    const mermaid = await runCli(["graph", "--demo", "--format", "mermaid"]);
    assert.match(mermaid.out, /^flowchart LR\n/);
    const dot = await runCli(["graph", "--demo", "--format", "dot"]);
    assert.match(dot.out, /^digraph /);
    assert.deepEqual([mermaid.code, dot.code], [0, 0]);
  });
});

describe("foreyard graph --prometheus", { skip: prometheusSkip() }, () => {
  let demo: Awaited<ReturnType<typeof serveDemo>>;
  let engine: MetricsEngine;
  let home = "";
  before(async () => {
    home = await mkdtemp(path.join(tmpdir(), "foreyard-cli-"));
    demo = await serveDemo({ port: 0, clock: systemClock, log });
    engine = await startPrometheus({ targets: [{ address: `127.0.0.1:${demo.port}` }], scrapeIntervalSeconds: 1 });
    await eventually("rates in the store", async () => {
      // Some tests ask for a time a little ago.
      const found = await engine.query("count(rate(istio_requests_total[5s] offset 3s) > 0)");
      return (found[0]?.value ?? 0) > 50;
    });
  });
  after(async () => {
    await engine.stop();
    await demo.close();
    await rm(home, { recursive: true, force: true });
  });

  it("asks stores alone, without a kubeconfig, and names the clusters that their metrics tell", async () => {
    const { nodes, edges } = await printed(["--prometheus", engine.url, "--window", "10s"]);
    assert.deepEqual([...new Set(nodes.map(({ cluster }) => cluster))].sort(), ["eu", "us"]);
    assert.ok(edges.some(({ protocol }) => protocol === "grpc"));
  });

  it("counts nothing twice that two stores hold", async () => {
    const at = ["--at", String(Math.floor(Date.now() / 1000) - 1), "--window", "5s"];
    const one = await printed(["--prometheus", engine.url, ...at]);
    const same = engine.url.replace("127.0.0.1", "localhost");
    const two = await printed(["--prometheus", engine.url, "--prometheus", same, ...at]);
    assert.ok(sum(one.edges) > 0);
    assert.ok(Math.abs(sum(one.edges) - sum(two.edges)) < 1e-9 * sum(one.edges));
  });

  it("gives the same answer for the same --at, in either notation", async () => {
    const seconds = Math.floor(Date.now() / 1000) - 2;
    const asked = ["--prometheus", engine.url, "--window", "5s", "--at"];
    const first = await printed([...asked, String(seconds)]);
    const second = await printed([...asked, new Date(seconds * 1000).toISOString()]);
    assert.deepEqual(first.edges, second.edges);
  });

  it("says that a store is lost, draws the other one, and ends with 1", async () => {
    const args = ["--prometheus", engine.url, "--prometheus", "http://127.0.0.1:1", "--window", "10s"];
    const { edges, problems, err } = await printed(args, 1);
    assert.ok(edges.length > 20);
    assert.ok(problems.some(({ severity, message }) => severity === "error" && message.includes("127.0.0.1:1")));
    assert.match(err, /^http:\/\/127\.0\.0\.1:1 cannot be reached: ECONNREFUSED\. Check the address/m);
  });

  it("explains an empty graph on stderr, with the query", async () => {
    const { code, out, err } = await startCli(["graph", "--prometheus", engine.url, "-n", "nowhere"], home).ended;
    assert.equal(code, 0);
    assert.deepEqual((JSON.parse(out) as Printed).edges, []);
    assert.match(err, /Nothing flows in the namespaces that are chosen\. Traffic flows in /);
    assert.match(err, /Asked: .*istio_requests_total/);
  });
});
