import type { Severity } from "../finding.ts";
import type { World } from "../world/world.ts";
import type { RawFinding } from "./runRules.ts";

/** How findings are graded: by the user's settings, and in an editor by what could be known. */
export interface Grading {
  /** The user's choice for a code; undefined where there is none. */
  readonly chosen: (code: string) => Severity | "off" | undefined;
  /**
   * In an editor what is missing is a hint where it may just not be known, and a warning at most where it was looked for
   * in the live cluster. A command line keeps Istio's levels.
   */
  readonly isEditor: boolean;
}

/** The severity to show; undefined: not at all. */
export function severityOf(raw: RawFinding, world: World, grading: Grading): Severity | undefined {
  const { info, finding } = raw;
  const chosen = grading.chosen(info.code);
  if (chosen !== undefined) return chosen === "off" ? undefined : chosen;
  const own = finding.severity ?? info.severity;
  if (finding.missingIn === undefined) return own;
  if (!grading.isEditor && raw.rule.layer === "analyzer") return own;
  const knowledge = world.knowledge(finding.missingIn, finding.missingKind);
  if (knowledge === "unknown") return "hint";
  return own === "error" && grading.isEditor ? "warning" : own;
}
