import { env } from "vscode";
import { createFormat, type Format } from "../../mesh/format/format.ts";
import { MeshError } from "../../mesh/meshError.ts";
import { say } from "../../mesh/message.ts";
import type { LiveMesh } from "../../mesh/live/liveMesh.ts";
import type { Clock, Log } from "../../mesh/ports.ts";
import { Slices } from "../../mesh/telemetry/edges/slices.ts";
import type { TopologyGraph } from "../../mesh/topology/graph/graph.ts";
import { GraphTracker } from "../../mesh/topology/graph/graphTracker.ts";
import { graphInSlices } from "../../mesh/topology/graph/graphOf.ts";
import { readSelection, type SelectionReading } from "../../mesh/topology/reading/readSelection.ts";
import { readSelectionSeries } from "../../mesh/topology/reading/readSelectionSeries.ts";
import { readTopology } from "../../mesh/topology/reading/readTopology.ts";
import type { TopologyInput, TopologyQuery, TopologyReading } from "../../mesh/topology/reading/topologyReading.ts";
import type { GraphSnapshot } from "../../protocol/topology/graphSnapshot.ts";
import { snapshotOf } from "../../protocol/topology/snapshotOf.ts";
import type { DetailSeries, LoadParams, Target } from "../../protocol/topology/topologyContract.ts";
import { findMarks } from "./findMarks.ts";
import { selectedIn, tellingCalls, type Selected } from "./selection.ts";
import { translate } from "../words.ts";
import { withStale } from "./staleMarks.ts";
import { spentOf, wordsOf } from "./snapshotLines.ts";

const leastStepSeconds = 15;
const chartSteps = 60;

export type MarkParams = Pick<LoadParams, "find" | "hide" | "label" | "withIdleNodes">;

/** What is on the screen, and all that it was made of. */
export interface Read {
  readonly input: TopologyInput;
  readonly reading: TopologyReading;
  readonly graph: TopologyGraph;
  /** Milliseconds that the graph took. */
  readonly graphMillis: number;
  readonly params: LoadParams;
}

export interface ReadingPart {
  readonly live: LiveMesh;
  readonly clock: Clock;
  readonly log: Log;
}

/** Reads one mesh, and keeps the last reading: marks, details and exports are made of what is on the screen. */
export class TopologyReader {
  readonly live: LiveMesh;
  readonly #part: ReadingPart;
  readonly #format: Format = createFormat(env.language);
  readonly #tracker = new GraphTracker();
  #last: Read | undefined;
  #serial = 0;

  constructor(part: ReadingPart) {
    this.live = part.live;
    this.#part = part;
  }

