// The demo mesh at several sizes: how long it takes to be made, to be listed by the live mesh, and one refresh of numbers.
//
//   npm run bench -- demo
//   FOREYARD_BENCH_SIZES=30,5000 npm run bench -- demo

import { createLiveMesh } from "../../src/mesh/live/createLiveMesh.ts";
import { whenSettled } from "../../src/mesh/live/whenSettled.ts";
import type { Log } from "../../src/mesh/ports.ts";
import { createDemoMesh } from "../../src/sources/demo/demoMesh.ts";
import { systemClock } from "../../src/sources/kubernetes/systemClock.ts";
import { figure, heading, heapMegabytes } from "./figures.ts";

const sizes = (process.env["FOREYARD_BENCH_SIZES"] ?? "30,1000,5000,10000").split(",").map(Number);
const runs = Number(process.env["FOREYARD_BENCH_RUNS"] ?? 3);
const log: Log = { debug: () => undefined, info: () => undefined, error: (what, e) => console.error(what, e) };

for (const services of sizes) {
  const made: number[] = [];
  const ready: number[] = [];
  const busy: number[] = [];
  const settled: number[] = [];
  const refreshed: number[] = [];
  const heap: number[] = [];
  let counts = "";
  for (let run = 0; run < runs; run++) {
    const began = performance.now();
    const cpu = process.cpuUsage();
    const { clusters, findTelemetry } = createDemoMesh({ clock: systemClock, services });
    made.push((performance.now() - began) / 1000);
    const live = createLiveMesh({
      clusters: clusters.map((source) => ({ source, findTelemetry, defaultNamespace: undefined })),
      clock: systemClock,
      log,
      settings: {
        windowSeconds: 60,
        refreshSeconds: 3600,
        appLabels: ["service.istio.io/canonical-name", "app"],
        versionLabels: ["service.istio.io/canonical-revision", "version"],
        namespaces: undefined,
        locale: "en",
      },
    });
    const isReady = new Promise<void>((resolve) => {
      const listening = live.onChange(() => {
        if (!live.clusters.every(({ state }) => state === "ready")) return;
        listening.dispose();
        resolve();
      });
    });
    const watching = live.watch();
    await isReady;
    ready.push((performance.now() - began) / 1000);
    const { user, system } = process.cpuUsage(cpu);
    busy.push((user + system) / 1e6);
    await whenSettled(live, new AbortController().signal);
    settled.push((performance.now() - began) / 1000);
    counts = `${live.services.length} services and ${live.workloads.length} workloads of two clusters`;
    heap.push(heapMegabytes());
    await new Promise((resolve) => setTimeout(resolve, 300));
    const asked = performance.now();
    await live.refresh(new AbortController().signal);
    refreshed.push(performance.now() - asked);
    watching.dispose();
    live.dispose();
  }
  heading(`${services} services asked for: ${counts}`);
  figure("  made", made, "s");
  figure("  ready", ready, "s", services === 5000 ? 3 : undefined);
  figure("  processor time until then", busy, "s");
  figure("  everything in, with numbers", settled, "s");
  figure("  one refresh of the numbers", refreshed, "ms");
  figure("  heap, whole process", heap, "MB");
}
process.exit(0);
