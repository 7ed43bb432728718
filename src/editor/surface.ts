import { commands, ConfigurationTarget, env, version, workspace, type ExtensionContext } from "vscode";
import { Disposer, type Disposable } from "../mesh/disposer.ts";
import type { Log } from "../mesh/ports.ts";
import {
  chooseContexts,
  chooseNamespaces,
  connect,
  offerContext,
  offerOtherCluster,
  showMenu,
} from "./commands/connectCommands.ts";
import { openWalkthrough, reportIssue, showDoctor } from "./commands/helpCommands.ts";
import { registerCommand } from "./commands/registerCommand.ts";
import * as drilldown from "./commands/drilldownCommands.ts";
import * as topology from "./commands/topologyCommands.ts";
import * as view from "./commands/viewCommands.ts";
import * as validations from "./commands/validationCommands.ts";
import type { MeshConnection } from "./connection.ts";
import { ContextKeys } from "./contextKeys.ts";
import { clearCredentials, setCredentials, type CredentialStore } from "./credentials.ts";
import type { ExplorerViews } from "./explorer/explorerViews.ts";
import type { CommandId } from "./ids.ts";
import type { OutputLog } from "./log.ts";
import { DoctorDocument } from "./resources/doctorDocument.ts";
import type { DrilldownPages } from "./pages/drilldownPage.ts";
import type { ListPages } from "./pages/listsPage.ts";
import type { TopologyPages } from "./pages/topologyPage.ts";
import type { ObjectActions } from "./resources/objectActions.ts";
import { settingKeys } from "./settings.ts";
import type { StoredState } from "./storedState.ts";
import { contextValuesOf } from "./welcome.ts";
import type { WindowState } from "./windowState.ts";
import type { YamlValidation } from "./yaml/yamlValidation.ts";

/** What the commands work on. */
export interface Surface {
  readonly connection: MeshConnection;
  readonly views: ExplorerViews;
  readonly state: StoredState<WindowState>;
  readonly credentials: CredentialStore;
  readonly topology: TopologyPages;
  readonly drilldown: DrilldownPages;
  readonly lists: ListPages;
  readonly objects: ObjectActions;
  readonly validation: YamlValidation;
}

type Commands = Readonly<Record<CommandId, (...args: readonly unknown[]) => unknown>>;

export function registerCommands(
  surface: Surface,
  log: OutputLog,
  extension: ExtensionContext["extension"],
): Disposable {
  const { connection, views, state, credentials, topology: pages } = surface;
  const owned = new Disposer();
  const doctor = owned.own(new DoctorDocument());
  const packageJson = extension.packageJSON as { readonly version?: string };
  const versions = { Foreyard: packageJson.version ?? "", "VS Code": version, Host: env.appHost };
  const all: Commands = {
    "foreyard.connect": () => connect(connection),
    "foreyard.chooseContexts": () => chooseContexts(connection),
    "foreyard.chooseNamespaces": () => chooseNamespaces(connection, state),
    "foreyard.connectDemo": () => connection.pin({ kind: "demo" }),
    "foreyard.disconnect": () => connection.pin(undefined),
    "foreyard.refresh": () => view.refresh(connection),
    "foreyard.setFilter": () => view.setFilter(connection),
    "foreyard.clearFilter": () => view.clearFilter(connection, state),
    "foreyard.toggleInMeshOnly": () => view.toggleInMeshOnly(connection, state),
    "foreyard.chooseSort": () => view.chooseSort(connection, state),
    "foreyard.showDoctor": () => showDoctor(connection, versions, doctor),
    "foreyard.setPrometheusCredentials": () => setCredentials(connection, credentials),
    "foreyard.clearPrometheusCredentials": () => clearCredentials(connection, credentials),
    "foreyard.showLog": () => log.show(),
    "foreyard.showMenu": () => showMenu(connection, (id) => commands.executeCommand(id)),
    "foreyard.openWalkthrough": () => openWalkthrough(),
    "foreyard.reportIssue": () => reportIssue(connection, versions),
    "foreyard.openDocument": (one, many) =>
      topology.onPage(pages, one, "openDocument") ?? view.openDocument(connection, one, many),
    "foreyard.copyName": (one, many) => topology.onPage(pages, one, "copyName") ?? view.copyName(connection, one, many),
    "foreyard.revealInTree": (one) =>
      topology.onPage(pages, one, "revealInTree") ?? view.revealInTree(connection, views),
    "foreyard.showMore": (row) => view.showMore(connection, row),
    "foreyard.showTopology": () => pages.show(undefined),
    "foreyard.viewInTopology": (one) => topology.viewInTopology(connection, pages, one),
    "foreyard.focusInTopology": (one) => topology.actOnPage(pages, one, "focus"),
    "foreyard.hideInTopology": (one) => topology.actOnPage(pages, one, "hide"),
    "foreyard.collapseInTopology": (one) => topology.actOnPage(pages, one, "collapse"),
    "foreyard.copyQuery": (one) => topology.onPage(pages, one, "copyQuery"),
    ...pageCommands(surface),
  };
  for (const [id, run] of Object.entries(all)) owned.own(registerCommand(log, id as CommandId, run));
  return owned;
}

