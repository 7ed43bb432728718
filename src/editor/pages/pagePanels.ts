import { env, TabInputWebview, Uri, ViewColumn, window, type Webview, type WebviewPanel } from "vscode";
import { Disposer, type Disposable } from "../../mesh/disposer.ts";
import type { Log } from "../../mesh/ports.ts";
import type { Port, ToHost, ToPage } from "../../protocol/contract.ts";
import type { ConnectionChange, MeshConnection } from "../connection.ts";
import type { pageTypes } from "../ids.ts";
import { explainAny } from "../words.ts";
import { pageHtml } from "./pageHtml.ts";

/** The other end of one page; made by `src/engine.ts`, since reading a mesh is heavy. */
export interface PageServer extends Disposable {
  /** The page was told of another mesh than the window shows now. */
  readonly isOutdated: boolean;
  /** Serves a page that begins; the last one is gone. Disposing aborts what it asked for and sends nothing any more. */
  open(port: Port<ToPage, ToHost>): Disposable;
}

/** What pages of one type differ in. */
export interface PageKind<S extends PageServer> {
  /** The folder in `webview` that it is built from. */
  readonly name: keyof typeof pageTypes;
  readonly type: (typeof pageTypes)[keyof typeof pageTypes];
  /** In `media`. */
  readonly icon: string;
  /** "" where no mesh is open. */
  title(meshName: string): string;
  /** Loads what is heavy; `named` is told what the mesh on the page is called. */
  serve(named: (meshName: string) => void): Promise<S>;
}

/** What all pages work with. */
export interface PageWindow {
  readonly connection: MeshConnection;
  readonly log: Log;
  readonly extensionUri: Uri;
}

/** The pages of one type in this window: one at most, restored with the window, alive only while it is visible. */
export class PagePanels<S extends PageServer> implements Disposable {
  readonly #kind: PageKind<S>;
  readonly #window: PageWindow;
  readonly #files: Uri;
  readonly #owned = new Disposer();
  #open: OpenPage<S> | undefined;

