import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { fill } from "../../../../src/mesh/message.ts";
import type {
  LevelTelemetry,
  ClusterRows,
  NodeUse,
  ResourceChart,
} from "../../../../src/mesh/telemetry/levels/levelTelemetry.ts";
import type { TelemetrySource } from "../../../../src/mesh/ports.ts";
import { openPrometheus } from "../../../../src/sources/prometheus/findPrometheus.ts";
import { eventually } from "../../../support/eventually.ts";
import type { MetricsEngine } from "../../../support/metricsEngine.ts";
import { startExposition, type Exposition, type GrowingSeries } from "../exposition.ts";
import { engines } from "../storeEngines.ts";
import { realClock, silentLog } from "../surroundings.ts";

type Labels = Readonly<Record<string, string>>;
const gauge = (name: string, labels: Labels, value: number): GrowingSeries => ({ name, labels, perSecond: 0, value });
const counter = (name: string, labels: Labels, perSecond: number): GrowingSeries => ({ name, labels, perSecond });

interface Use {
  readonly cores: number;
  readonly bytes: number;
  readonly throttled?: number;
}

function container(labels: Labels, { cores, bytes, throttled }: Use): readonly GrowingSeries[] {
  const all = { namespace: "shop", image: "registry.example/app:1", ...labels };
  return [
    counter("container_cpu_usage_seconds_total", all, cores),
    gauge("container_memory_working_set_bytes", all, bytes),
    ...(throttled === undefined
      ? []
      : [
          counter("container_cpu_cfs_periods_total", all, 10),
          counter("container_cpu_cfs_throttled_periods_total", all, 10 * throttled),
        ]),
  ];
}

/** A node with one CPU of which a share is busy, half of its memory used, a quarter of its disk. */
function node(labels: Labels, busy: number): readonly GrowingSeries[] {
  return [
    counter("node_cpu_seconds_total", { ...labels, cpu: "0", mode: "idle" }, 1 - busy),
    counter("node_cpu_seconds_total", { ...labels, cpu: "0", mode: "user" }, busy),
    gauge("node_memory_MemTotal_bytes", labels, 8e9),
    gauge("node_memory_MemAvailable_bytes", labels, 4e9),
    gauge("node_filesystem_size_bytes", { ...labels, mountpoint: "/", fstype: "ext4", device: "/dev/a" }, 1e11),
    gauge("node_filesystem_avail_bytes", { ...labels, mountpoint: "/", fstype: "ext4", device: "/dev/a" }, 7.5e10),
    gauge("node_filesystem_size_bytes", { ...labels, mountpoint: "/tmp", fstype: "tmpfs", device: "tmpfs" }, 100),
    gauge("node_filesystem_avail_bytes", { ...labels, mountpoint: "/tmp", fstype: "tmpfs", device: "tmpfs" }, 0),
    counter("node_network_receive_bytes_total", { ...labels, device: "eth0" }, 5000),
    counter("node_network_transmit_bytes_total", { ...labels, device: "eth0" }, 7000),
    counter("node_network_receive_bytes_total", { ...labels, device: "lo" }, 999_999),
    counter("node_disk_io_time_seconds_total", { ...labels, device: "sda" }, 0.3),
    gauge("node_load1", labels, 2),
  ];
}

