import type { AmbientTraffic } from "../../src/mesh/telemetry/edges/calls.ts";
import type { GraphView } from "../../src/mesh/topology/graph/graph.ts";
import type { EdgeLabelName } from "../../src/protocol/topology/graphSnapshot.ts";
import type { Target } from "../../src/protocol/topology/topologyContract.ts";

/** Where the user is and how they arranged it; never what the mesh holds. Kept by `setState`, read back after a reload. */
export interface PageState {
  readonly version: 2;
  /** Whose boxes, namespaces, nodes and times these are; null: no mesh has been opened yet. */
  readonly meshId: string | null;
  readonly view: GraphView;
  readonly label: EdgeLabelName;
  readonly windowSeconds: number;
  /** 0: off. */
  readonly refreshSeconds: number;
  /** Milliseconds since 1970; null: live. */
  readonly atMillis: number | null;
  /** null: those of the window. */
  readonly namespaces: readonly string[] | null;
  readonly ambient: AmbientTraffic;
  readonly find: string;
  readonly hide: string;
  readonly show: {
    readonly clusterBoxes: boolean;
    readonly namespaceBoxes: boolean;
    readonly appBoxes: boolean;
    readonly services: boolean;
    readonly idleNodes: boolean;
    readonly idleEdges: boolean;
    readonly animation: boolean;
  };
  /** Protocols that are switched off. */
  readonly hiddenProtocols: readonly string[];
  /** Boxes (clusters, namespaces, apps) that are switched off, by id. */
  readonly hiddenBoxes: readonly string[];
  /** Boxes that are shown as one tile; null until a person or the first picture decides (above 150 nodes: namespaces). */
  readonly collapsed: readonly string[] | null;
  readonly selection: Target | null;
  readonly focus: { readonly id: string; readonly hops: number } | null;
  readonly camera: { readonly x: number; readonly y: number; readonly scale: number } | null;
  readonly table: "nodes" | "edges" | null;
  readonly legend: boolean;
}
