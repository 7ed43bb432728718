import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, describe, it } from "node:test";
import { eventually } from "./eventually.ts";
import type { EngineOptions, MetricsEngine } from "./metricsEngine.ts";
import { hashOfSecret, prometheusSkip, startPrometheus } from "./prometheus.ts";
import { startVictoriaMetrics, victoriaMetricsSkip } from "./victoriaMetrics.ts";

/** An exposition whose counter grows by 10 with each scrape. */
function startExposition(): Promise<{ readonly server: Server; readonly address: string }> {
  let total = 0;
  const server = createServer((request, response) => {
    if (request.url !== "/metrics") response.writeHead(404);
    response.setHeader("content-type", "text/plain; version=0.0.4");
    response.end(`# TYPE requests_total counter\nrequests_total{app="a \\"quoted\\" one"} ${(total += 10)}\n`);
  });
  return new Promise((resolve) =>
    server.listen(0, "127.0.0.1", () => {
      resolve({ server, address: `127.0.0.1:${(server.address() as AddressInfo).port}` });
    }),
  );
}

const engines: readonly {
  readonly name: string;
  readonly skip: string | false;
  readonly start: (options: EngineOptions) => Promise<MetricsEngine>;
}[] = [
  { name: "Prometheus", skip: prometheusSkip(), start: startPrometheus },
  { name: "VictoriaMetrics", skip: await victoriaMetricsSkip(), start: startVictoriaMetrics },
];

for (const { name, skip, start } of engines) {
  describe(name, { skip }, () => {
    let exposition: Awaited<ReturnType<typeof startExposition>>;
    let engine: MetricsEngine;

    before(async () => {
      exposition = await startExposition();
      const target = { address: exposition.address, job: "demo", labels: { cluster: "east" } };
      engine = await start({ targets: [target], pathPrefix: "/some/path" });
    });
    after(async () => {
      exposition.server.close();
      await engine.stop();
    });

    it("scrapes its targets each second and adds their labels", async () => {
      const series = 'requests_total{job="demo",cluster="east"}';
      await eventually("three scrapes within four seconds", async () => {
        const [count] = await engine.query(`count_over_time(${series}[4s])`);
        return count !== undefined && count.value >= 3;
      });
      const step = `(max_over_time(${series}[1m]) - min_over_time(${series}[1m])) / (count_over_time(${series}[1m]) - 1)`;
      const [sample] = await engine.query(step);
      assert.deepEqual(sample?.value, 10);
      assert.equal(sample.labels["app"], 'a "quoted" one');
    });

    it("serves under its path prefix only", async () => {
      const { origin } = new URL(engine.url);
      assert.notEqual((await fetch(`${origin}/api/v1/query?query=up`)).status, 200);
      assert.equal((await fetch(`${engine.url}/api/v1/query?query=up`)).status, 200);
    });

    it("says why it refuses a query", async () => {
      await assert.rejects(engine.query("sum("), /4\d\d .*(parse|unexpected|unclosed)/);
    });
  });
}

describe("Prometheus with a web configuration", { skip: prometheusSkip() }, () => {
  it("asks for the user and password of that configuration", async () => {
    const prometheus = await startPrometheus({
      targets: [],
      webConfig: { basic_auth_users: { reader: hashOfSecret } },
    });
    try {
      await assert.rejects(prometheus.query("vector(1)"), /401/);
      const authorization = `Basic ${Buffer.from("reader:secret").toString("base64")}`;
      assert.equal((await prometheus.query("vector(1)", { authorization }))[0]?.value, 1);
    } finally {
      await prometheus.stop();
    }
  });
});
