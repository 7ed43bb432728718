import { levelNames, type LevelName, type LevelPath, type LevelRef } from "../../../src/mesh/drilldown/level.ts";
import { MeshError } from "../../../src/mesh/meshError.ts";
import { fill } from "../../../src/mesh/message.ts";
import type { Port, ToHost, ToPage } from "../../../src/protocol/contract.ts";
import type {
  ChartParams,
  ChartSet,
  DrilldownContract,
  DrilldownFacts,
  Level,
  LevelParams,
  WireCard,
  WireChoice,
  WireTable,
} from "../../../src/protocol/drilldown/drilldownContract.ts";
import { serve, type Handlers, type Server } from "../../../src/protocol/serve.ts";

type Requests = DrilldownContract["requests"];

export const levelTime = Date.UTC(2026, 10, 22, 12, 4, 35);

export function refOf(level: LevelName, name: string, namespace = "shop"): LevelRef {
  const kinds: Readonly<Record<LevelName, string>> = {
    ...{ mesh: "Mesh", namespace: "Namespace", meshService: "Service", service: "Service" },
    ...{ workload: "Deployment", pod: "Pod", node: "Node" },
  };
  const cluster = ["mesh", "namespace", "meshService"].includes(level) ? "" : "eu";
  return { level, ref: { cluster, group: "", kind: kinds[level], namespace: level === "node" ? "" : namespace, name } };
}

export const reviewsPath: LevelPath = [refOf("mesh", "mesh", ""), refOf("meshService", "reviews")];

const under: Readonly<Record<LevelName, LevelRef | null>> = {
  mesh: refOf("meshService", "reviews"),
  namespace: refOf("meshService", "reviews"),
  meshService: refOf("service", "reviews"),
  service: refOf("workload", "reviews-v2"),
  workload: refOf("pod", "reviews-v2-x8k2"),
  pod: refOf("node", "node-b"),
  node: refOf("pod", "batch-7", "jobs"),
};

/** What levels and charts are read from where they are not made up. */
export interface DrilldownMesh {
  level(params: LevelParams): Promise<Level>;
  charts(params: ChartParams): Promise<ChartSet>;
}

/** The editor's end of the wire for a drill-down under test: levels of one sick service, and what trouble a test wants. */
export class DrilldownHost {
  facts: Partial<DrilldownFacts> = {};
  /** Over what a level is by itself. */
  level: Partial<Level> = {};
  cards: readonly WireCard[] = [];
  /** Charts of third parties. */
  foreign: ChartSet = { times: new Float64Array(0), charts: [] };
  /** Ids of charts that hold no line. */
  emptyCharts: readonly string[] = [];
  /** A mesh that answers in place of the sick service. */
  mesh: DrilldownMesh | undefined;
  /** What a first answer fails with: a window without a mesh. */
  openFailure: MeshError | undefined;
  failure: MeshError | undefined;
  /** Readings wait for it. */
  gate: Promise<void> | undefined;
  readonly asked: { readonly name: keyof Requests; readonly params: unknown }[] = [];
  #server: Server<DrilldownContract> | undefined;

  listen(port: Port<ToPage, ToHost>): void {
    this.#server?.dispose();
    this.#server = serve<DrilldownContract>(port, this.#handlers(), (error) => {
      if (!MeshError.is(error)) throw error;
      return { kind: error.kind, message: error.message, ...(error.hint ? { hint: fill(error.hint) } : {}) };
    });
  }

  emit<N extends keyof DrilldownContract["events"]>(name: N, data: DrilldownContract["events"][N]): void {
    this.#server?.emit(name, data);
  }

  dispose(): void {
    this.#server?.dispose();
  }

  count(name: keyof Requests): number {
    return this.asked.filter((asked) => asked.name === name).length;
  }

  last<N extends keyof Requests>(name: N): Requests[N]["params"] | undefined {
    return this.asked.findLast((asked) => asked.name === name)?.params as Requests[N]["params"] | undefined;
  }

  #handlers(): Handlers<DrilldownContract> {
    const answers: {
      readonly [N in keyof Requests]: (params: Requests[N]["params"]) => Promise<Requests[N]["result"]>;
    } = {
      "page.open": () =>
        this.openFailure ? Promise.reject(this.openFailure) : Promise.resolve({ ...facts, ...this.facts }),
      "level.load": async (params) => {
        const { path, windowSeconds, atMillis } = params;
        await this.gate;
        if (this.failure) throw this.failure;
        if (this.mesh) return { ...(await this.mesh.level(params)), ...this.level };
        return { ...levelOf(path), windowSeconds, atMillis: atMillis ?? levelTime, ...this.level };
      },
      "charts.load": async (params) => (this.mesh ? this.mesh.charts(params) : chartsOf(params, this.emptyCharts)),
      "cards.load": () => Promise.resolve({ cards: this.cards, charts: this.foreign }),
      "action.run": () => Promise.resolve(null),
      "link.follow": () => Promise.resolve(null),
      "text.copy": () => Promise.resolve(null),
      "query.open": () => Promise.resolve(null),
      "csv.save": () => Promise.resolve({ saved: true }),
      "way.take": () => Promise.resolve(null),
    };
    return Object.fromEntries(
      Object.entries(answers).map(([name, answer]) => [
        name,
        {
          parse: (params: unknown) => params,
          run: (params: never) => {
            this.asked.push({ name: name as keyof Requests, params });
            return answer(params);
          },
        },
      ]),
    ) as unknown as Handlers<DrilldownContract>;
  }
}

