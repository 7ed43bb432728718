import { fill } from "../../message.ts";
import { pathText } from "../../yaml/fieldPath.ts";
import { layers, type Finding } from "../finding.ts";
import type { RawFinding } from "./runRules.ts";

/** A cause with everything that says so: the first is the one to show. */
export interface MergedFinding {
  readonly shown: RawFinding;
  readonly also: Finding["also"];
}

/**
 * One finding for each cause on an object: what several layers say of the same path and problem is told by the earliest
 * layer, and what one rule says twice in the same words at the same place is said once. Two messages of one rule are
 * never merged otherwise.
 */
export function mergeFindings(raw: readonly RawFinding[]): readonly MergedFinding[] {
  if (raw.length === 0) return [];
  const ordered = withoutRepeats(raw).sort((a, b) => layerOf(a) - layerOf(b));
  const merged: { shown: RawFinding; also: { code: string; layer: Finding["layer"] }[] }[] = [];
  const causes = new Map<string, (typeof merged)[number]>();
  for (const one of ordered) {
    const cause = causeOf(one);
    const known = cause === undefined ? undefined : causes.get(cause);
    if (known === undefined || known.shown.rule === one.rule) {
      const own = { shown: one, also: [] };
      merged.push(own);
      if (cause !== undefined && known === undefined) causes.set(cause, own);
    } else if (!known.also.some(({ code }) => code === one.info.code)) {
      known.also.push({ code: one.info.code, layer: one.rule.layer });
    }
  }
  return merged;
}

function withoutRepeats(raw: readonly RawFinding[]): RawFinding[] {
  if (raw.length === 1) return [...raw];
  const seen = new Set<string>();
  return raw.filter(({ rule, info, finding }) => {
    const key = JSON.stringify([rule.name, info.code, finding.path, fill(finding.message)]);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function causeOf({ finding }: RawFinding): string | undefined {
  return finding.problem === undefined ? undefined : `${finding.problem} ${pathText(finding.path)}`;
}

function layerOf({ rule }: RawFinding): number {
  return layers.indexOf(rule.layer);
}
