import { crumbsOf } from "./crumbs.ts";
import type { DrilldownInput } from "./drilldownInput.ts";
import type { LevelPath, LevelReading } from "./level.ts";
import { levelQuestion, type LevelParts, type LevelQuestion, type LevelTime } from "./levelQuestion.ts";
import { podLevel } from "./levels/podLevel.ts";
import { workloadLevel } from "./levels/workloadLevel.ts";
import { goneParts } from "./levels/goneLevel.ts";

/**
 * Reads the last level of a path: the numbers of the lists where that is what is looked at, the rest by the store of its
 * cluster and its API server. What fails is said in the reading. Rejects only by the signal.
 */
export async function readLevel(
  input: DrilldownInput,
  path: LevelPath,
  time: LevelTime & { readonly signal: AbortSignal },
): Promise<LevelReading> {
  const question = levelQuestion(input, path, time);
  const parts = await partsOf(question);
  const { at, windowSeconds, atMillis } = question;
  return { at, path, crumbs: crumbsOf(question.index, path), windowSeconds, atMillis, ...parts };
}

function partsOf(question: LevelQuestion): Promise<LevelParts> {
  switch (question.at.level) {
    case "workload":
      return workloadLevel(question);
    case "pod":
      return podLevel(question);
    default:
      return Promise.resolve(goneParts(question));
  }
}