const facts: DrilldownFacts = {
  ...{ meshId: "mesh", meshName: "cluster.local", locale: "en", translations: {}, isDemo: true },
  retentionSeconds: 15 * 86_400,
  defaults: { windowSeconds: 300, refreshSeconds: 0, rangeSeconds: 3600 },
  path: reviewsPath,
};

const choice = (to: LevelRef, state: WireChoice["state"] = "healthy"): WireChoice => ({ to, name: to.ref.name, state });

/** A table of rows that lead a level down. */
export function rowsTable(level: LevelName, names: readonly string[]): WireTable {
  return {
    id: `${level}s`,
    title: { workload: "Workloads", pod: "Pods" }[level as string] ?? "Members",
    why: "",
    columns: [
      { id: "name", title: "Name", isNumber: false },
      { id: "state", title: "State", isNumber: false },
      { id: "rps", title: "Requests", isNumber: true },
      { id: "errors", title: "Errors", isNumber: true },
      { id: "p95", title: "p95", isNumber: true },
      { id: "cpu", title: "CPU of limit", isNumber: true },
      { id: "memory", title: "Memory of limit", isNumber: true },
      { id: "node", title: "Node", isNumber: false },
    ],
    rows: names.map((name, i) => ({
      to: refOf(level, name),
      id: `eu//x/shop/${name}`,
      share: i === 0 ? 0.91 : 0,
      cells: [
        { is: "text", text: name },
        { is: "state", state: i === 0 ? "failing" : "healthy", text: "" },
        { is: "number", value: i === 2 ? 0 : 12 - i, unit: "rps", limit: NaN, isIdle: i === 2 },
        { is: "number", value: i === 0 ? 0.083 : i === 2 ? NaN : 0, unit: "share", limit: NaN, isIdle: false },
        { is: "number", value: i === 0 ? 1.2 : 0.018, unit: "seconds", limit: NaN, isIdle: false },
        { is: "number", value: 0.3, unit: "cores", limit: 0.5, isIdle: false },
        { is: "number", value: i === 0 ? 498e6 : 212e6, unit: "bytes", limit: 512e6, isIdle: false },
        { is: "text", text: i === 0 ? "node-b" : "node-a" },
      ],
    })),
  };
}