const world: readonly GrowingSeries[] = [
  ...container(
    { pod: "cart-1", container: "app", instance: "n1", job: "kubelet" },
    { cores: 0.5, bytes: 3e8, throttled: 0.25 },
  ),
  ...container({ pod: "cart-1", container: "istio-proxy", instance: "n1", job: "kubelet" }, { cores: 0.1, bytes: 6e7 }),
  // The sums of the pod and its sandbox, which count nothing once more.
  ...container(
    { pod: "cart-1", container: "", instance: "n1", job: "kubelet", image: "" },
    { cores: 0.6, bytes: 3.7e8 },
  ),
  ...container(
    { pod: "cart-1", container: "POD", instance: "n1", job: "kubelet", image: "" },
    { cores: 0, bytes: 1e6 },
  ),
  // Another job scrapes the same.
  ...container(
    { pod: "cart-1", container: "app", instance: "10.0.0.1:10250", job: "again" },
    { cores: 0.5, bytes: 3e8 },
  ),
  ...container(
    { pod: "db-0", container: "app", instance: "n1", job: "kubelet", cluster: "east" },
    { cores: 1, bytes: 1e8 },
  ),
  ...container(
    { pod: "db-0", container: "app", instance: "n9", job: "kubelet", cluster: "west" },
    { cores: 2, bytes: 2e8 },
  ),
  // Two clusters' pods of one name, and no label that tells which.
  ...container({ pod: "queue-0", container: "app", instance: "n1", job: "kubelet" }, { cores: 1, bytes: 1e8 }),
  ...container({ pod: "queue-0", container: "app", instance: "n2", job: "kubelet" }, { cores: 3, bytes: 3e8 }),
  ...container({ pod: 'od"d\\', container: "app", instance: "n1", job: "kubelet" }, { cores: 0.2, bytes: 1e6 }),
  ...container(
    { pod: "joined-1", container: "app", instance: "10.0.0.5:10250", job: "kubelet" },
    { cores: 0.7, bytes: 7e7 },
  ),
  gauge("kube_pod_info", { namespace: "shop", pod: "joined-1", node: "by-pod" }, 1),
  // The three ways from an exporter to its node, and a label.
  ...node({ instance: "10.0.0.1:9100", job: "ne" }, 0.1),
  gauge("node_uname_info", { instance: "10.0.0.1:9100", job: "ne", nodename: "by-name" }, 1),
  ...node({ instance: "10.0.0.2:9100", job: "ne", namespace: "monitoring", pod: "ne-x" }, 0.2),
  gauge(
    "node_uname_info",
    { instance: "10.0.0.2:9100", job: "ne", nodename: "other", namespace: "monitoring", pod: "ne-x" },
    1,
  ),
  gauge("kube_pod_info", { namespace: "monitoring", pod: "ne-x", node: "by-pod" }, 1),
  ...node({ instance: "10.0.0.3:9100", job: "ne" }, 0.3),
  gauge("node_uname_info", { instance: "10.0.0.3:9100", job: "ne", nodename: "ip-10-0-0-3" }, 1),
  gauge("kube_node_info", { node: "by-address", internal_ip: "10.0.0.3" }, 1),
  ...node({ instance: "10.0.0.4:9100", job: "ne", node: "by-label" }, 0.4),
  ...node({ instance: "10.0.0.6:9100", job: "ne" }, 0.6),
  // One address in two clusters, told apart by nothing.
  ...node({ instance: "twice-a:9100", job: "ne", node: "twice" }, 0.5),
  ...node({ instance: "twice-b:9100", job: "ne", node: "twice" }, 0.7),
];
const ownEast: ClusterRows = { id: "east", withUnplaced: true };
const far: ClusterRows = { id: "west", withUnplaced: false };

