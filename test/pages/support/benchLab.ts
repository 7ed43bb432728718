import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import { chromium } from "playwright-core";
import { pageHtml } from "../../../src/editor/pages/pageHtml.ts";
import type { PageFigures } from "../bench/pageFigures.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const origin = "http://page.test";

export interface BenchLab {
  /** A fresh page each time, under the policy that pages have in the editor. */
  measure(nodes: number): Promise<PageFigures>;
  /** What pages complained of. */
  readonly complaints: readonly string[];
  close(): Promise<void>;
}

async function bundle(entry: string, worker: string): Promise<string> {
  const built = await esbuild.build({
    absWorkingDir: root,
    entryPoints: [entry],
    ...{ bundle: true, format: "esm", platform: "browser", target: "chrome134", minify: true, write: false },
    define: { FOREYARD_LAYOUT_WORKER: JSON.stringify(worker) },
  });
  return built.outputFiles[0]?.text ?? "";
}

/** A real Chromium without a graphics card, 1600 by 900 pixels. */
export async function startBenchLab(): Promise<BenchLab> {
  const script = await bundle(
    "test/pages/bench/topologyBenchPage.ts",
    await bundle("webview/topology/layoutWorker.ts", ""),
  );
  const browser = await chromium.launch({
    executablePath: process.env["FOREYARD_CHROMIUM"] ?? "/usr/bin/chromium",
    args: [
      ...["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"],
      ...["--disable-component-update", "--disable-sync", "--host-resolver-rules=MAP * ~NOTFOUND"],
      ...["--js-flags=--expose-gc", "--enable-precise-memory-info"],
    ],
  });
  const complaints: string[] = [];
  return {
    complaints,
    async measure(nodes) {
      const page = await browser.newPage({ viewport: { width: 1600, height: 900 } });
      page.on("pageerror", (error) => complaints.push(error.message));
      page.on("console", (message) => {
        if (message.type() === "error") complaints.push(message.text());
      });
      await page.route("**/*", (route) => {
        const { pathname } = new URL(route.request().url());
        if (pathname === "/page.js") return route.fulfill({ contentType: "text/javascript", body: script });
        if (pathname !== "/") return route.fulfill({ contentType: "text/css", body: "" });
        const assets = { script: `${origin}/page.js`, style: `${origin}/page.css` };
        const html = pageHtml({ ...assets, cspSource: origin, locale: "en" });
        return route.fulfill({ contentType: "text/html", body: html });
      });
      await page.goto(`${origin}/`);
      await page.waitForFunction("Boolean(window.measure)");
      const figures = await page.evaluate<PageFigures>(`window.measure(${nodes})`);
      await page.close();
      return figures;
    },
    close: () => browser.close(),
  };
}
