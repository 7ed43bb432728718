import { env } from "vscode";
import { createFormat, type Format } from "../../mesh/format/format.ts";
import { MeshError } from "../../mesh/meshError.ts";
import { say } from "../../mesh/message.ts";
import type { LiveMesh } from "../../mesh/live/liveMesh.ts";
import type { ClusterKey } from "../../mesh/model/refs.ts";
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
import { contextsOf } from "./contextsOf.ts";
import { findMarks } from "./findMarks.ts";
import { signatureOf } from "./meshNames.ts";
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
  /** The state of the mesh that was read (`signatureOf`). */
  readonly signature: string;
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
    if (last.signature !== signatureOf(this.live)) return undefined;
    if (String(last.reading.query.namespaces) !== String(this.#query(params).namespaces)) return undefined;
    this.#last = { ...last, params };
    return this.#snapshot(this.#last);
  }

  async read(params: LoadParams, signal: AbortSignal): Promise<GraphSnapshot> {
    // A context that leads elsewhere meanwhile: what was read is of two clusters, and of the one asked about no more.
    const last = (await this.#readOnce(params, signal)) ?? (await this.#readOnce(params, signal));
    if (!last) {
      throw new MeshError("conflict", say("A context led to another cluster while it was read."), {
        hint: say("Nothing of that is shown. Try again."),
      });
    }
    this.#last = last;
    return this.#snapshot(last);
  }

  /** The last picture with other marks; no store is asked. */
  async mark(marks: MarkParams, signal: AbortSignal): Promise<GraphSnapshot> {
    const { last } = this;
    const params = { ...last.params, ...marks };
    const isSame = params.withIdleNodes === last.params.withIdleNodes;
    const drawn = isSame ? undefined : await this.#draw({ ...last, params }, signal);
    // A newer reading came meanwhile: its picture is marked.
    if (this.#last !== last) return this.mark(marks, signal);
    this.#last = drawn ? this.#track(drawn) : { ...last, params };
    return this.#snapshot(this.#last);
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

  /** undefined: contexts lead to other clusters than before it. */
  async #readOnce(params: LoadParams, signal: AbortSignal): Promise<Read | undefined> {
    const { clock, log } = this.#part;
    const [signature, before] = [signatureOf(this.live), keysOf(this.live)];
    const input = this.live.topology();
    const previous = this.#last?.reading;
    const reading = await readTopology(input, this.#query(params), { clock, log, previous }, signal);
    const drawn = await this.#draw({ input, reading, params, signature }, signal);
    const now = keysOf(this.live);
    const isSame = [...before].every(([context, key]) => key === undefined || now.get(context) === key);
    return isSame ? this.#track(drawn) : undefined;
  }

  /** A picture that is shown: only of such ones the next may have something left over. */
  #track(drawn: Read): Read {
    const begun = this.#part.clock.now();
    const graph = this.#tracker.next(drawn.graph, thingsAskedFor(drawn));
    return { ...drawn, graph, graphMillis: drawn.graphMillis + this.#part.clock.now() - begun };
  }

  async #draw(made: Omit<Read, "graph" | "graphMillis">, signal: AbortSignal): Promise<Read> {
    const { input, reading, params } = made;
    const { clock } = this.#part;
    const begun = clock.now();
    const options = { withIdleNodes: params.withIdleNodes, format: this.#format };
    const graph = await graphInSlices(reading, input.facts, options, new Slices({ clock, signal }));
    signal.throwIfAborted();
    return { ...made, graph, graphMillis: clock.now() - begun };
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
    const contexts = contextsOf(input);
    const { marks, error } = findMarks(graph, contexts, params);
    return snapshotOf(graph, {
      ...wordsOf(reading),
      serial: ++this.#serial,
      ...{ atMillis, windowSeconds, marks: withStale(reading, graph, marks), findError: error, label: params.label },
      contexts,
      spent: spentOf(reading, graphMillis),
    });
  }
}

/** Quantiles are shown, or looked for: `rt.p95 > 500ms`. */
function wantsLatency({ label, find, hide }: LoadParams): boolean {
  return /^p\d+$/.test(label) || /\brt\b|\bp(50|95|99)\b/.test(`${find} ${hide}`);
}

/** What decides which things are in a picture; another answer to another question is no change of the mesh. */
function thingsAskedFor({ reading, params }: Read): string {
  const { windowSeconds, atMillis, namespaces, ambient, withIdleEdges } = reading.query;
  const time = [atMillis ?? "now", windowSeconds];
  return JSON.stringify([time, namespaces ?? null, ambient, withIdleEdges, params.withIdleNodes]);
}

function keysOf({ clusters }: LiveMesh): ReadonlyMap<string, ClusterKey | undefined> {
  return new Map(clusters.map(({ context, key }) => [context, key]));
}

/** What stores are asked, as one text. */
function questionOf(params: LoadParams): string {
  const { view, windowSeconds, atMillis, namespaces, ambient, withIdleEdges } = params;
  return JSON.stringify([view, windowSeconds, atMillis, namespaces, ambient, withIdleEdges, wantsLatency(params)]);
}
