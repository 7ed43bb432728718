import type { LevelName } from "../../src/mesh/drilldown/level.ts";
import { say, type Message } from "../../src/mesh/message.ts";

export const levelWords: Readonly<Record<LevelName | "rule" | "policy", Message>> = {
  mesh: say("Mesh"),
  namespace: say("Namespace"),
  meshService: say("Mesh service"),
  service: say("Service"),
  workload: say("Workload"),
  pod: say("Pod"),
  node: say("Node"),
  rule: say("Rule"),
  policy: say("Policy"),
};

/** Codicons by level. */
export const levelIcons: Readonly<Record<LevelName | "rule" | "policy", string>> = {
  mesh: "type-hierarchy",
  namespace: "symbol-namespace",
  meshService: "globe",
  service: "symbol-interface",
  workload: "layers",
  pod: "package",
  node: "server",
  rule: "git-branch",
  policy: "shield",
};
