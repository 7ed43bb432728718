// The lists page in a real Chromium without a graphics card.
//
//   npm run bench lists

import type { ListTimes } from "../pages/bench/listTimes.ts";
import { figure, heading } from "./figures.ts";

const runs = Number(process.env["FOREYARD_BENCH_RUNS"] ?? 5);
// Types of the browser stay out of this program.
const lab = new URL("../pages/bench/listFigures.ts", import.meta.url).href;
const { listFigures } = (await import(lab)) as { listFigures: (rows: number, runs: number) => Promise<ListTimes> };

heading("5,000 rows");
const { sorts, frames, complaints } = await listFigures(5000, runs);
const p95 = [...frames].sort((a, b) => a - b)[Math.floor(frames.length * 0.95)] ?? NaN;
figure("  a sort, until its rows are in the document", sorts, "ms", 50);
figure("  a frame of scrolling, 95th percentile", [p95], "ms", 17);
for (const complaint of complaints) console.log(`  the page complained: ${complaint}`);
