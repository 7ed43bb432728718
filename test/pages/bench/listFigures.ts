import { listOf, manyRows } from "../../unit/webview/lists/listOf.ts";
import { ListsTestHost } from "../lists/listsHost.ts";
import { PageLab } from "../support/pageInBrowser.ts";
import type { ListTimes } from "./listTimes.ts";

/** The lists page in a real Chromium. */
export async function listFigures(rows: number, runs: number): Promise<ListTimes> {
  const lab = await PageLab.start("lists");
  const host = new ListsTestHost();
  host.services = listOf("services", manyRows(rows));
  const open = await lab.open(host, { width: 1600, height: 900 });
  try {
    await open.page.locator(".fy-grid-rows .fy-grid-row").first().waitFor();
    const sorts = await open.page.evaluate(sortTimes, runs);
    const frames = await open.page.evaluate(frameTimes, 180);
    return { sorts, frames, complaints: open.complaints };
  } finally {
    await open.close();
    await lab.stop();
  }
}

async function sortTimes(runs: number): Promise<readonly number[]> {
  const table = document.querySelector("fy-list-table") as HTMLElement & { updateComplete: Promise<unknown> };
  const times: number[] = [];
  for (let run = 0; run < runs; run++) {
    for (const column of ["name", "rps", "namespace", "p95"]) {
      const since = performance.now();
      document.querySelector<HTMLElement>(`[role=columnheader][data-column=${column}]`)?.click();
      await table.updateComplete;
      times.push(performance.now() - since);
      await new Promise((resolve) => requestAnimationFrame(resolve));
    }
  }
  return times;
}

async function frameTimes(count: number): Promise<readonly number[]> {
  const grid = document.querySelector<HTMLElement>(".fy-grid");
  if (!grid) throw new Error("There is no list.");
  const frame = () => new Promise<number>((resolve) => requestAnimationFrame(resolve));
  const times: number[] = [];
  let last = await frame();
  for (let i = 0; i < count; i++) {
    grid.scrollTop += 104;
    const now = await frame();
    times.push(now - last);
    last = now;
  }
  return times;
}
