import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { chromium, type BrowserContext, type Locator, type Page } from "playwright-core";
import { installCodeServer, releases } from "../../../tools/codeServer/installCodeServer.mjs";
import { serveCode } from "../../../tools/codeServer/serveCode.mjs";

export const root = fileURLToPath(new URL("../../..", import.meta.url));

/** Where pictures are kept for people to look at. */
const pictures = path.join(root, "artifacts/screens");

export const contextPickTitle = "Contexts to Show in This Window";

for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));

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

/** Ids of VS Code's own themes, and the class by which the workbench shows which of its four kinds is on. */
export const themeClasses = {
  "Dark Modern": "vs-dark",
  "Light Modern": "vs",
  "Default High Contrast": "hc-black",
  "Default High Contrast Light": "hc-light",
} as const;

export type Theme = keyof typeof themeClasses;

export type ViewTitle = "Meshes" | "Services" | "Workloads";

export interface WorkbenchOptions {
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Environment of the extension host; HOME is an empty folder unless given. */
  readonly env?: Readonly<Record<string, string>>;
  /** Files of the workspace: path to text. */
  readonly files?: Readonly<Record<string, string>>;
  readonly size?: { readonly width: number; readonly height: number };
  /** Which VS Code: the current one, or the oldest that Foreyard supports. */
  readonly release?: keyof typeof releases;
  /** Do not trust the workspace until somebody says so. */
  readonly asksForTrust?: boolean;
  /** Further parts of the page's address, e.g. the payload that runs a suite in the extension host. */
  readonly payload?: (authority: string) => readonly (readonly [string, string])[];
  /** Called with the page before it opens the workbench. */
  readonly prepare?: (page: Page) => Promise<void>;
  readonly linkExtension?: boolean;
  /** Folders of further extensions. */
  readonly extensions?: readonly string[];
}

/** A real VS Code with Foreyard in it, and a browser that shows it. */
export class Workbench {
  readonly page: Page;
  readonly workspace: string;
  readonly dir: string;
  /** Requests that left this machine's loopback; there should be none. */
  readonly outside: string[] = [];
  readonly console: string[] = [];
  readonly #settings: Record<string, unknown> = {};
  /** Ends the browser, the server and all that it started, and forgets their files. */
  readonly close: () => Promise<void>;

  constructor(page: Page, context: BrowserContext, { dir, stop }: { dir: string; stop: () => Promise<void> }) {
    this.page = page;
    this.dir = dir;
    this.workspace = path.join(dir, "workspace");
    this.close = stop;
    context.on("request", (request) => {
      const { protocol, hostname } = new URL(request.url());
      const isLocal = hostname === "127.0.0.1" || hostname.endsWith(".vscode-resource.vscode-cdn.net");
      if (/^(https?|wss?):$/.test(protocol) && !isLocal) this.outside.push(request.url());
    });
    page.on("console", (message) => this.console.push(`${message.type()}: ${message.text()}`));
  }

