import type { LevelPath } from "../../../src/mesh/drilldown/level.ts";
import type { ToHost, ToPage } from "../../../src/protocol/contract.ts";
import type { Level, WireChoice } from "../../../src/protocol/drilldown/drilldownContract.ts";
import { DrilldownHost, refOf, reviewsPath, rowsTable } from "../support/drilldownHost.ts";
import type { DrilldownFigures } from "./drilldownTimes.ts";

// The page and its host in one window: what is measured is the page, from the host's message to the painted frame.

const size = 5000;
const names = Array.from({ length: size }, (_, i) => `service-${i}`);
const choices = (level: "meshService" | "service" | "workload"): readonly WireChoice[] =>
  names.map((name) => ({ to: refOf(level, name), name, state: "healthy" }));

const host = new DrilldownHost();
let take: ((message: ToHost) => void) | undefined;
let answeredAt = 0;

host.listen({
  post(message: ToPage) {
    // Charts and cards are answered later; the level is what is waited for.
    if (message.t === "res" && message.ok && isLevel(message.result)) answeredAt = performance.now();
    window.postMessage(message, "*");
  },
  listen(handler) {
    take = handler;
    return { dispose: () => undefined };
  },
});
Object.assign(window, {
  acquireVsCodeApi: () => ({
    postMessage: (message: ToHost) => take?.(message),
    getState: () => undefined,
    setState: () => undefined,
  }),
});

function isLevel(result: unknown): boolean {
  return typeof result === "object" && result !== null && "tables" in result;
}

function largeLevel(path: LevelPath, title: string): Partial<Level> {
  const crumbs = (["meshService", "service", "workload"] as const).map((level) => {
    const chosen = path.find((part) => part.level === level);
    return {
      level,
      chosen: chosen ? { to: chosen, name: chosen.ref.name, state: "healthy" as const } : null,
      choices: choices(level),
    };
  });
  const pods = { ...rowsTable("pod", names), id: "pods" };
  return { title, crumbs, tables: [rowsTable("workload", names), pods] };
}

const frame = () => new Promise<number>((resolve) => requestAnimationFrame(resolve));

/** Resolves when what holds has been painted, with the time since the host's answer. */
async function painted(holds: () => boolean, since: () => number): Promise<number> {
  for (let turn = 0; !holds(); turn++) {
    if (turn > 600) throw new Error("The page never showed it.");
    await frame();
  }
  await frame();
  // After the frame's own work.
  await new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = resolve;
    port2.postMessage(0);
  });
  return performance.now() - since();
}

const title = () => document.querySelector(".fy-title bdi")?.textContent;
const isShown = (text: string) =>
  title() === text && document.querySelectorAll("fy-level-table .fy-table-rows .fy-table-row").length > 10;

async function measure(runs: number): Promise<Omit<DrilldownFigures, "complaints">> {
  const [openings, refreshes, lists]: [number[], number[], number[]] = [[], [], []];
  await painted(
    () => title() === "reviews",
    () => 0,
  );
  for (let run = 0; run < runs; run++) {
    const path = [...reviewsPath.slice(0, 1), refOf("meshService", `service-${run}`)];
    const text = `large ${run}`;
    host.level = largeLevel(path, text);
    host.emit("path.show", { path });
    openings.push(
      await painted(
        () => isShown(text),
        () => answeredAt,
      ),
    );
    host.level = largeLevel(path, `${text} again`);
    host.emit("mesh.changed", { meshId: "mesh" });
    refreshes.push(
      await painted(
        () => isShown(`${text} again`),
        () => answeredAt,
      ),
    );
    const button = document.querySelector<HTMLElement>("[data-name=crumb-service] .fy-button");
    const since = performance.now();
    button?.click();
    lists.push(
      await painted(
        () => document.querySelectorAll(".fy-choice").length > 10,
        () => since,
      ),
    );
    button?.click();
    await painted(
      () => document.querySelectorAll(".fy-choice").length === 0,
      () => since,
    );
  }
  return { openings, refreshes, lists };
}

Object.assign(window, { measure });
await import("../../../webview/drilldown/main.ts");
