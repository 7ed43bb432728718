import { ChartsLab } from "../charts/chartsLab.ts";
import type { ChartFigures } from "./chartTimes.ts";

/** 12 charts of 6 series of 360 points in a real Chromium without a graphics card. */
export async function chartFigures(runs: number): Promise<ChartFigures> {
  const lab = await ChartsLab.start();
  try {
    const firstPaints: number[] = [];
    for (let run = 0; run < runs; run++) {
      const fresh = await lab.open({ width: 1600, height: 900 });
      firstPaints.push(await fresh.run((page) => page.firstPaint()));
      await fresh.close();
    }
    const open = await lab.open({ width: 1600, height: 900 });
    await open.run((page) => page.firstPaint());
    const updates = await open.run((page) => page.updates(30));
    const canvasesLeft = await open.run((page) => page.remove());
    return { firstPaints, updates, canvasesLeft, complaints: open.complaints };
  } finally {
    await lab.stop();
  }
}
