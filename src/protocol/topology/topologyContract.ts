import type { AmbientTraffic } from "../../mesh/telemetry/edges/calls.ts";
import type { GraphView } from "../../mesh/topology/graph/graph.ts";
import type { EndingRate, PrincipalPair, ProtocolFlow } from "../../mesh/topology/graph/selectionRates.ts";
import type { EdgeLabelName, GraphSnapshot } from "./graphSnapshot.ts";

/** What to read and mark. Everything else (what is switched off, what is collapsed) is the page's own. */
export interface LoadParams {
  readonly view: GraphView;
  readonly windowSeconds: number;
  /** Milliseconds since 1970; null: now. */
  readonly atMillis: number | null;
  /** null: those that the window shows (`foreyard.chooseNamespaces`). */
  readonly namespaces: readonly string[] | null;
  readonly ambient: AmbientTraffic;
  readonly withIdleEdges: boolean;
  readonly withIdleNodes: boolean;
  readonly label: EdgeLabelName;
  readonly find: string;
  readonly hide: string;
}

/** A node, an edge or a box by its id; ids are made by `nodeId`, `edgeId` and `boxId` of mesh/topology/graph/graphIds.ts. */
export interface Target {
  readonly what: "node" | "edge" | "box";
  readonly id: string;
}

export interface PageFacts {
  /** What positions are kept under. */
  readonly meshId: string;
  readonly meshName: string;
  readonly locale: string;
  /** The bundle for `words`: English sentence to translation. */
  readonly translations: Readonly<Record<string, string>>;
  readonly positions: SavedPositions;
  /** A node or namespace to show first; null: none. */
  readonly focus: Target | null;
  readonly isDemo: boolean;
  /** Seconds; null where the store does not tell. */
  readonly retentionSeconds: number | null;
  readonly defaults: { readonly windowSeconds: number; readonly refreshSeconds: number };
  /** All that may be chosen from. */
  readonly namespaces: readonly string[];
}

/** Where a person dragged things, by id. */
export interface SavedPositions {
  readonly nodes: Readonly<Record<string, readonly [x: number, y: number]>>;
}

export interface PanelLink {
  readonly id: string;
  readonly title: string;
  /** Says where it leads. */
  readonly detail: string;
}

/** The side panel of one selection. Sentences are in the user's language; numbers are numbers, NaN is no data. */
export interface Details {
  readonly target: Target;
  readonly title: string;
  /** "Workload · shop · demo-eu". */
  readonly subtitle: string;
  readonly state: "healthy" | "degraded" | "failing" | "idle" | "unknown";
  readonly reasons: readonly string[];
  readonly inbound: readonly ProtocolFlow[];
  readonly outbound: readonly ProtocolFlow[];
  readonly latency: { readonly p50: number; readonly p95: number; readonly p99: number } | null;
  readonly codes: readonly EndingRate[];
  readonly mtls: number;
  readonly principals: readonly PrincipalPair[];
  /** Name and value facts: replicas, version, ports ... */
  readonly facts: readonly { readonly name: string; readonly value: string }[];
  readonly configuration: readonly PanelLink[];
  readonly findings: readonly {
    readonly severity: "info" | "warning" | "error";
    readonly words: string;
    readonly link: PanelLink | null;
  }[];
  /** Open YAML, reveal in tree, open in Prometheus, Grafana, Kiali, Jaeger ...: what can be done, in this order. */
  readonly actions: readonly PanelLink[];
  readonly queries: readonly string[];
  /** What could not be asked. */
  readonly problems: readonly string[];
}

/** The small chart. Times in seconds since 1970; NaN is a gap. */
export interface DetailSeries {
  readonly times: Float64Array;
  readonly rps: Float64Array;
  readonly errorsPerSecond: Float64Array;
  readonly sentBytesPerSecond: Float64Array;
  readonly receivedBytesPerSecond: Float64Array;
  readonly p50: Float64Array;
  readonly p95: Float64Array;
  readonly p99: Float64Array;
  readonly queries: readonly string[];
  /** What could not be asked: where numbers would be false without it, there are gaps. */
  readonly problems: readonly string[];
}

export const exportFormats = ["svg", "png", "mermaid", "dot", "csv", "json", "markdown"] as const;
export type ExportFormat = (typeof exportFormats)[number];

/** What a native menu may ask of the page: focus on N hops, switch a box off, collapse or expand a box. */
export const menuActs = ["focus", "hide", "collapse"] as const;
export type MenuAct = (typeof menuActs)[number];

/**
 * The value of `data-vscode-context` (as JSON) on the element under the pointer while it is over a node, an edge or a
 * box: VS Code shows the native menu for it, and hands the target to the command. Elsewhere on the canvas only
 * `preventDefaultContextMenuItems`.
 */
export function menuContext({ what, id }: Target): Readonly<Record<string, string | boolean>> {
  return { webviewSection: what, targetId: id, preventDefaultContextMenuItems: true };
}

export interface TopologyContract {
  readonly requests: {
    /** The first request: the page is ready. */
    "page.open": { params: Record<string, never>; result: PageFacts };
    /** Reads and answers with the whole picture. One is in flight; a new one cancels the last. */
    "graph.load": { params: LoadParams; result: GraphSnapshot };
    /** The last picture with other marks, without asking any store. */
    "graph.mark": { params: Pick<LoadParams, "find" | "hide" | "label" | "withIdleNodes">; result: GraphSnapshot };
    "graph.complete": { params: { text: string; caret: number }; result: { from: number; words: readonly string[] } };
    "details.load": { params: Target; result: Details };
    "details.series": { params: Target; result: DetailSeries };
    /** Runs one of the links or actions of a panel by its id. */
    "link.follow": { params: { target: Target; id: string }; result: null };
    "text.copy": { params: { text: string }; result: null };
    /** Saves through the editor's dialog; pictures come from the page, the rest is made by the host. Markdown is copied. */
    "graph.export": {
      params: { format: ExportFormat; picture: string | null; hiddenNodes: readonly string[] };
      result: { saved: boolean };
    };
    /** `meshId` is what `page.open` gave: where the window shows another mesh meanwhile, this is refused. */
    "positions.save": { params: SavedPositions & { readonly meshId: string }; result: null };
    /** Runs a way out or a named command: "retry" of a problem by id, "setPrometheus", "runDoctor" ... */
    "way.take": { params: { way: string; problem: string | null }; result: null };
  };
  readonly events: {
    /** Somebody asked to see this. */
    "focus.show": Target;
    /** The window connected to something else, or the inventory changed so much that the picture should be read again. */
    "mesh.changed": { readonly meshId: string };
    /** Chosen from the native menu that {@link menuContext} asks for, where the page itself has to act. */
    "menu.act": { readonly act: MenuAct; readonly target: Target };
  };
}