  /** Changes settings of the workspace while VS Code runs; VS Code watches that file, but not the user's own. */
  settings(changed: Readonly<Record<string, unknown>>): void {
    Object.assign(this.#settings, changed);
    mkdirSync(path.join(this.workspace, ".vscode"), { recursive: true });
    writeFileSync(path.join(this.workspace, ".vscode/settings.json"), JSON.stringify(this.#settings, null, 2));
  }

  async theme(theme: Theme): Promise<void> {
    this.settings({ "workbench.colorTheme": theme });
    await this.page.locator(`.monaco-workbench.${themeClasses[theme]}`).waitFor();
  }

  /** Runs a command by its title in the palette. */
  async command(title: string): Promise<void> {
    // The palette lists what was contributed when it opened.
    await this.icon.waitFor();
    await this.page.keyboard.press("F1");
    await this.quickInput.fill(`>${title}`);
    await this.choices.filter({ hasText: title }).first().waitFor();
    await this.page.keyboard.press("Enter");
  }

  /** The text field of whatever quick pick is open. */
  get quickInput(): Locator {
    return this.page.locator(".quick-input-widget:visible input:not([type=checkbox])").first();
  }

  /** The rows of whatever quick pick is open. */
  get choices(): Locator {
    return this.page.locator(".quick-input-widget:visible .quick-input-list .monaco-list-row");
  }

  /** The title of a quick pick or an input box, once it is open. */
  quickPick(title: string): Locator {
    return this.page.locator(".quick-input-title:visible", { hasText: title });
  }

  /** Whether a context is offered now; nothing is chosen. */
  async isContextOffered(name: string): Promise<boolean> {
    await this.#openContextPick();
    const offered = await this.choices.locator(".label-name").allInnerTexts();
    await this.quickInput.press("Escape");
    await this.quickPick(contextPickTitle).waitFor({ state: "hidden" });
    return offered.includes(name);
  }

  /** Pins the window to exactly these contexts, by the command that people use; fails where one is not offered. */
  async chooseContexts(...names: readonly string[]): Promise<void> {
    await this.#openContextPick();
    const missing = new Set(names);
    for (const choice of await this.choices.all()) {
      const name = await choice.locator(".label-name").first().innerText();
      missing.delete(name);
      const isTicked = (await choice.getAttribute("aria-checked")) === "true";
      if (isTicked !== names.includes(name)) await choice.locator(".monaco-checkbox").click();
    }
    if (missing.size > 0) throw new Error(`Not offered: ${[...missing].join(", ")}`);
    await this.quickInput.press("Enter");
  }

  async #openContextPick(): Promise<void> {
    await this.command("Foreyard: Choose Contexts");
    await this.quickPick(contextPickTitle).waitFor();
    await this.choices.locator(".monaco-checkbox").first().waitFor();
  }

  /** Opens Foreyard's views by its icon. */
  async openViews(): Promise<void> {
    await this.icon.click();
    await this.pane("Meshes").waitFor();
  }

  /** Foreyard's icon in the activity bar; its name says what the badge counts. */
  get icon(): Locator {
    return this.page.locator('.activitybar a.action-label[aria-label^="Foreyard"]');
  }

  /** A view's pane in the side bar by its title. */
  pane(title: ViewTitle): Locator {
    return this.page.locator(".sidebar .split-view-view").filter({
      has: this.page.locator(".pane-header", { hasText: new RegExp(`^\\s*${title}`, "i") }),
    });
  }

  /**
   * A row by how its spoken name begins: "reviews, failing, 12 rps, ...". VS Code draws only rows that are in sight, so
   * that a window must be tall enough for those a test asks for.
   */
  row(view: ViewTitle, name: RegExp): Locator {
    return this.pane(view).getByRole("treeitem", { name }).first();
  }

  /** What a screen reader says for the rows of a view that are in sight. */
  async rows(view: ViewTitle): Promise<string[]> {
    const rows = this.pane(view).getByRole("treeitem");
    return inPage(rows, (all) => all.map((row) => String(row.getAttribute("aria-label"))));
  }

  async open(view: ViewTitle, name: RegExp): Promise<void> {
    const row = this.row(view, name);
    await row.waitFor();
    if ((await row.getAttribute("aria-expanded")) === "false") await row.click();
  }

  /** Opens the YAML of a row by the action on it. */
  async openYaml(view: ViewTitle, name: RegExp): Promise<void> {
    const row = this.row(view, name);
    await row.hover();
    await row.getByRole("button", { name: "Open YAML" }).click();
  }

  /** The lines in sight of the editor in front. */
  async editorText(): Promise<string> {
    const lines = this.page.locator(".editor-group-container .editor-instance .view-lines").last();
    await lines.waitFor();
    return (await lines.innerText()).replaceAll("\u00a0", " ");
  }

  /** Drags the side bar's border until the bar is this wide. */
  async sideBarWidth(pixels: number): Promise<void> {
    const box = await this.page.locator(".part.sidebar").boundingBox();
    if (!box) throw new Error("The side bar is not shown.");
    const y = box.y + box.height / 2;
    await this.page.mouse.move(box.x + box.width + 1, y);
    await this.page.mouse.down();
    await this.page.mouse.move(box.x + pixels, y, { steps: 5 });
    await this.page.mouse.up();
    await this.page.mouse.move(box.x + pixels + 200, y);
  }

  /** For afterEach: keeps what a failed test saw. */
  async pictureOfFailure(context: object): Promise<void> {
    if (!("passed" in context) || context.passed !== false || !("name" in context)) return;
    await this.picture(`failed-${String(context.name).replaceAll(/\W+/g, "-").slice(0, 60)}`);
  }

  async picture(name: string): Promise<void> {
    mkdirSync(pictures, { recursive: true });
    await this.page.screenshot({ path: path.join(pictures, `${name}.png`) });
  }
}

/** What tests ask of elements of the page; the types here know no DOM. */
export interface PageElement {
  readonly className: string;
  readonly clientWidth: number;
  readonly scrollWidth: number;
  getAttribute(name: string): string | null;
}

/** Runs a function in the page, on what a locator finds. */
export function inPage<T>(elements: Locator, callback: (all: readonly PageElement[]) => T): Promise<T> {
  return elements.evaluateAll<T, undefined>(callback as never, undefined);
}

export async function openWorkbench(options: WorkbenchOptions = {}): Promise<Workbench> {
  const dir = mkdtempSync(path.join(tmpdir(), "foreyard-editor-"));
  const started: (() => Promise<unknown>)[] = [];
  const stop = async () => {
    for (const end of started.reverse()) await end();
    rmSync(dir, { recursive: true, force: true });
  };
  try {
    const server = await startServer(dir, options);
    // The server is a process group of its own, which would outlive a test run that is broken off.
    const kill = () => process.kill(-(server.child.pid ?? 0), "SIGKILL");
    process.once("exit", kill);
    started.push(async () => {
      process.removeListener("exit", kill);
      await server.stop();
    });
    const context = await chromium.launchPersistentContext(path.join(dir, "browser"), {
      executablePath: process.env["FOREYARD_CHROMIUM"] ?? "/usr/bin/chromium",
      headless: true,
      args: browserFlags,
      viewport: options.size ?? { width: 1280, height: 800 },
    });
    started.push(() => context.close());
    const page = context.pages()[0] ?? (await context.newPage());
    page.setDefaultTimeout(45_000);
    const workbench = new Workbench(page, context, { dir, stop });
    await options.prepare?.(page);
    const query = new URLSearchParams({ folder: workbench.workspace });
    if (options.payload) query.set("payload", JSON.stringify(options.payload(`127.0.0.1:${server.port}`)));
    await page.goto(`${server.url}/?${query.toString()}`);
    await page.waitForSelector(".monaco-workbench .part.statusbar");
    return workbench;
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Starts VS Code's server with an empty home, the given workspace and the built extension. */
function startServer(dir: string, options: WorkbenchOptions): ReturnType<typeof serveCode> {
  const { release = "current", files = {}, settings, env, payload } = options;
  const [home, workspace] = [path.join(dir, "home"), path.join(dir, "workspace")];
  mkdirSync(home);
  mkdirSync(workspace);
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(workspace, file)), { recursive: true });
    writeFileSync(path.join(workspace, file), text);
  }
  return serveCode({
    installed: installCodeServer(releases[release], () => undefined),
    dir,
    extensions: [...(options.linkExtension === false ? [] : [root.replace(/\/$/, "")]), ...(options.extensions ?? [])],
    settings: {
      "workbench.colorTheme": "Dark Modern",
      // Else a browser without colours of its own decides between the two high contrast themes.
      "window.autoDetectHighContrast": false,
      ...settings,
    },
    env: { HOME: home, KUBECONFIG: "", ...env },
    // Newer releases listen to a payload only with this; older ones always do, and do not know the option.
    args: payload && release === "current" ? ["--vscode-option", "enable-smoke-test-driver"] : [],
    trustEverything: options.asksForTrust !== true,
  });
}
