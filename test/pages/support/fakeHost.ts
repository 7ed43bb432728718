import { MeshError } from "../../../src/mesh/meshError.ts";
import { say, fill } from "../../../src/mesh/message.ts";
import { topologyRequests } from "../../../src/editor/pages/topologyRequests.ts";
import type { Port, ToHost, ToPage } from "../../../src/protocol/contract.ts";
import { serve, type Handlers, type Server } from "../../../src/protocol/serve.ts";
import { complete } from "../../../src/mesh/topology/find/complete.ts";
import { isFindError } from "../../../src/mesh/topology/find/expression.ts";
import { hiddenBy, marksOf } from "../../../src/mesh/topology/find/marks.ts";
import { parseFind } from "../../../src/mesh/topology/find/parseFind.ts";
import type { TopologyGraph } from "../../../src/mesh/topology/graph/graph.ts";
import { flag } from "../../../src/protocol/topology/graphSnapshot.ts";
import type { EmptyLine, GraphSnapshot, ProblemLine } from "../../../src/protocol/topology/graphSnapshot.ts";
import { snapshotOf } from "../../../src/protocol/topology/snapshotOf.ts";
import type {
  Details,
  DetailSeries,
  LoadParams,
  PageFacts,
  Target,
  TopologyContract,
} from "../../../src/protocol/topology/topologyContract.ts";
import { graphOfLines, shop, type CallLine } from "./meshCalls.ts";

type Requests = TopologyContract["requests"];
export interface Asked {
  readonly name: keyof Requests;
  readonly params: unknown;
}

export const meshTime = Date.UTC(2026, 10, 22, 12, 4, 35);

/** The editor's end of the wire for a page under test: real parsers, real graph, and whatever trouble a test wants. */
export class FakeHost {
  lines: readonly CallLine[] = shop;
  problems: readonly ProblemLine[] = [];
  empty: EmptyLine | null = null;
  facts: Partial<PageFacts> = {};
  details: Partial<Details> = {};
  series: Partial<DetailSeries> = {};
  /** Fails each reading while it is set. */
  failure: MeshError | undefined;
  /** Readings wait for it. */
  gate: Promise<void> | undefined;
  atMillis = meshTime;
  readonly asked: Asked[] = [];
  #serial = 0;
  #graph: TopologyGraph | undefined;
  #last: LoadParams | undefined;
  #server: Server<TopologyContract> | undefined;

