import { MeshError } from "../../mesh/meshError.ts";
import { say } from "../../mesh/message.ts";
import type { LiveMesh } from "../../mesh/live/liveMesh.ts";
import type { Clock } from "../../mesh/ports.ts";
import type { TopologyGraph } from "../../mesh/topology/graph/graph.ts";
import type { GraphSnapshot } from "../../protocol/topology/graphSnapshot.ts";
import { snapshotOf } from "../../protocol/topology/snapshotOf.ts";
import type { LoadParams, Target, TopologyContract } from "../../protocol/topology/topologyContract.ts";
import type { TopologyDesk } from "./topologyServer.ts";

type Requests = TopologyContract["requests"];

/** Reads one mesh, and keeps the last reading: marks, details and exports are made of what is on the screen. */
export class TopologyReader {
  readonly live: LiveMesh;
  readonly #desk: TopologyDesk;
  readonly #clock: Clock;
  #graph: TopologyGraph | undefined;
  #serial = 0;

  constructor(live: LiveMesh, desk: TopologyDesk, clock: Clock) {
    this.live = live;
    this.#desk = desk;
    this.#clock = clock;
  }

  get graph(): TopologyGraph | undefined {
    return this.#graph;
  }

  kept(_params: LoadParams): GraphSnapshot | undefined {
    return undefined;
  }

  async read(params: LoadParams, _signal: AbortSignal): Promise<GraphSnapshot> {
    await Promise.resolve();
    this.#graph = { view: params.view, nodes: [], boxes: [], edges: [] };
    return snapshotOf(this.#graph, {
      serial: ++this.#serial,
      atMillis: this.#clock.now(),
      windowSeconds: params.windowSeconds,
      problems: [],
      stores: [],
      empty: null,
      findError: null,
      spent: { wait: 0, decode: 0, graph: 0, queries: 0, bytes: 0 },
      label: params.label,
    });
  }

  mark(_params: Requests["graph.mark"]["params"]): GraphSnapshot {
    throw nothingRead();
  }

  complete(_params: Requests["graph.complete"]["params"]): Requests["graph.complete"]["result"] {
    return { from: 0, words: [] };
  }

  async details(_target: Target, _signal: AbortSignal): Promise<Requests["details.load"]["result"]> {
    await Promise.resolve();
    throw nothingRead();
  }

  async series(_target: Target, _signal: AbortSignal): Promise<Requests["details.series"]["result"]> {
    await Promise.resolve();
    throw nothingRead();
  }

  async follow(_target: Target, _id: string): Promise<void> {
    await Promise.resolve();
    throw nothingRead();
  }

  async export(_params: Requests["graph.export"]["params"]): Promise<Requests["graph.export"]["result"]> {
    await Promise.resolve();
    throw nothingRead();
  }

  async openDocument(_target: Target): Promise<void> {
    await Promise.resolve();
  }

  async revealInTree(_target: Target): Promise<void> {
    await Promise.resolve();
  }

  nameOf(_target: Target): string {
    return this.#desk.connection.situation.contexts[0] ?? "";
  }

  queriesOf(_target: Target): readonly string[] {
    return [];
  }
}

function nothingRead(): MeshError {
  return new MeshError("not-found", say("Nothing was read yet."));
}
