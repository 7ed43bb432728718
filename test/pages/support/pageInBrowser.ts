import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { chromium, type Browser, type BrowserContext, type Page } from "playwright-core";
import { pageHtml } from "../../../src/editor/pages/pageHtml.ts";
import type { Port, ToHost, ToPage } from "../../../src/protocol/contract.ts";
import { buildPages } from "../../../tools/pages.mjs";
import type { FakeHost } from "./fakeHost.ts";
import { themes, type ThemeName } from "./themes.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const pictures = path.join(root, "artifacts/screens");
const origin = "http://page.test";

const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--host-resolver-rules=MAP * ~NOTFOUND",
];

const types: Readonly<Record<string, string>> = { ".js": "text/javascript", ".css": "text/css", ".ttf": "font/ttf" };

export interface OpenOptions {
  readonly theme?: ThemeName;
  readonly width?: number;
  readonly height?: number;
  readonly classes?: readonly string[];
  /** CSS pixels to one of the screen; 2 is what zoom of 200 % does to a page. */
  readonly scale?: number;
}

/** The editor's end of the wire, as a test plays it. */
export interface PageHost {
  /** Answers on this port from now on; a page that was loaded again gets a new one. */
  listen(port: Port<ToPage, ToHost>): void;
  dispose(): void;
}

/** One browser and one build of the pages for a test file. */
export class PageLab {
  readonly #browser: Browser;
  readonly #files: string;
  readonly #name: string;

  static async start(name: string): Promise<PageLab> {
    const files = mkdtempSync(path.join(tmpdir(), "foreyard-pages-"));
    await buildPages({ outdir: files, minify: false });
    const browser = await chromium.launch({ executablePath: chromiumPath(), args: flags });
    return new PageLab(browser, files, name);
  }

  constructor(browser: Browser, files: string, name: string) {
    this.#browser = browser;
    this.#files = files;
    this.#name = name;
  }

  async stop(): Promise<void> {
    await this.#browser.close();
    rmSync(this.#files, { recursive: true, force: true });
  }

  /** Opens the page as VS Code would: its document and policy, its API, its theme; the host answers. */
  async open<H extends PageHost>(host: H, options: OpenOptions = {}): Promise<OpenPage<H>> {
    const { theme = "dark", width = 1280, height = 800, classes = [], scale = 1 } = options;
    const viewport = { width: Math.round(width / scale), height: Math.round(height / scale) };
    const context = await this.#browser.newContext({
      viewport,
      deviceScaleFactor: scale,
      locale: "en-US",
      timezoneId: "UTC",
    });
    const page = await context.newPage();
    await page.route("**/*", async (route) => {
      const { pathname } = new URL(route.request().url());
      if (pathname === "/") {
        const assets = { script: `${origin}/${this.#name}.js`, style: `${origin}/${this.#name}.css` };
        const html = pageHtml({ ...assets, cspSource: origin, locale: "en" });
        await route.fulfill({ contentType: "text/html", body: html });
      } else {
        const file = path.join(this.#files, path.basename(pathname));
        await route.fulfill({ contentType: types[path.extname(file)] ?? "text/plain", body: readFileSync(file) });
      }
    });
    const open = new OpenPage({ page, context, host, name: this.#name });
    await open.load({ theme, classes });
    return open;
  }
}

export class OpenPage<H extends PageHost = FakeHost> {
  readonly page: Page;
  readonly host: H;
  /** What the page complained of: exceptions, refused styles, console errors. */
  readonly complaints: string[] = [];
  readonly #context: BrowserContext;
  readonly #name: string;
  #take: ((message: ToHost) => void) | undefined;

  constructor({ page, context, host, name }: { page: Page; context: BrowserContext; host: H; name: string }) {
    this.#name = name;
    this.page = page;
    this.host = host;
    this.#context = context;
    page.on("pageerror", (error) => this.complaints.push(error.message));
    page.on("console", (message) => {
      if (message.type() === "error") this.complaints.push(message.text());
    });
  }

  async load({ theme, classes }: { theme: ThemeName; classes: readonly string[] }): Promise<void> {
    await this.page.exposeFunction("toHost", (message: ToHost) => this.#take?.(message));
    await this.page.addInitScript(installEditor);
    await this.page.addInitScript(applyTheme, { style: themes[theme], more: [...classes] });
    this.#listen();
    await this.page.goto(`${origin}/`);
  }

  /** As VS Code does when its window is loaded again: the same state, another document. */
  async reload(): Promise<void> {
    this.#listen();
    await this.page.reload();
  }

  /** Shows or hides the page, as another tab on top of it does. */
  async setVisible(isVisible: boolean): Promise<void> {
    await this.page.evaluate((visible) => {
      Object.defineProperty(document, "visibilityState", { value: visible ? "visible" : "hidden", configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    }, isVisible);
  }

  async setTheme(theme: ThemeName): Promise<void> {
    await this.page.evaluate(applyTheme, { style: themes[theme], more: [] });
  }

  async picture(name: string): Promise<void> {
    mkdirSync(pictures, { recursive: true });
    await this.page.screenshot({ path: path.join(pictures, `${this.#name}-page-${name}.png`) });
  }

  async close(): Promise<void> {
    this.host.dispose();
    await this.#context.close();
  }

  #listen(): void {
    this.host.listen({
      post: (message: ToPage) => {
        // A page that has gone meanwhile hears nothing.
        this.page.evaluate((told) => window.postMessage(told, "*"), message as never).catch(() => undefined);
      },
      listen: (handler) => {
        this.#take = handler;
        return { dispose: () => undefined };
      },
    });
  }
}

function installEditor(): void {
  const toHost = (window as unknown as { toHost: (message: unknown) => void }).toHost;
  Object.assign(window, {
    acquireVsCodeApi: () => ({
      postMessage: (message: unknown) => toHost(message),
      getState: () => JSON.parse(sessionStorage.getItem("state") ?? "null") as unknown,
      setState: (state: unknown) => sessionStorage.setItem("state", JSON.stringify(state)),
    }),
  });
}

function applyTheme({
  style,
  more,
}: {
  style: { classes: readonly string[]; variables: Readonly<Record<string, string>> };
  more: readonly string[];
}): void {
  const apply = () => {
    for (const name of [...document.documentElement.style]) document.documentElement.style.removeProperty(name);
    for (const [name, value] of Object.entries(style.variables))
      document.documentElement.style.setProperty(name, value);
    document.body.className = [...style.classes, ...more].join(" ");
  };
  // The root exists when the script runs, the body does not yet.
  if (document.body as HTMLElement | null) apply();
  else document.addEventListener("readystatechange", apply, { once: true });
}

function chromiumPath(): string {
  return process.env["FOREYARD_CHROMIUM"] ?? "/usr/bin/chromium";
}