function levelOf(path: LevelPath): Level {
  const at = path.at(-1) ?? refOf("mesh", "mesh", "");
  const next = under[at.level];
  const figure = { limit: NaN, request: NaN, isIdle: false, why: "", origin: null };
  const origin = {
    source: "Prometheus monitoring/prometheus-k8s",
    queries: ['sum(rate(istio_requests_total{destination_service_name="reviews"}[5m]))'],
  };
  return {
    ...{ at, path, presence: "there", title: at.level === "mesh" ? "cluster.local" : at.ref.name, state: "failing" },
    subtitle: at.ref.namespace === "" ? "2 clusters" : `${at.ref.namespace} · prod-eu`,
    reasons: [
      { words: "8.3% of 12 rps failed, 9 of 10 from reviews-v2", to: next },
      { words: "pod reviews-v2-x8k2 ran out of memory 2 min ago (limit 512 MB)", to: refOf("pod", "reviews-v2-x8k2") },
    ],
    crumbs: levelNames.slice(2).map((level) => {
      const chosen = path.find((part) => part.level === level);
      const others = level === next?.level ? [choice(next, "failing"), choice(refOf(level, "other"))] : [];
      return {
        level,
        chosen: chosen ? choice(chosen, "failing") : null,
        choices: chosen ? [choice(chosen, "failing"), ...others] : others,
      };
    }),
    figures: [
      { ...figure, id: "rps", title: "Requests", value: 12, unit: "rps", origin },
      { ...figure, id: "errors", title: "Errors", value: 0.083, unit: "share", origin },
      { ...figure, id: "p95", title: "p95", value: 1.2, unit: "seconds", origin },
      { ...figure, id: "tcp", title: "TCP received", value: 0, unit: "bytesPerSecond", isIdle: true },
      { ...figure, id: "cpu", title: "CPU", value: 0.3, unit: "cores", limit: 0.5, origin },
      { ...figure, id: "memory", title: "Memory", value: 498e6, unit: "bytes", limit: 512e6, request: 256e6, origin },
      {
        ...figure,
        id: "throttling",
        title: "Throttled",
        value: NaN,
        unit: "share",
        why: "cAdvisor would tell how often the CPU was held back.",
      },
    ],
    suspects: next
      ? [
          {
            level: next.level,
            to: next,
            id: "",
            name: next.ref.name,
            share: 0.91,
            reason: "8.3% errors, restarted 4 times",
          },
          { level: "rule", to: null, id: "vs", name: "VirtualService reviews", share: 0.09, reason: "retries 3 times" },
        ]
      : [],
    charts: [
      ...(["requests", "errors", "latency"] as const).map((chart) => ({
        id: `${chart} inbound`,
        ...{ chart, title: { requests: "Requests", errors: "Errors", latency: "Latency" }[chart] },
        ...{
          unit: ({ requests: "rps", errors: "share", latency: "seconds" } as const)[chart],
          direction: "inbound" as const,
        },
        ...{ groupings: ["none", "version"] as const, thresholds: null, lines: [] },
      })),
    ],
    tables: next ? [rowsTable(next.level, [next.ref.name, "reviews-v1", "reviews-v3"])] : [],
    facts: [
      {
        title: "About",
        facts: [
          { name: "Revision", values: ["1-29"], atMillis: NaN, to: null },
          { name: "Started", values: [], atMillis: levelTime - 120_000, to: null },
          { name: "Node", values: ["node-b"], atMillis: NaN, to: refOf("node", "node-b") },
          { name: "Labels", values: ["app=reviews", "version=v2", "pod-template-hash=7d9f"], atMillis: NaN, to: null },
        ],
      },
    ],
    configuration: [{ id: "vs", title: "VirtualService reviews", detail: "Opens its YAML" }],
    findings: [
      { severity: "warning", words: "No timeout is set.", link: { id: "vs", title: "reviews", detail: "YAML" } },
    ],
    actions: (["openYaml", "logs", "copyName", "showTopology", "describe", "openPrometheus"] as const).map(
      (action) => ({
        ...{
          action,
          title: {
            openYaml: "Open YAML",
            logs: "Logs",
            copyName: "Copy Name",
            showTopology: "View in Topology",
            describe: "Describe",
            openPrometheus: "Open in Prometheus",
          }[action],
        },
        detail: `On ${at.ref.name}`,
      }),
    ),
    problems: ["node-exporter would give CPU, memory and file systems of nodes."],
    ...{ atMillis: levelTime, windowSeconds: 300, staleSince: NaN },
  };
}

function chartsOf({ charts, rangeSeconds, atMillis }: ChartParams, empty: readonly string[]): ChartSet {
  const count = 61;
  const end = (atMillis ?? levelTime) / 1000;
  const times = Float64Array.from({ length: count }, (_, i) => end - ((count - 1 - i) * rangeSeconds) / (count - 1));
  return {
    times,
    charts: charts.map(({ id, by }) => ({
      ...{ id, by, foreignUnit: "", title: id, origin: null },
      ...(empty.includes(id) ? { names: [], why: ["Nothing was reported."] } : { names: ["v1", "v2"], why: [] }),
      unit: "rps",
      points: Float64Array.from({ length: empty.includes(id) ? 0 : 2 * count }, (_, i) =>
        i % 17 === 0 ? NaN : 6 + 3 * Math.sin(i / 7),
      ),
    })),
  };
}
