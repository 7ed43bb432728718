// A topology from the store's answer to the screen, at five sizes: a local server answers as a store would, and a real
// Chromium lays out and draws. Frame times mean something only on a machine that does nothing else.
//
//   npm run bench topology
//   FOREYARD_BENCH_SIZES=50,500 npm run bench topology

import { createFormat } from "../../src/mesh/format/format.ts";
import type { Log } from "../../src/mesh/ports.ts";
import { graphOf } from "../../src/mesh/topology/graph/graphOf.ts";
import type { TopologyGraph } from "../../src/mesh/topology/graph/graph.ts";
import { place, rememberPlacement } from "../../src/mesh/topology/layout/place.ts";
import { readTopology } from "../../src/mesh/topology/reading/readTopology.ts";
import type { TopologyQuery } from "../../src/mesh/topology/reading/topologyReading.ts";
import { systemClock } from "../../src/sources/kubernetes/systemClock.ts";
import { openPrometheus } from "../../src/sources/prometheus/findPrometheus.ts";
import { startBenchLab, type BenchLab } from "../pages/support/benchLab.ts";
import { grownMesh, layoutInput, syntheticMesh } from "../unit/mesh/topology/layout/syntheticMesh.ts";
import { startEdgeStore } from "./edgeStore.ts";
import { figure, heading, heapMegabytes } from "./figures.ts";

interface Budget {
  readonly nodes: number;
  readonly layout: number;
  readonly next: number;
  readonly gap: number;
  readonly firstFrame: number;
  readonly heap: number;
  /** From the store's answer to the first picture. */
  readonly total: number;
}

const budgets: readonly Budget[] = [
  { nodes: 50, layout: 200, next: 20, gap: 25, firstFrame: 150, heap: 5, total: 500 },
  { nodes: 500, layout: 400, next: 40, gap: 25, firstFrame: 150, heap: 5, total: 500 },
  { nodes: 2000, layout: 900, next: 75, gap: 25, firstFrame: 200, heap: 6, total: 1000 },
  { nodes: 5000, layout: 1500, next: 120, gap: 30, firstFrame: 200, heap: 8, total: 2000 },
  { nodes: 10_000, layout: 2500, next: 300, gap: 50, firstFrame: 300, heap: 12, total: 2000 },
];

const wanted = process.env["FOREYARD_BENCH_SIZES"]?.split(",").map(Number);
const runs = Number(process.env["FOREYARD_BENCH_RUNS"] ?? 3);
const never = new AbortController().signal;
const log: Log = { debug: () => undefined, info: () => undefined, error: (what, e) => console.error(what, e) };
const format = createFormat("en");

const lab = await startBenchLab();
try {
  for (const budget of budgets) {
    if (wanted && !wanted.includes(budget.nodes)) continue;
    heading(`${budget.nodes} nodes`);
    const data = await measureData(budget.nodes);
    measureLayout(budget.nodes);
    await measurePage(lab, budget, data);
  }
} finally {
  await lab.close();
}
for (const complaint of lab.complaints) console.log(`  the page complained: ${complaint}`);

