import { say } from "../../message.ts";
import type { RuleFinding } from "../finding.ts";
import type { KindName } from "../kinds.ts";
import type { CodeInfo, Rule } from "../rule.ts";
import type { World } from "../world/world.ts";
import type { WorldObject } from "../world/worldObject.ts";

/** What a rule found, before causes are merged and severities set. */
export interface RawFinding {
  readonly rule: Rule;
  readonly info: CodeInfo;
  readonly finding: RuleFinding;
}

/** The rules by the kind that they judge. */
export interface RulesByKind {
  readonly declaration: (kind: KindName) => readonly Rule[];
  readonly object: (kind: KindName) => readonly Rule[];
}

export const ruleFault: CodeInfo = {
  code: "FY1000",
  severity: "warning",
  title: "A rule failed",
  explanation:
    "A check of Foreyard ended with an error of its own on this object. All other checks ran. Please report it with the object.",
  source: "src/mesh/validation/engine/runRules.ts",
};

/** More of one rule on one object helps nobody, and bounds what hostile input can cost. */
const mostPerRule = 200;

export function rulesByKind(rules: readonly Rule[]): RulesByKind {
  const lookup = (runsOn: "declaration" | "object"): ((kind: KindName) => readonly Rule[]) => {
    const wanted = rules.filter((rule) => (rule.runsOn ?? "object") === runsOn);
    const known = new Map<KindName, readonly Rule[]>();
    return (kind) => {
      let found = known.get(kind);
      if (found === undefined) {
        found = wanted.filter((rule) => rule.kinds.includes(kind) || rule.kinds.includes("*"));
        known.set(kind, found);
      }
      return found;
    };
  };
  return { declaration: lookup("declaration"), object: lookup("object") };
}

/** Runs rules on an object. What a rule throws is told as its fault and silences no other rule. */
export function runRules(rules: readonly Rule[], object: WorldObject, world: World): readonly RawFinding[] {
  const found: RawFinding[] = [];
  for (const rule of rules) {
    try {
      runRule(rule, found, rule.check(object, world));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const finding = { code: ruleFault.code, path: [], message: say("The rule {0} failed: {1}", rule.name, reason) };
      found.push({ rule, info: ruleFault, finding });
    }
  }
  return found;
}

function runRule(rule: Rule, found: RawFinding[], findings: Iterable<RuleFinding>): void {
  let count = 0;
  for (const finding of findings) {
    const info = rule.codes.find(({ code }) => code === finding.code);
    if (info === undefined) throw new Error(`It gave ${finding.code}, which is not one of its codes.`);
    found.push({ rule, info, finding });
    count += 1;
    if (count === mostPerRule) break;
  }
}
