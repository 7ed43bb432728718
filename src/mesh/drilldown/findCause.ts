import type { DrilldownInput } from "./drilldownInput.ts";
import type { Cause, LevelPath, LevelReading, Suspect } from "./level.ts";
import type { LevelTime } from "./levelQuestion.ts";
import { refId } from "../model/refs.ts";
import { pathTo } from "./pathTo.ts";
import { readLevel } from "./readLevel.ts";
import { mostOfIt } from "./thresholds.ts";

/** The way from a service down its first suspects. */
export interface CauseSearch {
  /** From the first level down. */
  readonly levels: readonly LevelReading[];
  /** All that were named on the way, the share being that of the first level's trouble. Most first. */
  readonly suspects: readonly Suspect[];
  /** undefined in a healthy mesh, and where nothing explains most of it. */
  readonly cause: Cause | undefined;
}

/**
 * Follows the first suspect of each level. The cause is the deepest that explains at least half of the trouble of the
 * level above it; a member service is a place and no cause. Nothing is visited twice, however calls may circle.
 */
export async function findCause(
  input: DrilldownInput,
  start: LevelPath,
  time: LevelTime & { readonly signal: AbortSignal },
): Promise<CauseSearch> {
  const levels: LevelReading[] = [];
  const suspects: Suspect[] = [];
  const visited = new Set(start.map(({ ref }) => refId(ref)));
  let path = start;
  let weight = 1;
  let cause: Cause | undefined;
  for (;;) {
    const reading = await readLevel(input, path, time);
    levels.push(reading);
    suspects.push(...reading.suspects.map((one) => ({ ...one, share: one.share * weight })));
    const [first] = reading.suspects;
    if (!first || first.share < mostOfIt || visited.has(refId(first.ref))) break;
    weight *= first.share;
    // A member is a place; a service that somebody calls is what fails.
    if (first.level !== "service" || reading.at.level !== "meshService") {
      cause = { level: first.level, ref: first.ref, reason: first.reason };
    }
    if (!first.to) break;
    visited.add(refId(first.ref));
    // What is called is under services of its own.
    const isCalled = first.level === "service" && reading.at.level !== "meshService";
    path = isCalled ? (pathTo(input, first.ref) ?? [first.to]) : [...path, first.to];
  }
  return { levels, suspects: suspects.toSorted((a, b) => b.share - a.share), cause };
}
