// The charts of a drill-down in a real Chromium without a graphics card.
//
//   npm run bench drilldown

import type { ChartFigures } from "../pages/bench/chartTimes.ts";
import { figure, heading } from "./figures.ts";

const runs = Number(process.env["FOREYARD_BENCH_RUNS"] ?? 9);
// Types of the browser stay out of this program.
const lab = new URL("../pages/bench/chartFigures.ts", import.meta.url).href;
const { chartFigures } = (await import(lab)) as { chartFigures: (runs: number) => Promise<ChartFigures> };

heading("12 charts of 6 series of 360 points");
const found = await chartFigures(runs);
figure("  first paint in a fresh page", found.firstPaints, "ms", 150);
figure("  script of an update", found.updates, "ms", 10);
figure("  canvases left when the charts are gone", [found.canvasesLeft], "", 0);
for (const complaint of found.complaints) console.log(`  the page complained: ${complaint}`);
