import { mkdirSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import { chromium, type Browser, type Page } from "playwright-core";
import { pageHtml } from "../../../src/editor/pages/pageHtml.ts";
import { themes, type ThemeName } from "../support/themes.ts";
import type { ChartsLabPage } from "./chartsPage.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const pictures = path.join(root, "artifacts/screens");
const origin = "http://page.test";

export interface OpenCharts {
  readonly theme?: ThemeName;
  readonly width?: number;
  readonly height?: number;
  readonly scale?: number;
}

/** The charts alone in a real browser, under the policy that pages have. */
export class ChartsLab {
  readonly #browser: Browser;
  readonly #files: ReadonlyMap<string, Uint8Array>;

  static async start(): Promise<ChartsLab> {
    const built = await esbuild.build({
      ...{ absWorkingDir: root, entryPoints: { charts: "test/pages/charts/chartsPage.ts" }, outdir: "/" },
      ...{ bundle: true, format: "esm", platform: "browser", target: "chrome134", minify: true, write: false },
      ...{ loader: { ".ttf": "file" }, assetNames: "[name]" },
    });
    const files = new Map(built.outputFiles.map((file) => [path.basename(file.path), file.contents]));
    const browser = await chromium.launch({
      executablePath: process.env["FOREYARD_CHROMIUM"] ?? "/usr/bin/chromium",
      args: [
        ...["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"],
        ...["--disable-component-update", "--disable-sync", "--host-resolver-rules=MAP * ~NOTFOUND"],
        ...["--js-flags=--expose-gc", "--enable-precise-memory-info"],
      ],
    });
    return new ChartsLab(browser, files);
  }

  constructor(browser: Browser, files: ReadonlyMap<string, Uint8Array>) {
    this.#browser = browser;
    this.#files = files;
  }

  async open(options: OpenCharts = {}): Promise<OpenChartsPage> {
    const { theme = "dark", width = 1280, height = 900, scale = 1 } = options;
    const context = await this.#browser.newContext({
      ...{ viewport: { width, height }, deviceScaleFactor: scale, locale: "en-US", timezoneId: "UTC" },
    });
    const page = await context.newPage();
    await page.route("**/*", (route) => {
      const { pathname } = new URL(route.request().url());
      if (pathname === "/") {
        const assets = { script: `${origin}/charts.js`, style: `${origin}/charts.css` };
        const html = pageHtml({ ...assets, cspSource: origin, locale: "en" });
        return route.fulfill({ contentType: "text/html", body: html });
      }
      const body = Buffer.from(this.#files.get(path.basename(pathname)) ?? "");
      const type = { ".js": "text/javascript", ".css": "text/css", ".ttf": "font/ttf" }[path.extname(pathname)];
      return route.fulfill({ contentType: type ?? "text/plain", body });
    });
    const open = new OpenChartsPage(page);
    await page.addInitScript(applyTheme, themes[theme]);
    await page.goto(`${origin}/`);
    await page.waitForFunction("Boolean(window.lab)");
    return open;
  }

  stop(): Promise<void> {
    return this.#browser.close();
  }
}

export class OpenChartsPage {
  readonly page: Page;
  readonly complaints: string[] = [];

  constructor(page: Page) {
    this.page = page;
    page.on("pageerror", (error) => this.complaints.push(error.message));
    page.on("console", (message) => {
      if (message.type() === "error") this.complaints.push(message.text());
    });
  }

  /** Runs in the page; `task` sees nothing but its arguments. */
  run<T, A = undefined>(task: (lab: ChartsLabPage, argument: A) => T | Promise<T>, argument?: A): Promise<T> {
    return this.page.evaluate<T>(`(${task.toString()})(window.lab, ${JSON.stringify(argument ?? null)})`);
  }

  setTheme(theme: ThemeName): Promise<void> {
    return this.page.evaluate(applyTheme, themes[theme]);
  }

  async picture(name: string): Promise<void> {
    mkdirSync(pictures, { recursive: true });
    await this.page.screenshot({ path: path.join(pictures, `${name}.png`) });
  }

  close(): Promise<void> {
    return this.page.context().close();
  }
}

function applyTheme({
  classes,
  variables,
}: {
  classes: readonly string[];
  variables: Readonly<Record<string, string>>;
}): void {
  const apply = () => {
    const { style } = document.documentElement;
    for (const name of [...style]) style.removeProperty(name);
    for (const [name, value] of Object.entries(variables)) style.setProperty(name, value);
    document.body.className = classes.join(" ");
  };
  // The root exists when the script runs, the body does not yet.
  if (document.body as HTMLElement | null) apply();
  else document.addEventListener("readystatechange", apply, { once: true });
}
