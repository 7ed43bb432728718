import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { openPrometheus } from "../../../../src/sources/prometheus/findPrometheus.ts";
import type { NodeUse } from "../../../../src/mesh/telemetry/levels/levelTelemetry.ts";
import { eventually } from "../../../support/eventually.ts";
import { freePort } from "../../../support/freePort.ts";
import { missing } from "../../../support/goBuild.ts";
import { findOnPath, type MetricsEngine } from "../../../support/metricsEngine.ts";
import { prometheusSkip, startPrometheus } from "../../../support/prometheus.ts";
import { startProgram, type Program } from "../../../support/startProgram.ts";
import { realClock, silentLog } from "../surroundings.ts";

const command = findOnPath("prometheus-node-exporter");
const skip =
  command === undefined ? missing("Debian's prometheus-node-exporter is not installed.").skip : prometheusSkip();

/** Sums of a page's samples whose line fits. */
function total(page: string, pattern: RegExp): number {
  return page
    .split("\n")
    .filter((line) => pattern.test(line))
    .reduce((sum, line) => sum + Number(line.split(" ").at(-1)), 0);
}

describe("the machine under a real node exporter", { skip }, () => {
  let folder: string;
  let exporter: Program;
  let engine: MetricsEngine;
  let use: NodeUse | undefined;
  /** The kernel tells another load every five seconds, maybe between a scrape and a look at the page. */
  const loads = new Set<number>();
  let first: { readonly page: string; readonly at: number };
  let last: typeof first;

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "foreyard-node-exporter-"));
    const port = await freePort();
    exporter = startProgram({
      command: command ?? "",
      args: [`--web.listen-address=127.0.0.1:${port}`],
      logFile: path.join(folder, "log"),
    });
    const read = async () => ({ page: await (await fetch(`http://127.0.0.1:${port}/metrics`)).text(), at: Date.now() });
    await exporter.ready(async () => (await read()).page.includes("node_load1"));
    engine = await startPrometheus({ targets: [{ address: `127.0.0.1:${port}`, job: "node-exporter" }] });
    const scrapes = async (count: number) =>
      ((await engine.query("count_over_time(node_load1[1m])"))[0]?.value ?? 0) >= count;
    await eventually("a first scrape", () => scrapes(1));
    first = await read();
    await eventually("a window of scrapes", async () => {
      loads.add(total((await read()).page, /^node_load1 /));
      return await scrapes(14);
    });
    last = await read();
    const source = openPrometheus({ url: engine.url }, { log: silentLog, clock: realClock });
    const windowSeconds = Math.round((last.at - first.at) / 1000);
    const nodes = [{ name: hostname(), addresses: [] }];
    const query = { nodes, cluster: undefined, windowSeconds, atMillis: last.at };
    use = (await source.levels?.nodes(query, AbortSignal.timeout(20_000)))?.rows[0];
    source.dispose();
  });

  after(async () => {
    await engine.stop();
    await exporter.end();
    await rm(folder, { recursive: true, force: true });
  });

  const share = (got: number | undefined, want: number) =>
    assert.ok(Math.abs((got ?? NaN) - want) <= 0.02, `${got}, not ${want}`);

  it("has the memory share that the exporter's own page says", () => {
    const of = (page: string) =>
      1 - total(page, /^node_memory_MemAvailable_bytes /) / total(page, /^node_memory_MemTotal_bytes /);
    share(use?.memoryShare, of(last.page));
  });

  it("has the share of the fullest file system", () => {
    const sizes = [...last.page.matchAll(/^node_filesystem_size_bytes(\{.*\}) (\S+)$/gm)];
    const shares = sizes.flatMap(([, labels = "", size]) => {
      const isReal =
        /fstype="(?:ext[234]|xfs|btrfs|overlay|zfs|vfat)"/.test(labels) && !/mountpoint="\/run\//.test(labels);
      const line = last.page.split("\n").find((each) => each.startsWith(`node_filesystem_avail_bytes${labels} `));
      return isReal && Number(size) > 0 ? [1 - Number(line?.split(" ").at(-1)) / Number(size)] : [];
    });
    if (shares.length > 0) share(use?.filesystemShare, Math.max(...shares));
    else assert.ok(use);
  });

  it("has the load per CPU", () => {
    const cpus = last.page.match(/^node_cpu_seconds_total\{.*mode="idle"/gm)?.length ?? 0;
    const load = (use?.loadPerCpu ?? NaN) * cpus;
    assert.ok(
      [...loads].some((told) => Math.abs(told - load) < 1e-6),
      `${load} is none of ${[...loads].join(", ")}`,
    );
  });

  it("has a CPU share between none and all", () => {
    assert.ok((use?.cpuShare ?? NaN) > 0 && (use?.cpuShare ?? NaN) <= 1, String(use?.cpuShare));
  });

  it("has the network's bytes", () => {
    assert.ok((use?.receivedBytesPerSecond ?? NaN) >= 0, String(use?.receivedBytesPerSecond));
  });
});
