import path from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import { chromium } from "playwright-core";
import { pageHtml } from "../../../src/editor/pages/pageHtml.ts";
import type { DrilldownFigures } from "./drilldownTimes.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const origin = "http://page.test";
const types: Readonly<Record<string, string>> = { ".js": "text/javascript", ".css": "text/css", ".ttf": "font/ttf" };

/** A level of 5,000 services in three selectors and two tables of 5,000 rows, in a real Chromium. */
export async function drilldownFigures(runs: number): Promise<DrilldownFigures> {
  const built = await esbuild.build({
    ...{ absWorkingDir: root, entryPoints: { page: "test/pages/bench/drilldownBenchPage.ts" }, outdir: "/" },
    ...{ bundle: true, format: "esm", platform: "browser", target: "chrome134", minify: true, write: false },
    ...{ loader: { ".ttf": "file" }, assetNames: "[name]" },
  });
  const files = new Map(built.outputFiles.map((file) => [path.basename(file.path), file.contents]));
  const browser = await chromium.launch({
    executablePath: process.env["FOREYARD_CHROMIUM"] ?? "/usr/bin/chromium",
    args: [
      ...["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"],
      ...["--disable-component-update", "--disable-sync", "--host-resolver-rules=MAP * ~NOTFOUND"],
    ],
  });
  try {
    const page = await browser.newPage({ viewport: { width: 1600, height: 900 } });
    const complaints: string[] = [];
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("console", (message) => {
      if (message.type() === "error") complaints.push(message.text());
    });
    await page.route("**/*", (route) => {
      const { pathname } = new URL(route.request().url());
      if (pathname === "/") {
        const assets = { script: `${origin}/page.js`, style: `${origin}/page.css` };
        const html = pageHtml({ ...assets, cspSource: origin, locale: "en" });
        return route.fulfill({ contentType: "text/html", body: html });
      }
      const body = Buffer.from(files.get(path.basename(pathname)) ?? "");
      return route.fulfill({ contentType: types[path.extname(pathname)] ?? "text/plain", body });
    });
    await page.goto(`${origin}/`);
    await page.waitForFunction("Boolean(window.measure)");
    const figures = await page.evaluate<Omit<DrilldownFigures, "complaints">>(`window.measure(${runs})`);
    return { ...figures, complaints };
  } finally {
    await browser.close();
  }
}