  /** Answers on this port from now on; a page that was loaded again gets a new one. */
  listen(port: Port<ToPage, ToHost>): void {
    this.#server?.dispose();
    this.#server = serve<TopologyContract>(port, this.#handlers(), (error) => {
      if (!MeshError.is(error)) throw error;
      const hint = error.hint && fill(error.hint);
      return { kind: error.kind, message: error.message, ...(hint === undefined ? {} : { hint }) };
    });
  }

  emit<N extends keyof TopologyContract["events"]>(name: N, data: TopologyContract["events"][N]): void {
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

  #handlers(): Handlers<TopologyContract> {
    const answers: {
      readonly [N in keyof Requests]: (params: Requests[N]["params"]) => Promise<Requests[N]["result"]>;
    } = {
      "page.open": () => Promise.resolve({ ...facts, ...this.facts }),
      "graph.load": async (params) => {
        await this.gate;
        if (this.failure) throw this.failure;
        this.#last = params;
        return this.#snapshot(params);
      },
      "graph.mark": (params) => {
        if (!this.#last) throw new MeshError("invalid", say("Nothing was read yet."));
        return Promise.resolve(this.#snapshot({ ...this.#last, ...params }));
      },
      "graph.complete": ({ text, caret }) =>
        Promise.resolve(this.#graph ? complete(text, caret, this.#graph) : { from: caret, words: [] }),
      "details.load": (target) => Promise.resolve({ ...detailsOf(target), ...this.details }),
      "details.series": () => Promise.resolve({ ...series(), ...this.series }),
      "link.follow": () => Promise.resolve(null),
      "text.copy": () => Promise.resolve(null),
      "graph.export": () => Promise.resolve({ saved: true }),
      "positions.save": () => Promise.resolve(null),
      "way.take": () => Promise.resolve(null),
    };
    return Object.fromEntries(
      Object.entries(answers).map(([name, answer]) => [
        name,
        {
          parse: topologyRequests[name as keyof Requests],
          run: (params: never) => {
            this.asked.push({ name: name as keyof Requests, params });
            return answer(params);
          },
        },
      ]),
    ) as unknown as Handlers<TopologyContract>;
  }

  #snapshot(params: LoadParams): GraphSnapshot {
    const graph = graphOfLines(this.empty ? [] : this.lines, params, this.atMillis);
    const stores = [
      {
        ...{ cluster: "demo-eu", label: "demo-eu", state: "ready" as const, measuredAt: this.atMillis },
        ...{ isDerived: false, dialects: ["V2"], scrapeIntervalSeconds: 15 },
      },
    ];
    const read = { find: parseFind(params.find), hide: parseFind(params.hide) };
    const found = isFindError(read.find) ? undefined : marksOf(read.find, graph);
    const hidden = isFindError(read.hide) ? undefined : hiddenBy(read.hide, graph);
    const bits = (kind: "nodes" | "edges") =>
      Uint16Array.from(
        graph[kind].keys(),
        (index) => (found?.[kind].has(index) ? flag.found : 0) | (hidden?.[kind].has(index) ? flag.hidden : 0),
      );
    const marks = { nodes: bits("nodes"), edges: bits("edges") };
    const which = isFindError(read.find) ? "find" : "hide";
    const wrong = isFindError(read.find) ? read.find : isFindError(read.hide) ? read.hide : null;
    this.#graph = graph;
    return snapshotOf(graph, {
      serial: ++this.#serial,
      atMillis: params.atMillis ?? this.atMillis,
      windowSeconds: params.windowSeconds,
      ...{ problems: this.problems, stores, empty: this.empty },
      spent: { wait: 120, decode: 8, graph: 3, queries: 4, bytes: 640_000 },
      findError: wrong && { which, words: fill(wrong.words), at: wrong.at },
      label: params.label,
      marks,
    });
  }
}

const facts: PageFacts = {
  meshId: "mesh",
  meshName: "cluster.local",
  locale: "en",
  translations: {},
  positions: { nodes: {} },
  focus: null,
  isDemo: true,
  retentionSeconds: 15 * 86_400,
  defaults: { windowSeconds: 300, refreshSeconds: 0 },
  namespaces: ["istio-system", "payments", "shop"],
};

function detailsOf(target: Target): Details {
  const name = target.id.split("/").at(-1) ?? "";
  return {
    target,
    title: name,
    subtitle: `${target.what} · shop · demo-eu`,
    state: "failing",
    reasons: ["50% of requests failed"],
    inbound: [
      {
        ...{ protocol: "http", rps: 12, errorRate: 0.05, clientErrorRate: 0.01 },
        ...{ sentBytesPerSecond: NaN, receivedBytesPerSecond: NaN },
      },
    ],
    outbound: [
      {
        ...{ protocol: "tcp", rps: NaN, errorRate: NaN, clientErrorRate: NaN },
        ...{ sentBytesPerSecond: 900, receivedBytesPerSecond: 1600 },
      },
    ],
    latency: { p50: 0.018, p95: 0.12, p99: 1.2 },
    codes: [
      { protocol: "http", code: "200", flags: "-", host: "reviews.shop.svc.cluster.local", rate: 11.4, share: 0.95 },
      { protocol: "http", code: "500", flags: "URX", host: "reviews.shop.svc.cluster.local", rate: 0.6, share: 0.05 },
    ],
    mtls: 1,
    principals: [
      { source: "cluster.local/ns/shop/sa/front", destination: "cluster.local/ns/shop/sa/reviews", share: 1 },
    ],
    facts: [
      { name: "Replicas", value: "2 of 3 ready" },
      { name: "Version", value: "v2" },
    ],
    configuration: [{ id: "vs", title: "VirtualService reviews", detail: "Opens its YAML" }],
    findings: [
      { severity: "warning", words: "No timeout is set.", link: { id: "vs", title: "reviews", detail: "YAML" } },
    ],
    actions: [
      { id: "yaml", title: "Open YAML", detail: "Opens the Deployment" },
      { id: "reveal", title: "Reveal in tree", detail: "Shows the row" },
      { id: "copy", title: "Copy name", detail: "Copies reviews-v2" },
    ],
    queries: ['sum by (source_workload) (rate(istio_requests_total{destination_workload="reviews-v2"}[5m]))'],
    problems: [],
  };
}

function series(): DetailSeries {
  const count = 60;
  const made = (value: (i: number) => number) => Float64Array.from({ length: count }, (_, i) => value(i));
  return {
    times: made((i) => meshTime / 1000 - (count - i) * 5),
    rps: made((i) => 10 + 2 * Math.sin(i / 6)),
    errorsPerSecond: made((i) => (i > 40 ? 0.6 : 0.1)),
    sentBytesPerSecond: made(() => NaN),
    receivedBytesPerSecond: made(() => NaN),
    p50: made(() => 0.018),
    p95: made(() => 0.12),
    p99: made(() => 1.2),
    queries: [],
    problems: [],
  };
}
