// One refresh of the lists' numbers from a real Prometheus, and from VictoriaMetrics, that scrape the demo mesh: how many
// queries, how many bytes, how long.
//
//   npm run bench -- prometheus
//   FOREYARD_BENCH_SIZES=100,1000 npm run bench -- prometheus

import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { Log } from "../../src/mesh/ports.ts";
import { systemClock } from "../../src/sources/kubernetes/systemClock.ts";
import { openPrometheus } from "../../src/sources/prometheus/findPrometheus.ts";
import { eventually } from "../support/eventually.ts";
import { freePort } from "../support/freePort.ts";
import type { EngineOptions, MetricsEngine } from "../support/metricsEngine.ts";
import { prometheusSkip, startPrometheus } from "../support/prometheus.ts";
import { startProgram } from "../support/startProgram.ts";
import { startVictoriaMetrics, victoriaMetricsSkip } from "../support/victoriaMetrics.ts";
import { figure, heading } from "./figures.ts";

const sizes = (process.env["FOREYARD_BENCH_SIZES"] ?? "100,1000,5000").split(",").map(Number);
const runs = Number(process.env["FOREYARD_BENCH_RUNS"] ?? 5);
const never = new AbortController().signal;
const log: Log = { debug: () => undefined, info: () => undefined, error: (what, e) => console.error(what, e) };

const engines: readonly (readonly [string, string | false, (options: EngineOptions) => Promise<MetricsEngine>])[] = [
  ["Prometheus", prometheusSkip(), startPrometheus],
  ["VictoriaMetrics", await victoriaMetricsSkip(), startVictoriaMetrics],
];

for (const services of sizes) {
  // What is scraped would cost more than what is asked, were it scraped each second.
  const scrapeIntervalSeconds = services >= 1000 ? 15 : 5;
  const demo = await serve(services);
  try {
    for (const [name, skip, start] of engines) {
      heading(`${services} services in ${name}, scraped every ${scrapeIntervalSeconds} s`);
      if (skip !== false) {
        console.log(`  ${skip}`);
        continue;
      }
      // The one target of the demo exposes what thousands of proxies do.
      const flags = name === "VictoriaMetrics" ? ["-promscrape.maxScrapeSize=1GB"] : [];
      const engine = await start({ targets: [{ address: `127.0.0.1:${demo.port}` }], scrapeIntervalSeconds, flags });
      try {
        await measure(engine, scrapeIntervalSeconds);
      } finally {
        await engine.stop();
      }
    }
  } finally {
    await demo.stop();
  }
}

async function measure(engine: MetricsEngine, every: number): Promise<void> {
  const windowSeconds = 3 * every;
  const between = await countingProxy(engine.port);
  const source = openPrometheus({ url: `http://127.0.0.1:${between.port}` }, { log, clock: systemClock });
  try {
    await eventually(
      "scrapes for a whole window",
      async () => {
        const [scrapes] = await engine.query("sum_over_time(up[5m])");
        return (scrapes?.value ?? 0) * every > windowSeconds;
      },
      { seconds: 180, everyMs: 1000 },
    );
    const [series] = await engine.query('count({__name__=~"istio_.*"})');
    console.log(`  ${series?.value ?? "no"} series of Istio's`);
    const probing = performance.now();
    await source.capabilities(never);
    figure("  looking what the store holds, once", [performance.now() - probing], "ms");
    const queries: number[] = [];
    const bytes: number[] = [];
    const took: number[] = [];
    const busy: number[] = [];
    let rows = "";
    for (let run = 0; run < runs; run++) {
      between.take();
      const cpu = process.cpuUsage();
      const began = performance.now();
      const query = { windowSeconds, atMillis: Date.now(), namespaces: undefined };
      const summaries = await source.summaries(query, never);
      took.push(performance.now() - began);
      const { user, system } = process.cpuUsage(cpu);
      const counted = between.take();
      queries.push(counted.requests);
      bytes.push(counted.bytes / 1e6);
      busy.push((user + system) / 1000);
      rows = `${summaries.services.length} services and ${summaries.workloads.length} workloads`;
    }
    console.log(`  rows for ${rows}`);
    figure("  queries of one refresh", queries, "", 6);
    figure("  answers of one refresh, unpacked or as sent", bytes, "MB");
    figure("  one refresh", took, "ms");
    figure("  processor time in this process, the counting included", busy, "ms");
  } finally {
    source.dispose();
    await between.close();
  }
}

/** The demo mesh's metrics from a process of their own. */
async function serve(services: number): Promise<{ readonly port: number; stop(): Promise<void> }> {
  const port = await freePort();
  const cli = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));
  const program = startProgram({
    command: process.execPath,
    args: [cli, "demo", "serve", "--services", String(services), "--port", String(port)],
    cwd: tmpdir(),
    logFile: path.join(tmpdir(), `foreyard-bench-demo-${process.pid}.log`),
  });
  await program.ready(async () => (await fetch(`http://127.0.0.1:${port}/metrics`, { method: "HEAD" })).ok);
  return { port, stop: () => program.end() };
}

/** Passes everything on to a port and counts requests and the bytes of answers. */
async function countingProxy(target: number) {
  let requests = 0;
  let bytes = 0;
  const server = createServer((incoming, outgoing) => {
    requests++;
    const { method, url, headers } = incoming;
    const onward = request({ host: "127.0.0.1", port: target, method, path: url, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.on("data", (chunk: Buffer) => (bytes += chunk.length));
      answer.pipe(outgoing);
    });
    onward.on("error", () => outgoing.destroy());
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    take: () => {
      const counted = { requests, bytes };
      requests = bytes = 0;
      return counted;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
