import { say } from "../message.ts";
import { crumbsOf } from "./crumbs.ts";
import type { DrilldownInput } from "./drilldownInput.ts";
import type { LevelAction, LevelPath, LevelReading } from "./level.ts";
import { levelQuestion, type LevelParts, type LevelQuestion, type LevelTime } from "./levelQuestion.ts";
import { meshServiceLevel } from "./levels/meshServiceLevel.ts";
import { nodeLevel } from "./levels/nodeLevel.ts";
import { podLevel } from "./levels/podLevel.ts";
import { serviceLevel } from "./levels/serviceLevel.ts";
import { workloadLevel } from "./levels/workloadLevel.ts";
import { overviewLevel } from "../overview/overviewLevel.ts";

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
  const parts = question.isPast ? withoutSuspects(await partsOf(question)) : await partsOf(question);
  const { at, windowSeconds, atMillis } = question;
  const actions = [...parts.actions, ...storeActions(parts)];
  const ofNow = question.isAsListed ? [] : [say("State and reasons are of now and of the lists' window")];
  const problems = [...ofNow, ...parts.problems];
  return { at, path, crumbs: crumbsOf(question.index, path), windowSeconds, atMillis, ...parts, actions, problems };
}

/** Who is suspected is told by the numbers of now, which are not those of another time. */
function withoutSuspects(parts: LevelParts): LevelParts {
  const blamed = new Set(parts.suspects.map(({ reason }) => reason));
  return {
    ...parts,
    suspects: [],
    reasons: parts.reasons.filter(({ words }) => !blamed.has(words)),
    tables: parts.tables.map((table) => ({ ...table, rows: table.rows.map((row) => ({ ...row, share: 0 })) })),
  };
}

/** Where a store has told something by a query; whether its address is known is for the surface to say. */
function storeActions({ figures, actions }: LevelParts): readonly LevelAction[] {
  const isTold = figures.some(({ origin }) => (origin?.provenance ?? []).length > 0);
  const ofStores = ["openPrometheus", "openGrafana"] as const;
  return isTold ? ofStores.filter((action) => !actions.includes(action)) : [];
}

function partsOf(question: LevelQuestion): Promise<LevelParts> {
  switch (question.at.level) {
    case "meshService":
      return meshServiceLevel(question);
    case "service":
      return serviceLevel(question);
    case "node":
      return nodeLevel(question);
    case "workload":
      return workloadLevel(question);
    case "pod":
      return podLevel(question);
    case "mesh":
    case "namespace":
      return overviewLevel(question);
  }
}
