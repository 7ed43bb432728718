import { env, Uri, workspace, type ExtensionContext } from "vscode";
import { Disposer } from "./mesh/disposer.ts";
import { MeshConnection } from "./editor/connection.ts";
import { CredentialStore } from "./editor/credentials.ts";
import type { EngineHost, LoadEngine } from "./editor/engine.ts";
import { ExplorerViews } from "./editor/explorer/explorerViews.ts";
import { createOutputLog } from "./editor/log.ts";
import { keptPositionsShape } from "./editor/pages/keptPositions.ts";
import { TopologyPages } from "./editor/pages/topologyPage.ts";
import { registerLiveObjects } from "./editor/resources/liveObjects.ts";
import { createStatusBar } from "./editor/statusBar.ts";
import { StoredState } from "./editor/storedState.ts";
import { followSurroundings, registerCommands } from "./editor/surface.ts";
import { windowStateShape } from "./editor/windowState.ts";
import type { ObjectRef } from "./mesh/model/refs.ts";

/** Registers everything, awaits nothing, reaches nothing. What is heavy is loaded when a view or a command needs it. */
export function activate(context: ExtensionContext): void {
  const owned = new Disposer();
  context.subscriptions.push(owned);

  const log = owned.own(createOutputLog());
  const state = new StoredState(context.workspaceState, windowStateShape, log);
  const credentials = new CredentialStore(context.secrets);
  const host: EngineHost = {
    log,
    locale: env.language,
    credentials: (cluster) => credentials.get(cluster),
    mayRun: (file) => workspace.isTrusted || workspace.getWorkspaceFolder(Uri.file(file)) === undefined,
  };
  const loadEngine: LoadEngine = async () => (await import("./engine.ts")).createEngine(host);

  const connection = owned.own(new MeshConnection(loadEngine, state, log));
  const views = owned.own(new ExplorerViews(connection));
  const positions = new StoredState(context.workspaceState, keptPositionsShape, log);
  const desk = { connection, state, positions, log, reveal: (ref: ObjectRef) => views.reveal(ref) };
  const topology = owned.own(new TopologyPages(desk, context.extensionUri));
  const surface = { connection, views, state, credentials, topology };
  owned.own(createStatusBar(connection));
  owned.own(registerLiveObjects(connection, log));
  owned.own(followSurroundings(surface, log));
  owned.own(registerCommands(surface, log, context.extension));
}
