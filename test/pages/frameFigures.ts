import { startCanvasLab, type CanvasLab } from "./support/canvasLab.ts";
import type { Camera } from "../../webview/topology/canvas/graphCanvas.ts";

/** What drawing costs at one size, in a real Chromium without a GPU. Milliseconds unless said. */
export interface FrameFigures {
  readonly nodes: number;
  readonly edges: number;
  /** From the snapshot and its places to a painted frame. */
  readonly firstFrame: number;
  /** 95th percentile of the time between frames. */
  readonly panFit: number;
  readonly panMiddle: number;
  readonly panClose: number;
  readonly zoom: number;
  /** The longest time between two frames in all of these. */
  readonly longestGap: number;
  readonly hitMicroseconds: number;
  /** Script of showing the next reading. */
  readonly relabel: number;
  /** Script of one whole repaint at rest, everything in sight. */
  readonly repaint: number;
  readonly heapMegabytes: number;
  readonly elements: number;
}

export interface FrameOptions {
  readonly isCollapsed?: boolean;
  readonly pixelRatio?: number;
}

/** Measures one size after the other; everything open unless said otherwise. */
export async function frameFigures(sizes: readonly number[], options: FrameOptions = {}): Promise<FrameFigures[]> {
  const lab = await startCanvasLab();
  try {
    const figures: FrameFigures[] = [];
    for (const nodes of sizes) figures.push(await figuresOf(lab, nodes, options));
    return figures;
  } finally {
    await lab.close();
  }
}

async function figuresOf(lab: CanvasLab, nodes: number, options: FrameOptions): Promise<FrameFigures> {
  const { isCollapsed = false, pixelRatio = 1 } = options;
  const collapsed = isCollapsed ? ("first" as const) : [];
  const canvas = await lab.open({ width: 1600, height: 900, scale: pixelRatio });
  try {
    const first = await canvas.run((page, wanted) => page.timedShow(wanted), { nodes, collapsed });
    const fit = await canvas.run(async (page) => {
      page.canvas.fit();
      await page.settled();
      return page.canvas.camera;
    });
    const at = (scale: number): Camera => ({ ...fit, scale: Math.max(scale, fit.scale) });
    const pans = [];
    for (const camera of [fit, at(Math.min(1, Math.max(fit.scale * 3, 0.25))), at(1)]) {
      pans.push(await canvas.run((page, start) => page.panFrames(start), camera));
    }
    const zoom = await canvas.run((page, start) => page.zoomFrames(start), fit);
    const rest = await canvas.run((page, start) => page.restFigures(start), fit);
    const again = await canvas.run((page, wanted) => page.timedShow(wanted), { nodes, collapsed, rates: 1.1 });
    return {
      nodes,
      edges: first.edges,
      firstFrame: first.painted,
      panFit: p95(pans[0] ?? []),
      panMiddle: p95(pans[1] ?? []),
      panClose: p95(pans[2] ?? []),
      zoom: p95(zoom),
      longestGap: Math.max(...pans.flat(), ...zoom),
      relabel: again.script,
      ...rest,
    };
  } finally {
    await canvas.close();
  }
}

function p95(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * 0.95))] ?? NaN;
}

if (process.argv[1]?.endsWith("frameFigures.ts") === true) {
  const sizes = process.argv
    .slice(2)
    .map(Number)
    .filter((size) => size > 0);
  const ratio = Number(process.env["FOREYARD_PIXEL_RATIO"] ?? 1);
  const isCollapsed = process.argv.includes("--collapsed");
  for (const size of sizes) {
    const [figures] = await frameFigures([size], { isCollapsed, pixelRatio: ratio });
    const rounded = Object.entries<number>({ ...figures }).map(
      ([name, value]) => `${name} ${Number(value.toFixed(1))}`,
    );
    console.log(rounded.join(", "));
  }
}
