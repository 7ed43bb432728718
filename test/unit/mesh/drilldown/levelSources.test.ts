import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { DrilldownInput } from "../../../../src/mesh/drilldown/drilldownInput.ts";
import { findCause } from "../../../../src/mesh/drilldown/findCause.ts";
import type { LevelPath } from "../../../../src/mesh/drilldown/level.ts";
import { pathTo } from "../../../../src/mesh/drilldown/pathTo.ts";
import { readLevel } from "../../../../src/mesh/drilldown/readLevel.ts";
import { MeshError } from "../../../../src/mesh/meshError.ts";
import { fill, say } from "../../../../src/mesh/message.ts";
import type { LevelTelemetry } from "../../../../src/mesh/telemetry/levels/levelTelemetry.ts";
import { openDemo, type OpenDemo } from "./openDemo.ts";

const { signal } = new AbortController();
const time = { windowSeconds: 60, atMillis: undefined, signal };

/** The same with stores that hold nothing of cAdvisor and node-exporter. */
function withoutExporters(input: DrilldownInput): DrilldownInput {
  const absent = { present: false, lookedFor: [] };
  const stores = input.stores.map((store) => {
    const { capabilities } = store;
    return capabilities
      ? {
          ...store,
          capabilities: { ...capabilities, cadvisor: absent, nodeExporter: absent, kubeStateMetrics: absent },
        }
      : store;
  });
  return { ...input, stores };
}

function withoutMetricsServer(input: DrilldownInput): DrilldownInput {
  const unserved = () => Promise.reject(new MeshError("not-found", say("not served")));
  return { ...input, reads: { ...input.reads, podMetrics: unserved, nodeMetrics: unserved } };
}

/** The same, and what it has asked its stores: each question by the most queries that it may be. */
function counting(input: DrilldownInput): { readonly input: DrilldownInput; asked: number } {
  const count = { input, asked: 0 };
  const stores = input.stores.map((store) => {
    const levels = store.source?.levels;
    if (!store.source || !levels) return store;
    const counted: LevelTelemetry = {
      trafficCharts: (query, to) => ((count.asked += query.charts.length), levels.trafficCharts(query, to)),
      podTraffic: (query, to) => ((count.asked += 3), levels.podTraffic(query, to)),
      containers: (query, to) => ((count.asked += 3), levels.containers(query, to)),
      nodes: (query, to) => ((count.asked += 6), levels.nodes(query, to)),
      resourceCharts: (query, to) => ((count.asked += query.charts.length), levels.resourceCharts(query, to)),
      sparks: (query, to) => ((count.asked += 2), levels.sparks(query, to)),
    };
    const { source } = store;
    const { id, label } = source;
    return { ...store, source: { ...source, id, label, levels: counted } };
  });
  count.input = { ...input, stores };
  return count;
}

void describe("a level", () => {
  let demo: OpenDemo | undefined;
  let input: DrilldownInput;
  let paths: Readonly<Record<"workload" | "pod" | "node", LevelPath>>;
  before(async () => {
    demo = await openDemo({ seed: 1, services: 0 });
    input = demo.input;
    const workload = input.workloads.find(({ ref }) => ref.name === "reviews-v2");
    const pod = workload?.pods[0];
    const node = input.nodes.find(({ ref }) => ref.cluster === pod?.ref.cluster && ref.name === pod.node);
    assert.ok(workload && pod && node);
    const to = (ref: typeof pod.ref) => pathTo(input, ref) ?? [];
    paths = { workload: to(workload.ref), pod: to(pod.ref), node: to(node.ref) };
  });
  after(() => demo?.dispose());

  for (const level of ["workload", "pod", "node"] as const) {
    void it(`of a ${level} has its numbers from exporters where Prometheus has them`, async () => {
      const { figures, charts } = await readLevel(input, paths[level], time);
      for (const id of ["cpu", "memory"]) {
        const figure = figures.find((one) => one.id === id);
        assert.ok(figure && figure.value > 0, id);
        assert.doesNotMatch(figure.origin?.source ?? "metrics.k8s.io", /metrics\.k8s\.io/);
      }
      assert.ok(charts.some(({ chart }) => chart === (level === "node" ? "nodeCpu" : "cpu")));
    });

    void it(`of a ${level} has CPU and memory of metrics.k8s.io where there are no exporters, and says what they add`, async () => {
      const { figures, charts } = await readLevel(withoutExporters(input), paths[level], time);
      for (const id of ["cpu", "memory"]) {
        const figure = figures.find((one) => one.id === id);
        assert.ok(figure && figure.value > 0, id);
        assert.match(figure.origin?.source ?? "", /^metrics\.k8s\.io of demo-/);
      }
      assert.ok(!charts.some(({ chart }) => chart === "cpu" || chart === "nodeCpu"));
    });

    void it(`of a ${level} has no data and never 0 where nothing tells, and says what would`, async () => {
      const { figures } = await readLevel(withoutMetricsServer(withoutExporters(input)), paths[level], time);
      for (const id of ["cpu", "memory"]) {
        const figure = figures.find((one) => one.id === id);
        assert.ok(figure?.why && Number.isNaN(figure.value), id);
        assert.match(fill(figure.why), level === "node" ? /node-exporter .* would give/ : /cAdvisor .* would give/);
        assert.equal(figure.origin, undefined);
      }
    });
  }

  void it("of a node has the use of its pods from metrics.k8s.io, too", async () => {
    const { tables } = await readLevel(withoutExporters(input), paths.node, time);
    const pods = tables.find(({ id }) => id === "pods");
    const place = pods?.columns.findIndex(({ id }) => id === "memory") ?? -1;
    const cells = pods?.rows.map(({ cells: all }) => all[place]) ?? [];
    assert.ok(cells.some((cell) => cell?.is === "number" && cell.value > 0));
  });

  void it("asks its store at most 12 queries, on the whole way down to the cause", async () => {
    const { levels } = await findCause(
      input,
      [{ level: "meshService", ref: { cluster: "", group: "", kind: "Service", namespace: "shop", name: "reviews" } }],
      time,
    );
    assert.deepEqual(
      levels.map(({ at }) => at.level),
      ["meshService", "service", "workload", "pod", "node"],
    );
    for (const { path, at } of levels) {
      const count = counting(input);
      await readLevel(count.input, path, time);
      assert.ok(count.asked <= 12, `${at.level}: ${count.asked}`);
      assert.ok(count.asked > 0, at.level);
    }
  });
});
