import { graphViews } from "../../src/mesh/topology/graph/graph.ts";
import { edgeLabelNames } from "../../src/protocol/topology/graphSnapshot.ts";
import type { PageFacts, Target } from "../../src/protocol/topology/topologyContract.ts";
import type { PageState } from "./pageState.ts";

const ambientChoices = ["total", "waypoint", "ztunnel"] as const;
const targetKinds = ["node", "edge", "box"] as const;
/** More than anybody collapses by hand; a longer list was not written by this page. */
const longest = 50_000;

export function firstState(defaults: PageFacts["defaults"]): PageState {
  return {
    version: 2,
    meshId: null,
    view: "versionedApp",
    label: "rate",
    windowSeconds: defaults.windowSeconds,
    refreshSeconds: defaults.refreshSeconds,
    atMillis: null,
    namespaces: null,
    ambient: "total",
    find: "",
    hide: "",
    show: {
      clusterBoxes: true,
      namespaceBoxes: true,
      appBoxes: true,
      services: true,
      idleNodes: false,
      idleEdges: false,
      animation: false,
    },
    hiddenProtocols: [],
    hiddenBoxes: [],
    collapsed: null,
    selection: null,
    focus: null,
    camera: null,
    table: null,
    legend: false,
  };
}

/** What of one mesh also fits another: how a person looks at it. What names something of the old one is dropped. */
export function stateOfMesh(state: PageState, meshId: string): PageState {
  if (state.meshId === meshId) return state;
  const names = { namespaces: null, hide: "", hiddenBoxes: [], collapsed: null, selection: null, focus: null };
  return { ...state, ...names, meshId, atMillis: null, camera: null };
}

/** What was kept, if this version of the page wrote it whole; else undefined, and the page starts clean. */
export function parsePageState(kept: unknown): PageState | undefined {
  if (!isRecord(kept) || kept["version"] !== 2) return undefined;
  const { meshId, view, label, windowSeconds, refreshSeconds, atMillis, ambient, find, hide, table, legend } = kept;
  const show = parseShow(kept["show"]);
  if (!oneOf(graphViews, view) || !oneOf(edgeLabelNames, label) || !oneOf(ambientChoices, ambient)) return undefined;
  if (!isFinite(windowSeconds) || windowSeconds < 10 || windowSeconds > 86_400) return undefined;
  if (!isFinite(refreshSeconds) || refreshSeconds < 0) return undefined;
  if (typeof find !== "string" || typeof hide !== "string" || typeof legend !== "boolean" || !show) return undefined;
  if (!(table === null || table === "nodes" || table === "edges")) return undefined;
  if (!(meshId === null || typeof meshId === "string")) return undefined;
  const lists = parseLists(kept);
  const places = parsePlaces(kept);
  if (!lists || !places || !(atMillis === null || isFinite(atMillis))) return undefined;
  const settings = { view, label, windowSeconds, refreshSeconds, atMillis, ambient, find, hide };
  return { version: 2, meshId, ...settings, show, ...lists, ...places, table, legend };
}

function parseLists(
  kept: Readonly<Record<string, unknown>>,
): Pick<PageState, "namespaces" | "hiddenProtocols" | "hiddenBoxes" | "collapsed"> | undefined {
  const { namespaces, hiddenProtocols, hiddenBoxes, collapsed } = kept;
  if (!isNames(hiddenProtocols) || !isNames(hiddenBoxes)) return undefined;
  if (!(namespaces === null || isNames(namespaces)) || !(collapsed === null || isNames(collapsed))) return undefined;
  return { namespaces, hiddenProtocols, hiddenBoxes, collapsed };
}

function parsePlaces(
  kept: Readonly<Record<string, unknown>>,
): Pick<PageState, "selection" | "focus" | "camera"> | undefined {
  const { selection, focus, camera } = kept;
  if (!(selection === null || isTarget(selection))) return undefined;
  if (!(focus === null || isFocus(focus)) || !(camera === null || isCamera(camera))) return undefined;
  return {
    selection: selection && { what: selection.what, id: selection.id },
    focus: focus && { id: focus.id, hops: focus.hops },
    camera: camera && { x: camera.x, y: camera.y, scale: camera.scale },
  };
}

function parseShow(kept: unknown): PageState["show"] | undefined {
  if (!isRecord(kept)) return undefined;
  const { clusterBoxes, namespaceBoxes, appBoxes, services, idleNodes, idleEdges, animation } = kept;
  const show = { clusterBoxes, namespaceBoxes, appBoxes, services, idleNodes, idleEdges, animation };
  return Object.values(show).every((value) => typeof value === "boolean") ? (show as PageState["show"]) : undefined;
}

function isTarget(value: unknown): value is Target {
  return isRecord(value) && oneOf(targetKinds, value["what"]) && typeof value["id"] === "string";
}

function isFocus(value: unknown): value is NonNullable<PageState["focus"]> {
  if (!isRecord(value) || typeof value["id"] !== "string") return false;
  const { hops } = value;
  return isFinite(hops) && Number.isInteger(hops) && hops >= 1 && hops <= 20;
}

function isCamera(value: unknown): value is NonNullable<PageState["camera"]> {
  return (
    isRecord(value) && isFinite(value["x"]) && isFinite(value["y"]) && isFinite(value["scale"]) && value["scale"] > 0
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

function isNames(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.length <= longest && value.every((name) => typeof name === "string");
}

function isFinite(value: unknown): value is number {
  return Number.isFinite(value);
}

function oneOf<const T extends readonly string[]>(choices: T, value: unknown): value is T[number] {
  return typeof value === "string" && choices.includes(value);
}