/** From the first query to the graph; returns the milliseconds without the wait for the store. */
async function measureData(nodes: number): Promise<number> {
  const store = await startEdgeStore(nodes);
  const source = openPrometheus({ url: store.url }, { log, clock: systemClock });
  const query: TopologyQuery = {
    view: "versionedApp",
    windowSeconds: 60,
    atMillis: undefined,
    isAligned: true,
    namespaces: undefined,
    ambient: "total",
    withIdleEdges: false,
    withLatency: false,
  };
  const waits: number[] = [];
  const decodes: number[] = [];
  const reads: number[] = [];
  const graphs: number[] = [];
  let graph: TopologyGraph | undefined;
  try {
    for (let run = 0; run < runs; run++) {
      const entry = { source, capabilities: undefined, cluster: undefined, status: undefined };
      const since = performance.now();
      const tools = { clock: systemClock, log };
      const reading = await readTopology({ stores: [entry], facts: undefined }, query, tools, never);
      const read = performance.now();
      graph = graphOf(reading, undefined, { withIdleNodes: true, format });
      const [cost] = reading.costs;
      graphs.push(performance.now() - read);
      reads.push(read - since);
      waits.push(cost?.waitMillis ?? NaN);
      decodes.push(cost?.decodeMillis ?? NaN);
      if (run > 0 || !cost) continue;
      figure("  queries sent", [cost.queries], "");
      figure("  rows", [cost.rows], "");
      figure("  answers", [cost.bytes / 1e6], "MB");
    }
  } finally {
    await store.stop();
  }
  figure("  until the last byte came", waits, "ms");
  figure("  decoding", decodes, "ms");
  figure("  asking, decoding and counting once", reads, "ms");
  figure("  graph", graphs, "ms");
  console.log(`  a graph of ${graph?.nodes.length ?? 0} nodes and ${graph?.edges.length ?? 0} edges`);
  return Math.min(...reads) + Math.min(...graphs);
}

/** The time of one core, whatever else runs on the machine. */
function measureLayout(nodes: number): void {
  const mesh = syntheticMesh(nodes);
  const input = layoutInput(mesh);
  const [first, cold] = cpu(() => place(input));
  const memory = rememberPlacement(input, first);
  const grown = layoutInput(grownMesh(mesh, 0.01, 1));
  figure("  layout, cold, processor time", [cold], "ms", nodes === 10_000 ? 1500 : undefined);
  figure("  layout, 1 % more nodes, processor time", [cpu(() => place(grown, memory))[1]], "ms");
  figure("  heap with the layout's memory", [heapMegabytes()], "MB");
}

function cpu<T>(work: () => T): [T, number] {
  const before = process.cpuUsage();
  const result = work();
  const { user, system } = process.cpuUsage(before);
  return [result, (user + system) / 1000];
}

async function measurePage(page: BenchLab, budget: Budget, dataMillis: number): Promise<void> {
  const found = await page.measure(budget.nodes);
  if (!found.hasWorker) console.log("  no worker could be started");
  figure("  snapshot on the wire", [found.snapshotBytes / 1000], "KB", 1500);
  figure("  transfer", [found.transfer], "ms");
  figure("  layout in the worker, cold, to and fro", [found.layoutCold], "ms", budget.layout);
  figure("  layout in the worker, 1 % more nodes, to and fro", [found.layoutNext], "ms", budget.next);
  figure("  longest gap of the page's thread meanwhile", [found.longestGap], "ms", budget.gap);
  figure("  first frame, as the page opens", [found.firstFrame], "ms", budget.firstFrame);
  figure("  first frame, all boxes open", [found.firstFrameOpen], "ms");
  figure("  metrics-only refresh until painted", [found.metricsRefresh], "ms");
  figure("  frames while panning, 95th percentile", [found.panP95], "ms", 17);
  figure("  frames while zooming, 95th percentile", [found.zoomP95], "ms", 17);
  figure("  frames while panning, all boxes open", [found.panOpenP95], "ms", 17);
  figure("  frames while zooming, all boxes open", [found.zoomOpenP95], "ms", 17);
  figure("  nodes that a metrics-only refresh moved", [found.movedMetricsOnly], "", 0);
  const far = budget.nodes <= 2000 ? 0 : Math.floor(found.survivors * 0.002);
  figure("  nodes that 1 % more moved by more than 120 px", [found.movedFar], "", far);
  console.log(`  mean move ${found.meanMove.toFixed(2)} px`);
  figure("  overlaps and nodes outside of their boxes", [found.faults.length], "", 0);
  figure("  heap of the page", [found.heapMegabytes], "MB", budget.heap);
  const total = dataMillis + found.transfer + found.layoutCold + found.firstFrame;
  figure("  from asking a store that answers at once to the picture", [total], "ms", budget.total);
}