type PageCommand =
  | "foreyard.showOverview"
  | "foreyard.drillDown"
  | "foreyard.showServiceList"
  | "foreyard.showWorkloadList"
  | "foreyard.showLogs"
  | "foreyard.showPreviousLogs"
  | "foreyard.describe"
  | "foreyard.copyKubectl"
  | "foreyard.runValidations"
  | "foreyard.validateThis";

/** What leads to a page, to a document of an object, or to the Problems view. */
function pageCommands({
  connection,
  topology: pages,
  drilldown: levels,
  lists,
  objects,
  validation,
}: Surface): Pick<Commands, PageCommand> {
  return {
    "foreyard.showOverview": () => drilldown.showOverview(connection, levels),
    "foreyard.drillDown": (one) =>
      topology.onPage(pages, one, "drillDown") ?? drilldown.drillDown(connection, levels, one),
    "foreyard.showServiceList": () => lists.show("services"),
    "foreyard.showWorkloadList": () => lists.show("workloads"),
    "foreyard.showLogs": (one) => drilldown.onRow(connection, objects, "logs", one),
    "foreyard.showPreviousLogs": () => drilldown.showPreviousLogs(connection, objects),
    "foreyard.describe": (one) => drilldown.onRow(connection, objects, "describe", one),
    "foreyard.copyKubectl": (one) => drilldown.onRow(connection, objects, "copyCommand", one),
    "foreyard.runValidations": () => validations.runValidations(validation, connection),
    "foreyard.validateThis": (one) =>
      topology.onPage(pages, one, "validateThis") ?? validations.validateRow(validation, connection, one),
  };
}

/** Keeps context keys current, and follows settings, trust and the kubeconfig without a reload. */
export function followSurroundings({ connection, state }: Pick<Surface, "connection" | "state">, log: Log): Disposable {
  const owned = new Disposer();
  const keys = new ContextKeys();
  const apply = (): void => {
    connection.applySettings().catch((error: unknown) => log.error("the changed settings could not be applied", error));
  };
  owned.own(connection.onChange(() => keys.set(contextValuesOf(connection.situation, connection.live))));
  owned.own(
    workspace.onDidChangeConfiguration((event) => (event.affectsConfiguration("foreyard") ? apply() : undefined)),
  );
  owned.own(
    workspace.onDidGrantWorkspaceTrust(() => {
      connection
        .trustGranted()
        .catch((error: unknown) => log.error("what waited for the workspace's trust could not be opened", error));
    }),
  );
  const asked = new Set<string>();
  owned.own(
    connection.onChange(() => {
      for (const cluster of connection.live?.clusters ?? []) {
        const question = JSON.stringify([cluster.context, cluster.foundKey]);
        if (cluster.foundKey === undefined || asked.has(question)) continue;
        asked.add(question);
        offerOtherCluster(connection, cluster).catch((error: unknown) =>
          log.error("the other cluster could not be shown", error),
        );
      }
    }),
  );
  const neverAgain = () =>
    workspace.getConfiguration("foreyard").update(settingKeys.offerContextSwitch, false, ConfigurationTarget.Global);
  owned.own(
    connection.onContextsChange(({ currentContext: current }) => {
      offerContext(connection, state, { current, neverAgain }).catch((error: unknown) =>
        log.error("the current context could not be offered", error),
      );
    }),
  );
  return owned;
}