  /** The last reading. Throws where there is none yet. */
  get last(): Read {
    if (!this.#last) throw new MeshError("not-found", say("Nothing was read yet."), { hint: say("Try again.") });
    return this.#last;
  }

  get graph(): TopologyGraph | undefined {
    return this.#last?.graph;
  }

  /** The last picture once more, where it is one of the same question. */
  kept(params: LoadParams): GraphSnapshot | undefined {
    const last = this.#last;
    if (!last || questionOf(last.params) !== questionOf(params)) return undefined;
    if (last.params.withIdleNodes !== params.withIdleNodes) return undefined;
    this.#last = { ...last, params };
    return this.#snapshot(this.#last);
  }

  async read(params: LoadParams, signal: AbortSignal): Promise<GraphSnapshot> {
    const { clock, log } = this.#part;
    const input = this.live.topology();
    const previous = this.#last?.reading;
    const reading = await readTopology(input, this.#query(params), { clock, log, previous }, signal);
    const last = await this.#draw({ input, reading, params }, signal);
    signal.throwIfAborted();
    this.#last = last;
    return this.#snapshot(last);
  }

  /** The last picture with other marks; no store is asked. */
  async mark(marks: MarkParams, signal: AbortSignal): Promise<GraphSnapshot> {
    const { last } = this;
    const params = { ...last.params, ...marks };
    const isSame = params.withIdleNodes === last.params.withIdleNodes;
    const next = isSame ? { ...last, params } : await this.#draw({ ...last, params }, signal);
    if (this.#last === last) this.#last = next;
    return this.#snapshot(next);
  }

  /** Hosts and principals of a selection: too many to be read for the whole picture. */
  ask(selected: Selected, signal: AbortSignal): Promise<SelectionReading> {
    const { input, reading } = this.last;
    return readSelection(input, { reading, calls: tellingCalls(selected) }, this.#part, signal);
  }

  /** The selection over the window. */
  async series(target: Target, signal: AbortSignal): Promise<DetailSeries> {
    const { input, reading, graph } = this.last;
    const { atMillis, windowSeconds } = reading;
    const time = {
      fromMillis: atMillis - windowSeconds * 1000,
      toMillis: atMillis,
      stepSeconds: Math.max(leastStepSeconds, Math.ceil(windowSeconds / chartSteps)),
    };
    const calls = tellingCalls(selectedIn(graph, target));
    const series = await readSelectionSeries(input, { reading, calls, time }, this.#part, signal);
    const { times, rps, errorsPerSecond, sentBytesPerSecond, receivedBytesPerSecond, latency, provenance } = series;
    const gaps = (): Float64Array => new Float64Array(times.length).fill(NaN);
    return {
      ...{ times, rps, errorsPerSecond, sentBytesPerSecond, receivedBytesPerSecond },
      ...{ p50: latency?.p50 ?? gaps(), p95: latency?.p95 ?? gaps(), p99: latency?.p99 ?? gaps() },
      queries: [...new Set(provenance.map(({ query }) => query))],
      problems: series.problems.map(({ words }) => translate(words)),
    };
  }

  async #draw({ input, reading, params }: Omit<Read, "graph" | "graphMillis">, signal: AbortSignal): Promise<Read> {
    const { clock } = this.#part;
    const begun = clock.now();
    const options = { withIdleNodes: params.withIdleNodes, format: this.#format };
    const drawn = await graphInSlices(reading, input.facts, options, new Slices({ clock, signal }));
    const graph = this.#tracker.next(drawn, thingsAskedFor(params));
    return { input, reading, params, graph, graphMillis: clock.now() - begun };
  }

  #query(params: LoadParams): TopologyQuery {
    const { view, windowSeconds, atMillis, namespaces, ambient, withIdleEdges } = params;
    return {
      ...{ view, windowSeconds, ambient, withIdleEdges, isAligned: true },
      atMillis: atMillis ?? undefined,
      namespaces: namespaces ?? this.live.filter.namespaces,
      withLatency: wantsLatency(params),
    };
  }

  #snapshot({ input, graph, reading, graphMillis, params }: Read): GraphSnapshot {
    const { atMillis, windowSeconds } = reading;
    const { marks, error } = findMarks(graph, params.find, params.hide);
    return snapshotOf(graph, {
      ...wordsOf(reading),
      serial: ++this.#serial,
      ...{ atMillis, windowSeconds, marks: withStale(reading, graph, marks), findError: error, label: params.label },
      contexts: new Map(input.stores.flatMap(({ cluster }) => (cluster ? [[cluster.key, cluster.context]] : []))),
      spent: spentOf(reading, graphMillis),
    });
  }
}

/** Quantiles are shown, or looked for: `rt.p95 > 500ms`. */
function wantsLatency({ label, find, hide }: LoadParams): boolean {
  return /^p\d+$/.test(label) || /\brt\b|\bp(50|95|99)\b/.test(`${find} ${hide}`);
}

/** What decides which things are in a picture; another answer to another question is no change of the mesh. */
function thingsAskedFor({ namespaces, ambient, atMillis, withIdleEdges, withIdleNodes }: LoadParams): string {
  return JSON.stringify([namespaces, ambient, atMillis !== null, withIdleEdges, withIdleNodes]);
}

/** What stores are asked, as one text. */
function questionOf(params: LoadParams): string {
  const { view, windowSeconds, atMillis, namespaces, ambient, withIdleEdges } = params;
  return JSON.stringify([view, windowSeconds, atMillis, namespaces, ambient, withIdleEdges, wantsLatency(params)]);
}
