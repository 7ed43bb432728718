// The explorer on a real API server: how soon it is ready, what it holds, how soon a change is drawn.
//
//   npm run bench -- explorer                        500, 2,000 and 5,000 services, four pods each
//   FOREYARD_BENCH_SIZES=5000 npm run bench -- explorer

import https from "node:https";
import { readFileSync } from "node:fs";
import path from "node:path";
import { controlPlaneSkip, startControlPlane, type ControlPlane } from "../cluster/controlPlane.ts";
import { serverCertificate, tokens } from "../cluster/credentials.ts";
import { applyIstioCrds } from "../cluster/istioCrds.ts";
import { seedObjects } from "../cluster/seed.ts";
import { figure, heading, preciseNow } from "./figures.ts";
import { largeMesh, meshObjects } from "./largeMesh.ts";
import { Probe } from "./probe.ts";
import type { Loaded, Moment } from "./probeMessages.ts";

const skip = await controlPlaneSkip({ bare: true });
if (skip !== false) {
  console.log(skip);
  process.exit(0);
}

const sizes = (process.env["FOREYARD_BENCH_SIZES"] ?? "500,2000,5000").split(",").map(Number);
const runs = Number(process.env["FOREYARD_BENCH_RUNS"] ?? 3);
const someNamespaces = ["team-0", "team-1", "team-2", "team-3", "team-4"];

for (const services of sizes) {
  const cluster = await startControlPlane({ bare: true });
  try {
    await applyIstioCrds(cluster);
    const objects = meshObjects({ ...largeMesh, services, pods: services * 4 });
    await seedObjects(cluster, objects);
    heading(`${services} services, ${services * 4} pods, ${largeMesh.namespaces} namespaces`);
    // The first readers after seeding pay for caches that the server fills.
    await readAll(cluster, "/api/v1/pods");
    for (const url of ["/api/v1/pods", "/api/v1/services", "/apis/apps/v1/deployments"])
      await serverShare(cluster, url);
    const [pod = ""] = objects.filter(({ kind }) => kind === "Pod").map(({ metadata }) => metadata.name);
    await measure(cluster, { services, pod, title: "the mesh's namespaces, all of them, as nobody chose", chosen: [] });
    await measure(cluster, { services, pod, title: "5 of 50 namespaces chosen", chosen: someNamespaces });
  } finally {
    await cluster.stop();
  }
}

interface Case {
  readonly services: number;
  readonly pod: string;
  readonly title: string;
  readonly chosen: readonly string[];
}

async function measure(cluster: ControlPlane, { services, pod, title, chosen }: Case): Promise<void> {
  const all: Loaded[] = [];
  const isBudget = services === largeMesh.services;
  heading(`  ${title}`);
  for (let run = 1; run <= runs; run++) {
    const probe = new Probe(cluster.kubeconfigs.admin, services, chosen);
    try {
      all.push(await probe.expect("loaded"));
      if (run === runs) await changes(cluster, probe, pod);
    } finally {
      await probe.end();
    }
  }
  const moment = (name: Moment) => all.map(({ moments }) => moments[name] / 1000);
  const [first] = all;
  console.log(`  ${first?.services} services, ${first?.workloads} workloads, ${first?.pods} pods`);
  figure("  connected", moment("connected"), "s");
  figure("  first rows of services", moment("firstRows"), "s");
  figure("  all services listed", moment("servicesListed"), "s");
  figure("  all workloads listed", moment("workloadsListed"), "s");
  figure("  explorer ready", moment("ready"), "s", isBudget ? 5 : undefined);
  figure("  everything in", moment("complete"), "s");
  const cpu = all.map(({ cpuMillis }) => cpuMillis / 1000);
  figure("  processor time of this process until then", cpu, "s");
  const heap = all.map(({ heapOpened }) => heapOpened);
  figure("  heap, whole process, all namespaces opened", heap, "MB", isBudget ? 200 : undefined);
  const own = all.map(({ heapLoaded, heapBefore }) => heapLoaded - heapBefore);
  figure("  heap of what was loaded, nothing opened", own, "MB");
}

/** One pod's changes, then a storm of them, then ticks of metrics. */
async function changes({ api }: ControlPlane, probe: Probe, pod: string): Promise<void> {
  const url = `/api/v1/namespaces/team-0/pods/${pod}/status`;
  let restarts = Math.floor(Date.now() / 1000) % 1_000_000;
  const restart = () =>
    api(
      "PATCH",
      url,
      { status: { containerStatuses: [{ name: "app", restartCount: ++restarts }] } },
      { contentType: "application/strategic-merge-patch+json" },
    );
  probe.tell({ type: "follow", pod });
  const { text } = await probe.expect("changed");
  console.log(`  the row of a pod: ${text}`);
  const fromRequest: number[] = [];
  const fromAnswer: number[] = [];
  for (let i = 0; i < 15; i++) {
    await wait(400);
    const seen = probe.expect("changed");
    const began = preciseNow();
    const { status } = await restart();
    const answered = preciseNow();
    if (status !== 200) throw new Error(`PATCH ${url}: ${status}`);
    const { at } = await seen;
    fromRequest.push(at - began);
    fromAnswer.push(Math.max(0, at - answered));
  }
  figure("  PATCH of a pod sent -> its row says so", fromRequest, "ms", 100);
  figure("  PATCH of a pod answered -> its row says so", fromAnswer, "ms");
  probe.tell({ type: "count", on: true });
  const until = Date.now() + 3000;
  let patches = 0;
  for (; Date.now() < until; patches++) await restart();
  probe.tell({ type: "count", on: false });
  const { notices } = await probe.expect("counted");
  figure(`  redraws a second while ${Math.round(patches / 3)} changes a second come`, [notices / 3], "", 4);
  probe.tell({ type: "ticks", rows: 5000, changed: 50, times: 10 });
  const ticked = await probe.expect("ticked");
  figure("  rows redrawn by a tick of metrics that changes 50 services", ticked.touched, "");
  figure("  processor time of such a tick", ticked.millis, "ms");
}

/** How long the server takes for all pages of a list when nobody parses them. */
async function serverShare(cluster: ControlPlane, url: string): Promise<void> {
  const began = performance.now();
  const bytes = await readAll(cluster, url);
  const seconds = (performance.now() - began) / 1000;
  console.log(
    `  the server's own time for ${url}, one page after the other: ${seconds.toFixed(2)} s, ${(bytes / 1e6).toFixed(1)} MB`,
  );
}

async function readAll({ server, folder }: ControlPlane, url: string): Promise<number> {
  const ca = readFileSync(path.join(folder, serverCertificate));
  const agent = new https.Agent({ keepAlive: true, ca });
  let bytes = 0;
  let next = "";
  do {
    const address = `${server}${url}?limit=500&continue=${encodeURIComponent(next)}`;
    const headers = { authorization: `Bearer ${tokens.driver}` };
    const text = await new Promise<string>((resolve, reject) => {
      https
        .get(address, { agent, headers }, (response) => {
          let start = "";
          response.on("data", (chunk: Buffer) => {
            bytes += chunk.length;
            if (start.length < 2000) start += chunk.toString("latin1", 0, 2000);
          });
          response.on("end", () => resolve(start));
        })
        .on("error", reject);
    });
    next = /"continue":"([^"]*)"/.exec(text.slice(0, 2000))?.[1] ?? "";
  } while (next !== "");
  agent.destroy();
  return bytes;
}

function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
