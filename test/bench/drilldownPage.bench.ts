// The drill-down page at 5,000 services in a real Chromium without a graphics card.
//
//   npm run bench drilldownPage

import type { DrilldownFigures } from "../pages/bench/drilldownTimes.ts";
import { figure, heading } from "./figures.ts";

const runs = Number(process.env["FOREYARD_BENCH_RUNS"] ?? 9);
// Types of the browser stay out of this program.
const lab = new URL("../pages/bench/drilldownFigures.ts", import.meta.url).href;
const { drilldownFigures } = (await import(lab)) as { drilldownFigures: (runs: number) => Promise<DrilldownFigures> };

heading("A level with 5,000 services to choose from and two tables of 5,000 rows");
const found = await drilldownFigures(runs);
figure("  from the host's answer to the painted level", found.openings, "ms", 300);
figure("  the same when it is read again", found.refreshes, "ms", 300);
figure("  the list of a selector, from the click", found.lists, "ms", 100);
for (const complaint of found.complaints) console.log(`  the page complained: ${complaint}`);
