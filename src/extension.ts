import { createExports, type ForeyardExports } from "./api.ts";
import { env, Uri, window, workspace, type ExtensionContext } from "vscode";
import { Disposer } from "./mesh/disposer.ts";
import { validateThis } from "./editor/commands/validationCommands.ts";
import { editorClock } from "./editor/clock.ts";
import { MeshConnection } from "./editor/connection.ts";
import { CredentialStore } from "./editor/credentials.ts";
import type { EngineHost, LoadEngine } from "./editor/engine.ts";
import { ExplorerViews } from "./editor/explorer/explorerViews.ts";
import { createOutputLog } from "./editor/log.ts";
import { DrilldownPages } from "./editor/pages/drilldownPage.ts";
import { keptPositionsShape } from "./editor/pages/keptPositions.ts";
import { ListPages } from "./editor/pages/listsPage.ts";
import { TopologyPages } from "./editor/pages/topologyPage.ts";
import { ContainerLogs } from "./editor/resources/containerLogs.ts";
import { ObjectActions } from "./editor/resources/objectActions.ts";
import { registerLiveObjects } from "./editor/resources/liveObjects.ts";
import type { Wanted } from "./editor/pages/wanted.ts";
import { createStatusBar } from "./editor/statusBar.ts";
import { StoredState } from "./editor/storedState.ts";
import { followSurroundings, registerCommands } from "./editor/surface.ts";
import { ownMetadata } from "./editor/ownMetadata.ts";
import { windowStateShape } from "./editor/windowState.ts";
import { askAbout, giveKnownNotes } from "./editor/knownNotes.ts";
import { translate } from "./editor/words.ts";
import { FindingCounts } from "./editor/yaml/findingCounts.ts";
import { createLanguageStatus } from "./editor/yaml/languageStatus.ts";
import { YamlValidation } from "./editor/yaml/yamlValidation.ts";
import type { LevelPath } from "./mesh/drilldown/level.ts";
import { ForeignRules } from "./mesh/validation/foreign/foreignRules.ts";
import { createMetadataDesk } from "./mesh/metadata/metadataDesk.ts";
import type { ObjectRef } from "./mesh/model/refs.ts";

/** Registers everything, awaits nothing, reaches nothing. What is heavy is loaded when a view or a command needs it. */
export function activate(context: ExtensionContext): ForeyardExports {
  const owned = new Disposer();
  context.subscriptions.push(owned);

  const log = owned.own(createOutputLog());
  const state = new StoredState(context.workspaceState, windowStateShape, log);
  const credentials = new CredentialStore(context.secrets);
  const host: EngineHost = {
    log,
    locale: env.language,
    complain: (problems) => void window.showWarningMessage(problems.map(translate).join(" ")),
    credentials: (cluster) => credentials.get(cluster),
    mayRun: (file) => workspace.isTrusted || workspace.getWorkspaceFolder(Uri.file(file)) === undefined,
  };
  const loadEngine: LoadEngine = async () => (await import("./engine.ts")).createEngine(host);

  const connection = owned.own(new MeshConnection(loadEngine, state, log));
  const positions = new StoredState(context.workspaceState, keptPositionsShape, log);
  const metadata = createMetadataDesk({ clock: editorClock, log });
  owned.own(ownMetadata(connection, metadata));
  owned.own(giveKnownNotes(connection, metadata));
  const rules = new ForeignRules(() => validation.restart());
  const validation: YamlValidation = owned.own(new YamlValidation(connection, log, () => rules.rules));
  const counts = owned.own(new FindingCounts(validation, connection));
  const foundAbout = counts.about;
  const askAboutRow = (ref: ObjectRef) => askAbout(ref, connection, metadata);
  const views = owned.own(new ExplorerViews(connection, { askAbout: askAboutRow, foundAbout }));
  owned.own(counts.onChange(() => views.redraw()));
  const reveal = (ref: ObjectRef) => views.reveal(ref);
  const logs = owned.own(new ContainerLogs(connection, editorClock, log));
  const showTopology = (wanted: Wanted): void => topology.show(wanted);
  const validate = (ref: ObjectRef) => validateThis(validation, ref);
  const objects = owned.own(new ObjectActions({ connection, logs, reveal, showTopology, validate }));
  const { extensionUri } = context;
  const drilldown = owned.own(
    new DrilldownPages({ connection, state, log, objects, metadata, foundAbout }, extensionUri),
  );
  const drill = (path: LevelPath): void => drilldown.show(path);
  const lists = owned.own(new ListPages({ connection, log, objects, metadata, drill }, extensionUri));
  const topology = owned.own(
    new TopologyPages({ connection, state, positions, log, metadata, reveal, drill, validate }, extensionUri),
  );
  const surface = { validation, connection, views, state, credentials, topology, drilldown, lists, objects };
  owned.own(createStatusBar(connection));
  owned.own(createLanguageStatus(validation, connection));
  owned.own(registerLiveObjects(connection, log));
  owned.own(followSurroundings(surface, log));
  owned.own(registerCommands(surface, log, context.extension));
  return createExports(metadata, rules);
}
