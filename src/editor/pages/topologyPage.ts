import { env, l10n, TabInputWebview, Uri, ViewColumn, window, type Webview, type WebviewPanel } from "vscode";
import { Disposer, type Disposable } from "../../mesh/disposer.ts";
import type { MenuAct, Target } from "../../protocol/topology/topologyContract.ts";
import type { Port, ToHost, ToPage } from "../../protocol/contract.ts";
import type { ConnectionChange } from "../connection.ts";
import { pageTypes } from "../ids.ts";
import { explainAny } from "../words.ts";
import { pageHtml } from "./pageHtml.ts";
import type { TopologyDesk, TopologyServer } from "./topologyServer.ts";
import type { Wanted } from "./wanted.ts";

/** The topology page of this window: one at most, restored with the window, alive only while it is visible. */
export class TopologyPages implements Disposable {
  readonly #desk: Omit<TopologyDesk, "named">;
  readonly #files: Uri;
  readonly #owned = new Disposer();
  #open: OpenPage | undefined;

  constructor(desk: Omit<TopologyDesk, "named">, extensionUri: Uri) {
    this.#desk = desk;
    this.#files = Uri.joinPath(extensionUri, "dist", "webview");
    this.#owned.own(
      window.registerWebviewPanelSerializer(pageTypes.topology, {
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
    this.#owned.own(desk.connection.onChange((change) => this.#open?.connectionChanged(change)));
  }

  /** Opens the page or brings it to the front, and shows what is wanted in it. */
  show(wanted: Wanted | undefined): void {
    if (this.#open) this.#open.panel.reveal();
    else {
      closeUnrestored();
      this.#adopt(
        window.createWebviewPanel(pageTypes.topology, l10n.t("Topology"), ViewColumn.Active, {
          enableScripts: true,
          enableCommandUris: false,
          enableFindWidget: false,
          retainContextWhenHidden: false,
          localResourceRoots: [this.#files],
        }),
      );
    }
    if (wanted) this.#open?.show(wanted);
  }

  /** Does what a native menu of the page asks for; nothing where the page is gone. */
  async withServer(use: (server: TopologyServer) => unknown): Promise<void> {
    const server = await this.#open?.server();
    if (server) await use(server);
  }

  async act(act: MenuAct, target: Target): Promise<void> {
    await this.withServer((server) => server.act(act, target));
  }

  dispose(): void {
    this.#open?.panel.dispose();
    this.#owned.dispose();
  }

  #adopt(panel: WebviewPanel): void {
    const open = new OpenPage(panel, this.#desk, this.#files);
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
function closeUnrestored(): void {
  const tabs = window.tabGroups.all.flatMap((group) => group.tabs);
  const left = tabs.filter(({ input }) => {
    return input instanceof TabInputWebview && input.viewType.endsWith(pageTypes.topology);
  });
  if (left.length > 0) void window.tabGroups.close(left, true);
}

class OpenPage implements Disposable {
  readonly panel: WebviewPanel;
  readonly #desk: TopologyDesk;
  readonly #files: Uri;
  readonly #owned = new Disposer();
  readonly #port: WebviewPort;
  #server: Promise<TopologyServer> | undefined;
  #viewing: Disposable | undefined;
  #serving: Disposable | undefined;
  #isDisposed = false;

  constructor(panel: WebviewPanel, desk: Omit<TopologyDesk, "named">, files: Uri) {
    this.panel = panel;
    this.#files = files;
    this.#desk = { ...desk, named: (name) => this.#setTitle(name) };
    this.#port = this.#owned.own(new WebviewPort(panel.webview));
    panel.iconPath = Uri.joinPath(files, "..", "..", "media", "topology.svg");
    // What was restored has the roots of the version that made it.
    panel.webview.options = { enableScripts: true, enableCommandUris: false, localResourceRoots: [files] };
    this.#owned.own(panel.onDidChangeViewState(() => this.#look(panel.visible)));
    this.#load();
    this.#look(panel.visible);
  }

  /** Loads what is heavy once; a failed load may be tried again. */
  server(): Promise<TopologyServer> {
    this.#server ??= this.#desk.connection.engine().then(
      (engine) => engine.serveTopology(this.#desk),
      (error: unknown) => {
        this.#server = undefined;
        throw error;
      },
    );
    return this.#server;
  }

  show(wanted: Wanted): void {
    this.#use((server) => server.show(wanted));
  }

  /** A page starts anew with another mesh, so that nothing of the last one stays on it. */
  connectionChanged(change: ConnectionChange): void {
    if (change !== "opened" || !this.#serving) return;
    this.#use((server) => {
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
    this.#viewing = this.#desk.connection.view();
    this.#use((server) => {
      if (this.#viewing) this.#serving ??= server.open(this.#port);
    });
  }

  #load(): void {
    const { webview } = this.panel;
    const file = (name: string): string => webview.asWebviewUri(Uri.joinPath(this.#files, name)).toString();
    const assets = { script: file("topology.js"), style: file("topology.css") };
    webview.html = pageHtml({ ...assets, cspSource: webview.cspSource, locale: env.language });
  }

  #setTitle(meshName: string): void {
    const title = meshName === "" ? l10n.t("Topology") : l10n.t("Topology · {0}", meshName);
    if (this.panel.title !== title && !this.#isDisposed) this.panel.title = title;
  }

  #use(use: (server: TopologyServer) => void): void {
    this.server().then(
      (server) => (this.#isDisposed ? undefined : use(server)),
      (error: unknown) => {
        this.#desk.log.error("the topology could not be loaded", error);
        void window.showErrorMessage(explainAny(error));
      },
    );
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