  constructor(kind: PageKind<S>, pageWindow: PageWindow) {
    this.#kind = kind;
    this.#window = pageWindow;
    this.#files = Uri.joinPath(pageWindow.extensionUri, "dist", "webview");
    this.#owned.own(
      window.registerWebviewPanelSerializer(kind.type, {
        deserializeWebviewPanel: (panel) => {
          // Of two windows' worth of panels only one stays.
          if (this.#open) {
            panel.dispose();
            this.#open.panel.reveal();
          } else this.#adopt(panel);
          return Promise.resolve();
        },
      }),
    );
    this.#owned.own(pageWindow.connection.onChange((change) => this.#open?.connectionChanged(change)));
  }

  /** Opens the page or brings it to the front, and tells its server what is wanted in it. */
  show(tell?: (server: S) => void): void {
    if (this.#open) this.#open.panel.reveal();
    else {
      closeUnrestored(this.#kind.type);
      this.#adopt(
        window.createWebviewPanel(this.#kind.type, this.#kind.title(""), ViewColumn.Active, {
          enableScripts: true,
          enableCommandUris: false,
          enableFindWidget: false,
          retainContextWhenHidden: false,
          localResourceRoots: [this.#files],
        }),
      );
    }
    if (tell) this.#open?.use(tell);
  }

  /** Does what a native menu of the page asks for; nothing where the page is gone. */
  async withServer(use: (server: S) => unknown): Promise<void> {
    const server = await this.#open?.server();
    if (server) await use(server);
  }

  dispose(): void {
    this.#open?.panel.dispose();
    this.#owned.dispose();
  }

  #adopt(panel: WebviewPanel): void {
    const open = new OpenPage(panel, { kind: this.#kind, window: this.#window, files: this.#files });
    this.#open = open;
    panel.onDidDispose(() => {
      open.dispose();
      if (this.#open === open) this.#open = undefined;
    });
  }
}

/**
 * A tab of the last session is given back only once it is looked at; until then nobody can bring it to the front. The
 * new one takes its place, so that there are never two. VS Code puts its own prefix before the type.
 */
function closeUnrestored(type: string): void {
  const tabs = window.tabGroups.all.flatMap((group) => group.tabs);
  const left = tabs.filter(({ input }) => input instanceof TabInputWebview && input.viewType.endsWith(type));
  if (left.length > 0) void window.tabGroups.close(left, true);
}

interface PageParts<S extends PageServer> {
  readonly kind: PageKind<S>;
  readonly window: PageWindow;
  readonly files: Uri;
}

class OpenPage<S extends PageServer> implements Disposable {
  readonly panel: WebviewPanel;
  readonly #parts: PageParts<S>;
  readonly #owned = new Disposer();
  readonly #port: WebviewPort;
  #server: Promise<S> | undefined;
  #viewing: Disposable | undefined;
  #serving: Disposable | undefined;
  #isDisposed = false;

  constructor(panel: WebviewPanel, parts: PageParts<S>) {
    this.panel = panel;
    this.#parts = parts;
    const { files, kind } = parts;
    this.#port = this.#owned.own(new WebviewPort(panel.webview));
    panel.iconPath = Uri.joinPath(files, "..", "..", "media", kind.icon);
    // What was restored has the roots of the version that made it.
    panel.webview.options = { enableScripts: true, enableCommandUris: false, localResourceRoots: [files] };
    this.#owned.own(panel.onDidChangeViewState(() => this.#look(panel.visible)));
    this.#load();
    this.#look(panel.visible);
  }

  /** Loads what is heavy once; a failed load may be tried again. */
  server(): Promise<S> {
    this.#server ??= this.#parts.kind
      .serve((name) => this.#setTitle(name))
      .catch((error: unknown) => {
        this.#server = undefined;
        throw error;
      });
    return this.#server;
  }

  use(use: (server: S) => void): void {
    this.server().then(
      (server) => (this.#isDisposed ? undefined : use(server)),
      (error: unknown) => {
        this.#parts.window.log.error("a page could not be loaded", error, { page: this.#parts.kind.type });
        void window.showErrorMessage(explainAny(error));
      },
    );
  }

  /** A page starts anew with another mesh, so that nothing of the last one stays on it. */
  connectionChanged(change: ConnectionChange): void {
    if (change !== "opened" || !this.#serving) return;
    this.use((server) => {
      if (!this.#serving || !server.isOutdated) return;
      this.#serving.dispose();
      this.#port.forget();
      this.#load();
      this.#serving = server.open(this.#port);
    });
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#look(false);
    this.#owned.dispose();
    void this.#server?.then(
      (server) => server.dispose(),
      () => undefined,
    );
  }

  /** A hidden page has no document: nothing is read for it, and nothing is sent to it. */
  #look(isVisible: boolean): void {
    if (isVisible === (this.#viewing !== undefined)) return;
    if (!isVisible) {
      this.#viewing?.dispose();
      this.#viewing = undefined;
      this.#serving?.dispose();
      this.#serving = undefined;
      this.#port.forget();
      return;
    }
    this.#viewing = this.#parts.window.connection.view();
    this.use((server) => {
      if (this.#viewing) this.#serving ??= server.open(this.#port);
    });
  }

  #load(): void {
    const { webview } = this.panel;
    const { files, kind } = this.#parts;
    const file = (name: string): string => webview.asWebviewUri(Uri.joinPath(files, name)).toString();
    const assets = { script: file(`${kind.name}.js`), style: file(`${kind.name}.css`) };
    webview.html = pageHtml({ ...assets, cspSource: webview.cspSource, locale: env.language });
  }

  #setTitle(meshName: string): void {
    const title = this.#parts.kind.title(meshName);
    if (this.panel.title !== title && !this.#isDisposed) this.panel.title = title;
  }
}

/** Keeps what the page says until somebody listens: the page may be faster than what serves it. */
class WebviewPort implements Port<ToPage, ToHost>, Disposable {
  readonly #webview: Webview;
  readonly #receiving: Disposable;
  #handler: ((message: ToHost) => void) | undefined;
  #waiting: ToHost[] = [];

  constructor(webview: Webview) {
    this.#webview = webview;
    this.#receiving = webview.onDidReceiveMessage((message: ToHost) => {
      if (this.#handler) this.#handler(message);
      else if (this.#waiting.length < 100) this.#waiting.push(message);
    });
  }

  post(message: ToPage): void {
    void this.#webview.postMessage(message);
  }

  listen(handler: (message: ToHost) => void): { dispose(): void } {
    this.#handler = handler;
    for (const message of this.#waiting.splice(0)) handler(message);
    return {
      dispose: () => {
        if (this.#handler === handler) this.#handler = undefined;
      },
    };
  }

  forget(): void {
    this.#waiting = [];
  }

  dispose(): void {
    this.#receiving.dispose();
    this.forget();
  }
}
