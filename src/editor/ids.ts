// Every id the manifest and the code share, once; a test compares them with package.json both ways.

import type { TreeName } from "../mesh/live/liveMesh.ts";

export const viewIds: Readonly<Record<TreeName, string>> = {
  meshes: "foreyard.meshes",
  services: "foreyard.services",
  workloads: "foreyard.workloads",
};

export const treeNames: readonly TreeName[] = ["meshes", "services", "workloads"];

/** Webview panels, by their view type. */
export const pageTypes = {
  topology: "foreyard.topology",
  drilldown: "foreyard.drilldown",
  lists: "foreyard.lists",
} as const;

/** Where a command may be found: in the palette, or only on a row of a tree, in a document or in a page. */
export type CommandPlace = "palette" | "row" | "page";

export const commandPlaces = {
  "foreyard.connect": "palette",
  "foreyard.chooseContexts": "palette",
  "foreyard.chooseNamespaces": "palette",
  "foreyard.connectDemo": "palette",
  "foreyard.disconnect": "palette",
  "foreyard.refresh": "palette",
  "foreyard.setFilter": "palette",
  "foreyard.clearFilter": "palette",
  "foreyard.toggleInMeshOnly": "palette",
  "foreyard.chooseSort": "palette",
  "foreyard.showDoctor": "palette",
  "foreyard.setPrometheusCredentials": "palette",
  "foreyard.clearPrometheusCredentials": "palette",
  "foreyard.showLog": "palette",
  "foreyard.showMenu": "palette",
  "foreyard.openWalkthrough": "palette",
  "foreyard.reportIssue": "palette",
  "foreyard.openDocument": "row",
  "foreyard.copyName": "row",
  "foreyard.revealInTree": "palette",
  "foreyard.showMore": "row",
  "foreyard.showTopology": "palette",
  "foreyard.viewInTopology": "row",
  "foreyard.focusInTopology": "page",
  "foreyard.hideInTopology": "page",
  "foreyard.collapseInTopology": "page",
  "foreyard.copyQuery": "page",
  "foreyard.showOverview": "palette",
  "foreyard.drillDown": "palette",
  "foreyard.showServiceList": "palette",
  "foreyard.showWorkloadList": "palette",
  "foreyard.showLogs": "row",
  "foreyard.showPreviousLogs": "palette",
  "foreyard.describe": "row",
  "foreyard.copyKubectl": "row",
  "foreyard.runValidations": "palette",
  "foreyard.validateThis": "row",
} as const satisfies Readonly<Record<string, CommandPlace>>;

export type CommandId = keyof typeof commandPlaces;

export const contextKeys = [
  "foreyard.state",
  "foreyard.metrics",
  "foreyard.demo",
  "foreyard.filtered",
  "foreyard.contextGone",
] as const;

export type ContextKey = (typeof contextKeys)[number];

/** Scheme of live objects as documents. */
export const liveScheme = "foreyard";

/** Scheme of the diagnosis as a document. */
export const doctorScheme = "foreyard-doctor";

/** Schemes of containers' logs and of described objects as documents. */
export const logScheme = "foreyard-logs";
export const describeScheme = "foreyard-describe";

export const walkthroughId = "start";

export const extensionId = "foreyard.foreyard";
