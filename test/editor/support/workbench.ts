import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { chromium, type BrowserContext, type Locator, type Page } from "playwright-core";
import { installCodeServer, releases } from "../../../tools/codeServer/installCodeServer.mjs";
import { serveCode } from "../../../tools/codeServer/serveCode.mjs";

export const root = fileURLToPath(new URL("../../..", import.meta.url));

/** Where pictures are kept for people to look at. */
const pictures = path.join(root, "artifacts/screens");

const browserFlags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  // Whatever Chromium itself would look up stays unanswered; pages come from 127.0.0.1 alone.
  "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
];

export type Theme = "Dark Modern" | "Light Modern" | "Dark High Contrast" | "Light High Contrast";

export interface WorkbenchOptions {
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Environment of the extension host; HOME is an empty folder unless given. */
  readonly env?: Readonly<Record<string, string>>;
  /** Files of the workspace: path to text. */
  readonly files?: Readonly<Record<string, string>>;
  readonly theme?: Theme;
  readonly size?: { readonly width: number; readonly height: number };
  /** Which VS Code: the current one, or the oldest that Foreyard supports. */
  readonly release?: keyof typeof releases;
  /** Ask whether the workspace is trusted, as a new VS Code does. */
  readonly asksForTrust?: boolean;
  /** Further parts of the page's address, e.g. the payload that runs a suite in the extension host. */
  readonly payload?: (authority: string) => readonly (readonly [string, string])[];
  /** Called with the page before it opens the workbench. */
  readonly prepare?: (page: Page) => Promise<void>;
  readonly linkExtension?: boolean;
}

/** A real VS Code with Foreyard in it, and a browser that shows it. */
export class Workbench {
  readonly page: Page;
  readonly workspace: string;
  readonly dir: string;
  /** Requests that left this machine's loopback; there should be none. */
  readonly outside: string[] = [];
  readonly console: string[] = [];
  readonly #context: BrowserContext;
  readonly #stop: () => Promise<void>;

  constructor(page: Page, context: BrowserContext, dir: string, stop: () => Promise<void>) {
    this.page = page;
    this.#context = context;
    this.dir = dir;
    this.workspace = path.join(dir, "workspace");
    this.#stop = stop;
    context.on("request", (request) => {
      const { protocol, hostname } = new URL(request.url());
      const isLocal = hostname === "127.0.0.1" || hostname.endsWith(".vscode-resource.vscode-cdn.net");
      if (/^(https?|wss?):$/.test(protocol) && !isLocal) this.outside.push(request.url());
    });
    page.on("console", (message) => this.console.push(`${message.type()}: ${message.text()}`));
  }

  /** Runs a command by its title in the palette. */
  async command(title: string): Promise<void> {
    await this.page.keyboard.press("F1");
    const input = this.page.locator(".quick-input-widget input").first();
    await input.waitFor();
    await input.fill(`>${title}`);
    await this.page.locator(".quick-input-list .monaco-list-row", { hasText: title }).first().waitFor();
    await this.page.keyboard.press("Enter");
  }

  /** Opens Foreyard's views by its icon. */
  async openViews(): Promise<void> {
    await this.page.locator('.activitybar a.action-label[aria-label^="Foreyard"]').click();
    await this.page
      .locator(".sidebar .pane-header", { hasText: /meshes/i })
      .first()
      .waitFor();
  }

  /** A view's pane in the side bar by its title. */
  pane(title: string): Locator {
    return this.page.locator(".sidebar .split-view-view").filter({
      has: this.page.locator(".pane-header", { hasText: new RegExp(`^\\s*${title}`, "i") }),
    });
  }

  row(name: RegExp | string): Locator {
    return this.page.getByRole("treeitem", { name }).first();
  }

  /** What the rows of a view say, as one line each. */
  async rows(title: string): Promise<string[]> {
    const texts = await this.pane(title).getByRole("treeitem").allInnerTexts();
    return texts.map((text) => text.replace(/\s+/g, " ").trim());
  }

  async picture(name: string): Promise<void> {
    mkdirSync(pictures, { recursive: true });
    await this.page.screenshot({ path: path.join(pictures, `${name}.png`) });
  }

  /** The lines of the extension host's log. */
  log(): string {
    const file = path.join(this.dir, "server.log");
    return readFileSync(file, "utf8");
  }

  async close(): Promise<void> {
    await this.#context.close();
    await this.#stop();
    rmSync(this.dir, { recursive: true, force: true });
  }
}

export async function openWorkbench(options: WorkbenchOptions = {}): Promise<Workbench> {
  const dir = mkdtempSync(path.join(tmpdir(), "foreyard-editor-"));
  const home = path.join(dir, "home");
  const workspace = path.join(dir, "workspace");
  mkdirSync(home);
  mkdirSync(workspace);
  for (const [file, text] of Object.entries(options.files ?? {})) {
    mkdirSync(path.dirname(path.join(workspace, file)), { recursive: true });
    writeFileSync(path.join(workspace, file), text);
  }
  const server = await serveCode({
    installed: installCodeServer(releases[options.release ?? "current"], () => undefined),
    dir,
    ...(options.linkExtension === false ? {} : { extension: root.replace(/\/$/, "") }),
    settings: { "workbench.colorTheme": options.theme ?? "Dark Modern", ...options.settings },
    env: { HOME: home, KUBECONFIG: "", ...options.env },
    args: options.payload ? ["--vscode-option", "enable-smoke-test-driver"] : [],
    trustEverything: options.asksForTrust !== true,
  });
  const context = await chromium.launchPersistentContext(path.join(dir, "browser"), {
    executablePath: process.env["FOREYARD_CHROMIUM"] ?? "/usr/bin/chromium",
    headless: true,
    args: browserFlags,
    viewport: options.size ?? { width: 1280, height: 800 },
  });
  const page = context.pages()[0] ?? (await context.newPage());
  page.setDefaultTimeout(60_000);
  const workbench = new Workbench(page, context, dir, server.stop);
  await options.prepare?.(page);
  const query = new URLSearchParams({ folder: workspace });
  if (options.payload) query.set("payload", JSON.stringify(options.payload(`127.0.0.1:${server.port}`)));
  await page.goto(`${server.url}/?${query.toString()}`);
  await page.waitForSelector(".monaco-workbench .part.statusbar");
  return workbench;
}
