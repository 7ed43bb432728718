import { l10n } from "vscode";
import type { NodeKind, NodeState, TreeNode } from "../../mesh/explorer/node.ts";
import { translate } from "../words.ts";

/** How a row looks, as values; `meshTree.ts` makes VS Code's objects of it. */
export interface Appearance {
  readonly label: string;
  readonly description: string;
  readonly icon: string;
  /** Id of a theme colour. */
  readonly color: string | undefined;
  readonly contextValue: string;
  /** What a screen reader says: name, state, facts. */
  readonly spoken: string;
}

/** Shape and colour together, so that neither alone tells the state. */
const stateIcons: Readonly<Record<NodeState, readonly [icon: string, color: string]>> = {
  healthy: ["pass", "testing.iconPassed"],
  degraded: ["warning", "list.warningForeground"],
  failing: ["error", "list.errorForeground"],
  idle: ["circle-outline", "descriptionForeground"],
  unknown: ["question", "descriptionForeground"],
};

const kindIcons: Readonly<Record<NodeKind, string>> = {
  mesh: "type-hierarchy",
  cluster: "server",
  group: "list-unordered",
  controlPlane: "settings-gear",
  dataPlane: "layers",
  nodeAgent: "chip",
  gateway: "globe",
  telemetry: "pulse",
  namespace: "symbol-namespace",
  service: "symbol-interface",
  member: "server",
  workload: "package",
  pod: "symbol-misc",
  node: "vm",
  host: "link",
  port: "plug",
  role: "server-process",
  capability: "tag",
  step: "search",
  failure: "error",
  more: "ellipsis",
};

/** Rows whose label is a name in the cluster, which people copy. */
const namedKinds: ReadonlySet<NodeKind> = new Set([
  "mesh",
  "cluster",
  "controlPlane",
  "nodeAgent",
  "gateway",
  "namespace",
  "service",
  "member",
  "workload",
  "pod",
  "node",
  "host",
]);

/** Rows that the drill-down has a level for. */
const drillKinds: ReadonlySet<NodeKind> = new Set([
  ...(["mesh", "cluster", "namespace", "service", "member", "workload", "pod", "node"] as const),
  ...(["controlPlane", "nodeAgent", "gateway"] as const),
]);

/** Rows that have pods. */
const logKinds: ReadonlySet<NodeKind> = new Set(["workload", "pod", "controlPlane", "gateway"]);

/** Rows of which it can be asked whether all is well with their configuration. */
const validatedKinds: ReadonlySet<NodeKind> = new Set(["service", "workload", "pod", "namespace", "gateway"]);

const rightToLeft = /[\u0590-\u08FF\uFB1D-\uFEFC]/;

export function appearanceOf(node: TreeNode, nowMillis: number): Appearance {
  const label = typeof node.label === "string" ? node.label : translate(node.label);
  const facts = node.facts.map(translate);
  const age = node.staleSince === undefined ? undefined : ageText(nowMillis - node.staleSince);
  const shown = age === undefined ? facts : [...facts, age];
  const [icon, color] = iconOf(node);
  return {
    label,
    // Beside a name that runs from right to left, the facts keep their own direction.
    description: rightToLeft.test(label) ? `\u2068${shown.join(" · ")}\u2069` : shown.join(" · "),
    icon,
    color,
    contextValue: tokensOf(node).join(" "),
    spoken: [label, ...(node.state ? [stateWord(node.state)] : []), ...shown].join(", "),
  };
}

/** What `when` clauses of the manifest ask for, each token once. */
function tokensOf({ kind, tokens, ref }: TreeNode): readonly string[] {
  const own = [
    `fy.${kind}`,
    ...(ref ? ["fy.document"] : []),
    ...(namedKinds.has(kind) ? ["fy.named"] : []),
    ...(drillKinds.has(kind) ? ["fy.drill"] : []),
    ...(ref && logKinds.has(kind) ? ["fy.logs"] : []),
    // A menu has room for seven items; where there are logs, the drill-down has this one.
    ...(ref && !logKinds.has(kind) ? ["fy.kubectl"] : []),
    ...(ref && validatedKinds.has(kind) ? ["fy.validate"] : []),
  ];
  return [...new Set([...own, ...tokens])];
}

function iconOf(node: TreeNode): readonly [icon: string, color: string | undefined] {
  // Old numbers say nothing about now: the clock stands where the verdict would.
  if (node.staleSince !== undefined && node.state !== undefined) return ["clock", "descriptionForeground"];
  if (node.kind === "failure") return stateIcons[node.state ?? "failing"];
  if (node.state !== undefined) return stateIcons[node.state];
  return [kindIcons[node.kind], undefined];
}

export function stateWord(state: NodeState): string {
  switch (state) {
    case "healthy":
      return l10n.t("healthy");
    case "degraded":
      return l10n.t("degraded");
    case "failing":
      return l10n.t("failing");
    case "idle":
      return l10n.t("idle");
    case "unknown":
      return l10n.t("unknown");
  }
}

/** "40 s ago", "3 min ago", "2 h ago"; a clock that ran backwards reads "0 s ago". */
export function ageText(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 120) return l10n.t("{0} s ago", seconds);
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? l10n.t("{0} min ago", minutes) : l10n.t("{0} h ago", Math.round(minutes / 60));
}
