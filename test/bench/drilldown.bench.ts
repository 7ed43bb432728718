// The charts of a drill-down and the lists page in a real Chromium without a graphics card.
//
//   npm run bench drilldown

import { ChartsLab } from "../pages/charts/chartsLab.ts";
import { figure, heading } from "./figures.ts";

const runs = Number(process.env["FOREYARD_BENCH_RUNS"] ?? 9);

heading("12 charts of 6 series of 360 points");
const lab = await ChartsLab.start();
try {
  const open = await lab.open({ width: 1600, height: 900 });
  const paints: number[] = [];
  for (let run = 0; run < runs; run++) paints.push(await open.run((page) => page.firstPaint()));
  figure("  first paint in a fresh page", paints.slice(0, 1), "ms", 150);
  figure("  first paint", paints, "ms", 150);
  figure("  script of an update", await open.run((page) => page.updates(30)), "ms", 10);
  const left = await open.run((page) => page.remove());
  figure("  canvases left when it is gone", [left], "", 0);
  for (const complaint of open.complaints) console.log(`  the page complained: ${complaint}`);
} finally {
  await lab.stop();
}