for (const { name, skip, start } of engines) {
  describe(`pods and nodes from ${name}`, { skip }, () => {
    let exposition: Exposition;
    let engine: MetricsEngine;
    let source: TelemetrySource;
    let levels: LevelTelemetry;
    let toMillis: number;
    const signal = AbortSignal.timeout(120_000);

    before(async () => {
      exposition = await startExposition(world);
      engine = await start({ targets: [{ address: exposition.address, honorLabels: true }] });
      source = openPrometheus({ url: engine.url }, { log: silentLog, clock: realClock });
      assert.ok(source.levels);
      levels = source.levels;
      await eventually("enough scrapes for a window", async () => {
        const [scrapes] = await engine.query('count_over_time(kube_pod_info{pod="ne-x"}[1m])');
        return (scrapes?.value ?? 0) >= 18;
      });
      toMillis = Math.floor(Date.now() / 1000) * 1000;
    });

    after(async () => {
      source.dispose();
      await engine.stop();
      exposition.close();
    });

    function near(actual: number | undefined, expected: number): void {
      assert.ok(Math.abs((actual ?? NaN) - expected) <= expected * 0.02, `${actual} instead of ${expected}`);
    }

    const containers = (pods: readonly string[], cluster: ClusterRows | undefined) =>
      levels.containers(
        { of: { what: "pods", namespace: "shop", pods }, cluster, windowSeconds: 10, atMillis: toMillis },
        signal,
      );

    async function charts(of: Parameters<LevelTelemetry["resourceCharts"]>[0]["of"], asked: readonly ResourceChart[]) {
      const range = { fromMillis: toMillis - 4000, toMillis, stepSeconds: 2 };
      const query = { of, cluster: ownEast, charts: asked, windowSeconds: 10, range };
      const answer = await levels.resourceCharts(query, signal);
      return answer.charts.map(({ series, missing }) => ({
        lasts: Object.fromEntries(series.map((line) => [line.name, line.points.at(-1) ?? NaN])),
        missing: missing.map(({ why }) => fill(why)),
      }));
    }

    it("count each container once, however often it is scraped, and no sums of pods", async () => {
      const { rows, missing } = await containers(["cart-1"], undefined);
      assert.deepEqual(rows.map((row) => row.container).toSorted(), ["app", "istio-proxy"]);
      const app = rows.find((row) => row.container === "app");
      near(app?.cores, 0.5);
      near(app?.memoryBytes, 3e8);
      near(app?.throttledShare, 0.25);
      assert.ok(Number.isNaN(rows.find((row) => row.container === "istio-proxy")?.throttledShare));
      assert.deepEqual(missing, []);
    });

    it("never mix pods of one name in two clusters", async () => {
      near((await containers(["db-0"], ownEast)).rows[0]?.cores, 1);
      near((await containers(["db-0"], far)).rows[0]?.cores, 2);
      assert.deepEqual((await containers(["cart-1"], far)).rows, []);
    });

    it("give no number and say why where clusters cannot be told apart", async () => {
      const { rows, missing } = await containers(["queue-0", "cart-1"], ownEast);
      assert.deepEqual([...new Set(rows.map(({ pod }) => pod))], ["cart-1"]);
      assert.deepEqual(
        missing.map(({ why }) => fill(why)),
        ["Series of two clusters or nodes cannot be told apart for lack of a label cluster: shop/queue-0."],
      );
    });

    it("take pods' names for nothing but names", async () => {
      assert.deepEqual(
        (await containers(['od"d\\', ".*"], ownEast)).rows.map(({ pod }) => pod),
        ['od"d\\'],
      );
    });

    it("name the exporter whose series are missing", async () => {
      const { missing } = await containers(["nobody"], ownEast);
      assert.deepEqual(
        missing.map(({ why }) => fill(why)),
        [
          "No series named container_cpu_usage_seconds_total (cAdvisor) is about this.",
          "No series named container_memory_working_set_bytes (cAdvisor) is about this.",
        ],
      );
    });

    it("find the pods of a node by the kubelet's name or by kube-state-metrics", async () => {
      const of = (wanted: string) => ({ what: "podsOfNode", node: wanted }) as const;
      const asked = { cluster: ownEast, windowSeconds: 10, atMillis: toMillis };
      const byInstance = await levels.containers({ ...asked, of: of("n2") }, signal);
      assert.deepEqual(
        byInstance.rows.map(({ pod }) => pod),
        ["queue-0"],
      );
      const joined = await levels.containers({ ...asked, of: of("by-pod") }, signal);
      near(joined.rows[0]?.cores, 0.7);
    });

    it("join node-exporters to nodes by label, name, pod and address", async () => {
      const wanted: readonly (readonly [string, number, string[]])[] = [
        ["by-name", 0.1, []],
        ["by-pod", 0.2, []],
        ["by-address", 0.3, []],
        ["by-label", 0.4, []],
        ["by-own-address", 0.6, ["10.0.0.6"]],
        ["nowhere", NaN, ["10.0.0.99"]],
      ];
      const nodes = wanted.map(([called, , addresses]) => ({ name: called, addresses }));
      const { rows, provenance } = await levels.nodes(
        { nodes, cluster: ownEast, windowSeconds: 10, atMillis: toMillis },
        signal,
      );
      assert.equal(provenance.length, 6);
      const found = new Map<string, NodeUse>(rows.map((row) => [row.node, row]));
      for (const [called, busy] of wanted) {
        if (Number.isNaN(busy)) assert.equal(found.get(called), undefined);
        else near(found.get(called)?.cpuShare, busy);
      }
      const one = found.get("by-pod");
      near(one?.memoryShare, 0.5);
      near(one?.filesystemShare, 0.25);
      near(one?.receivedBytesPerSecond, 5000);
      near(one?.sentBytesPerSecond, 7000);
      near(one?.loadPerCpu, 2);
      for (const each of nodes) {
        const [cpu] = await charts({ what: "node", node: each }, ["nodeCpu"]);
        const busy = found.get(each.name)?.cpuShare;
        if (busy === undefined) assert.deepEqual(cpu?.lasts, {});
        else near(cpu?.lasts[""], busy);
      }
    });

    it("give no number of a node where two report under its name", async () => {
      const nodes = [{ name: "twice", addresses: [] }];
      const { rows, missing } = await levels.nodes(
        { nodes, cluster: ownEast, windowSeconds: 10, atMillis: toMillis },
        signal,
      );
      assert.deepEqual(rows, []);
      assert.match(fill(missing.at(-1)?.why ?? { text: "", args: [] }), /cannot be told apart.*: twice\./);
    });

    it("chart containers of a pod, pods of several, and parts of a node", async () => {
      const [cpu, memory, throttling] = await charts({ what: "pods", namespace: "shop", pods: ["cart-1"] }, [
        "cpu",
        "memory",
        "throttling",
      ]);
      near(cpu?.lasts["app"], 0.5);
      near(memory?.lasts["istio-proxy"], 6e7);
      assert.deepEqual(Object.keys(throttling?.lasts ?? {}), ["app"]);
      const [pods] = await charts({ what: "pods", namespace: "shop", pods: ["cart-1", "db-0"] }, ["cpu"]);
      near(pods?.lasts["cart-1"], 0.6);
      near(pods?.lasts["db-0"], 1);
      const of = { what: "node", node: { name: "by-name", addresses: [] } } as const;
      const [files, network, disk, load] = await charts(of, ["nodeFilesystem", "nodeNetwork", "nodeDisk", "nodeLoad"]);
      near(files?.lasts["/"], 0.25);
      near(network?.lasts["sent"], 7000);
      near(disk?.lasts["sda"], 0.3);
      near(load?.lasts[""], 2);
    });

    it("leave gaps where two things of one name report", async () => {
      const [cpu] = await charts({ what: "pods", namespace: "shop", pods: ["queue-0"] }, ["cpu"]);
      assert.deepEqual(cpu?.lasts, {});
      assert.match(cpu.missing[0] ?? "", /cannot be told apart/);
    });
  });
}
