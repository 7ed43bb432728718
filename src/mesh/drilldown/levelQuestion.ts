import type { DrilldownInput } from "./drilldownInput.ts";
import type { LevelPath, LevelReading, LevelRef } from "./level.ts";
import type { LevelIndex } from "./levelIndex.ts";
import { levelIndexOf } from "./levelIndex.ts";

/** When a level is looked at. */
export interface LevelTime {
  /** Of the rates. */
  readonly windowSeconds: number;
  /** Milliseconds since 1970; undefined: now. */
  readonly atMillis: number | undefined;
}

/** What a level is asked, with all that answers it. */
export interface LevelQuestion {
  readonly input: DrilldownInput;
  readonly index: LevelIndex;
  readonly path: LevelPath;
  readonly at: LevelRef;
  readonly windowSeconds: number;
  /** Milliseconds since 1970. */
  readonly atMillis: number;
  /** Some time ago: what is suspected now was not asked about. */
  readonly isPast: boolean;
  /** Now, in the window of the lists: their numbers are the level's. */
  readonly isAsListed: boolean;
  readonly signal: AbortSignal;
}

/** What each kind of level says of itself; the rest is the same for all. */
export type LevelParts = Omit<LevelReading, "at" | "path" | "crumbs" | "windowSeconds" | "atMillis">;

export function levelQuestion(
  input: DrilldownInput,
  path: LevelPath,
  { windowSeconds, atMillis, signal }: LevelTime & { readonly signal: AbortSignal },
): LevelQuestion {
  const at = path.at(-1);
  if (!at) throw new RangeError("A path names at least one level");
  return {
    input,
    index: levelIndexOf(input),
    path,
    at,
    windowSeconds,
    atMillis: atMillis ?? input.now(),
    isPast: atMillis !== undefined,
    isAsListed: atMillis === undefined && windowSeconds === input.windowSeconds,
    signal,
  };
}
