import { createFormat } from "../../../src/mesh/format/format.ts";
import type { Placement } from "../../../src/mesh/topology/layout/layout.ts";
import type { GraphSnapshot } from "../../../src/protocol/topology/graphSnapshot.ts";
import { idsOf } from "../../../src/protocol/topology/snapshotIds.ts";
import { snapshotOf } from "../../../src/protocol/topology/snapshotOf.ts";
import { createGraphCanvas } from "../../../webview/topology/canvas/createGraphCanvas.ts";
import { createLayoutClient, type LayoutClient } from "../../../webview/topology/layoutClient.ts";
import { layoutInputOf } from "../../../webview/topology/layoutInput.ts";
import { collapsedAtFirst, sceneOf } from "../../../webview/topology/scene/sceneOf.ts";
import { syntheticGraph } from "../../support/syntheticGraph.ts";
import { faults, moves } from "../../unit/mesh/topology/layout/invariants.ts";
import type { PageFigures } from "./pageFigures.ts";

// The page that the topology's bench opens: a picture from the wire to the screen, with the real worker, scene and canvas.

const host = document.createElement("div");
Object.assign(host.style, { position: "absolute", inset: "0" });
document.body.style.margin = "0";
document.body.append(host);

const nothing = (): void => undefined;
const everything = {
  show: {
    ...{ clusterBoxes: true, namespaceBoxes: true, appBoxes: true, services: true },
    ...{ idleNodes: true, idleEdges: true, animation: false },
  },
  ...{ hiddenProtocols: [], hiddenBoxes: [], focus: null },
};

function snapshotFor(nodes: number, added: number): GraphSnapshot {
  return snapshotOf(syntheticGraph({ nodes, added }), {
    ...{ serial: 1, label: "rate", atMillis: 0, windowSeconds: 60, problems: [], stores: [], empty: null },
    ...{ findError: null, spent: { wait: 0, decode: 0, graph: 0, queries: 0, bytes: 0 } },
  });
}

const inputOf = (snapshot: GraphSnapshot) => layoutInputOf({ snapshot, ids: idsOf(snapshot) });

function bytesOf(value: unknown): number {
  if (ArrayBuffer.isView(value)) return value.byteLength;
  if (typeof value === "string") return value.length;
  if (typeof value !== "object" || value === null) return 8;
  return Object.values(value).reduce((sum: number, part) => sum + bytesOf(part), 0);
}

async function timed<T>(work: () => T | Promise<T>): Promise<[result: T, millis: number]> {
  const since = performance.now();
  const result = await work();
  return [result, performance.now() - since];
}

const nextFrame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));

/** From now until what was drawn has been painted. */
async function painted(draw: () => void): Promise<number> {
  const since = performance.now();
  draw();
  await nextFrame();
  await nextFrame();
  return performance.now() - since;
}

/** The 95th percentile of the time between frames while something moves. */
async function frameP95(step: (frame: number) => void): Promise<number> {
  const intervals: number[] = [];
  let last = await nextFrame();
  for (let frame = 0; frame < 90; frame++) {
    step(frame);
    const now = await nextFrame();
    intervals.push(now - last);
    last = now;
  }
  return intervals.sort((a, b) => a - b)[Math.floor(intervals.length * 0.95)] ?? NaN;
}

/** The longest time in which nothing else could run on the page's thread. */
function watchGaps(): () => number {
  let [longest, last, isOver] = [0, performance.now(), false];
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    if (!isOver) port2.postMessage(0);
  };
  port2.postMessage(0);
  return () => {
    isOver = true;
    port1.close();
    return longest;
  };
}

async function measure(nodes: number): Promise<PageFigures> {
  const client = createLayoutClient();
  const { figures, held } = await layOut(client, nodes);
  const drawn = await draw(held);
  client.dispose();
  return { ...figures, ...drawn };
}

/** What a page holds once its picture has been laid out; what only the bench needs is not in it, for the heap's sake. */
interface Held {
  readonly snapshot: GraphSnapshot;
  readonly ids: ReturnType<typeof idsOf>;
  readonly placement: Placement;
}

async function layOut(client: LayoutClient, nodes: number) {
  const sent = snapshotFor(nodes, 0);
  const [snapshot, transfer] = await timed(() => structuredClone(sent));
  const ids = idsOf(snapshot);
  const input = layoutInputOf({ snapshot, ids });
  const gaps = watchGaps();
  const [placement, layoutCold] = await timed(() => client.place(input));
  const longestGap = gaps();
  const [same, layoutSame] = await timed(() => client.place(inputOf(structuredClone(sent))));
  const grownInput = inputOf(snapshotFor(nodes, Math.ceil(nodes / 100)));
  const [next, layoutNext] = await timed(() => client.place(grownInput));
  const shifted = [...moves({ input, placement }, { input: grownInput, placement: next }).values()];
  const figures = {
    ...{ transfer, layoutCold, layoutNext, layoutSame, longestGap },
    hasWorker: typeof FOREYARD_LAYOUT_WORKER === "string" && FOREYARD_LAYOUT_WORKER !== "",
    snapshotBytes: bytesOf(sent),
    movedMetricsOnly: [...moves({ input, placement }, { input, placement: same }).values()].filter(Boolean).length,
    movedFar: shifted.filter((distance) => distance > 120).length,
    meanMove: shifted.reduce((sum, distance) => sum + distance, 0) / shifted.length,
    survivors: shifted.length,
    faults: [...faults(input, placement), ...faults(grownInput, next)].slice(0, 20),
  };
  // A page's layout remembers the picture that is shown.
  await client.place(input);
  return { figures, held: { snapshot, ids, placement } satisfies Held };
}

declare const FOREYARD_LAYOUT_WORKER: string;

async function draw({ snapshot, ids, placement }: Held) {
  const events = { selected: nothing, hovered: nothing, opened: nothing, dragged: nothing };
  const canvas = createGraphCanvas(host, { ...events, cameraMoved: nothing, contextMenu: nothing });
  const options = { label: "rate", format: createFormat("en"), animation: false } as const;
  const collapsed = new Set(snapshot.nodes.count > 150 ? collapsedAtFirst(snapshot, everything) : []);
  const show = (closed: ReadonlySet<string>): void =>
    canvas.show(sceneOf(snapshot, placement, { ...everything, collapsed: closed }), options);
  const gesture = async () => ({
    pan: await frameP95((frame) => canvas.panBy(frame % 30 < 15 ? 24 : -24, frame % 20 < 10 ? 8 : -8)),
    zoom: await frameP95((frame) => canvas.zoomBy(frame % 60 < 30 ? 1.06 : 1 / 1.06)),
  });
  const firstFrame = await painted(() => {
    show(collapsed);
    canvas.fit();
  });
  const closed = await gesture();
  const firstFrameOpen = await painted(() => {
    show(new Set());
    canvas.fit();
  });
  const open = await gesture();
  const metricsRefresh = await painted(() => show(new Set()));
  const collect = (globalThis as { gc?: () => void }).gc;
  collect?.();
  const { memory } = performance as unknown as { memory?: { usedJSHeapSize: number } };
  const heapMegabytes = (memory?.usedJSHeapSize ?? NaN) / 1e6;
  canvas.dispose();
  if (ids.nodes.length !== snapshot.nodes.count) throw new Error("The page would not have kept its ids.");
  return {
    ...{ firstFrame, firstFrameOpen, metricsRefresh, heapMegabytes },
    ...{ panP95: closed.pan, zoomP95: closed.zoom, panOpenP95: open.pan, zoomOpenP95: open.zoom },
  };
}

Object.assign(window, { measure });
