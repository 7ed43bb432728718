import { mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import { chromium, type Browser, type Page } from "playwright-core";
import { pageHtml } from "../../../src/editor/pages/pageHtml.ts";
import type { Lab, ShowOptions } from "../canvas/canvasPage.ts";
import { themes, type ThemeName } from "./themes.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const pictures = path.join(root, "artifacts/screens");
const origin = "http://page.test";

/** All variables that VS Code's own themes set, dumped from a real one. */
const variables = JSON.parse(readFileSync(path.join(root, "test/fixtures/pages/themes.json"), "utf8")) as Readonly<
  Record<ThemeName, Readonly<Record<string, string>>>
>;

/** One browser and one build of the page that holds nothing but the canvas. */
export interface CanvasLab {
  open(options?: OpenCanvas): Promise<CanvasPage>;
  close(): Promise<void>;
}

export interface OpenCanvas {
  readonly theme?: ThemeName;
  readonly width?: number;
  readonly height?: number;
  readonly scale?: number;
  readonly wantsLessMotion?: boolean;
}

export interface CanvasPage {
  readonly page: Page;
  /** What went wrong in it. */
  readonly complaints: readonly string[];
  show(options: ShowOptions): Promise<ReturnType<Lab["show"]>>;
  /** Runs in the page. */
  run<T, A = undefined>(task: (lab: Lab, argument: A) => T | Promise<T>, argument?: A): Promise<T>;
  theme(name: ThemeName): Promise<void>;
  picture(name: string): Promise<void>;
  close(): Promise<void>;
}

export async function startCanvasLab(): Promise<CanvasLab> {
  const built = await esbuild.build({
    absWorkingDir: root,
    entryPoints: ["test/pages/canvas/canvasPage.ts"],
    bundle: true,
    format: "esm",
    platform: "browser",
    target: "chrome134",
    minify: true,
    write: false,
    define: { FOREYARD_LAYOUT_WORKER: '""' },
  });
  const script = built.outputFiles[0]?.text ?? "";
  const browser = await chromium.launch({
    executablePath: process.env["FOREYARD_CHROMIUM"] ?? "/usr/bin/chromium",
    args: [
      ...["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"],
      ...["--disable-component-update", "--disable-sync", "--host-resolver-rules=MAP * ~NOTFOUND"],
      // Exact heap figures for benches.
      ...["--js-flags=--expose-gc", "--enable-precise-memory-info"],
    ],
  });
  return { open: (options = {}) => openCanvas(browser, script, options), close: () => browser.close() };
}

async function openCanvas(browser: Browser, script: string, options: OpenCanvas): Promise<CanvasPage> {
  const { theme = "dark", width = 1280, height = 800, scale = 1, wantsLessMotion = false } = options;
  const context = await browser.newContext({
    viewport: { width, height },
    deviceScaleFactor: scale,
    reducedMotion: wantsLessMotion ? "reduce" : "no-preference",
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  await page.route("**/*", (route) => {
    const { pathname } = new URL(route.request().url());
    if (pathname === "/canvas.js") return route.fulfill({ contentType: "text/javascript", body: script });
    if (pathname !== "/") return route.fulfill({ contentType: "text/css", body: "" });
    const assets = { script: `${origin}/canvas.js`, style: `${origin}/canvas.css` };
    return route.fulfill({ contentType: "text/html", body: pageHtml({ ...assets, cspSource: origin, locale: "en" }) });
  });
  await page.addInitScript(applyTheme, styleOf(theme));
  await page.goto(`${origin}/`);
  await page.waitForFunction("Boolean(window.lab)");
  return {
    page,
    complaints,
    show: (wanted) => inLab(page, (lab, argument) => lab.show(argument as ShowOptions), wanted),
    run: (task, argument) => inLab(page, task as (lab: Lab, argument: unknown) => never, argument),
    theme: (name) => page.evaluate(applyTheme, styleOf(name)),
    async picture(name) {
      mkdirSync(pictures, { recursive: true });
      await page.screenshot({ path: path.join(pictures, `${name}.png`) });
    },
    close: () => context.close(),
  };
}

function styleOf(theme: ThemeName): { classes: readonly string[]; variables: Readonly<Record<string, string>> } {
  const { classes } = themes[theme];
  const fonts = { "--vscode-font-family": "system-ui, Ubuntu, 'Droid Sans', sans-serif", "--vscode-font-size": "13px" };
  return { classes, variables: { ...fonts, ...variables[theme] } };
}

function inLab<T>(page: Page, task: (lab: Lab, argument: unknown) => T | Promise<T>, argument: unknown): Promise<T> {
  const source = `(${task.toString()})(window.lab, ${JSON.stringify(argument ?? null)})`;
  return page.evaluate<T>(source);
}

function applyTheme({
  classes,
  variables: values,
}: {
  classes: readonly string[];
  variables: Readonly<Record<string, string>>;
}): void {
  const apply = () => {
    const { style } = document.documentElement;
    for (const name of [...style]) style.removeProperty(name);
    for (const [name, value] of Object.entries(values)) style.setProperty(name, value);
    document.body.className = classes.join(" ");
  };
  // The root exists when the script runs, the body does not yet.
  if (document.body as HTMLElement | null) apply();
  else document.addEventListener("readystatechange", apply, { once: true });
}
