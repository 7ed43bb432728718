import { levelNames, type LevelName, type LevelPath, type LevelRef } from "../../src/mesh/drilldown/level.ts";
import { refId } from "../../src/mesh/model/refs.ts";
import type { Level, WireCrumb } from "../../src/protocol/drilldown/drilldownContract.ts";

// Where to go from where one is; no reading, no drawing.

export function levelId({ level, ref }: LevelRef): string {
  return `${level}:${refId(ref)}`;
}

export function pathId(path: LevelPath): string {
  return path.map(levelId).join(" ");
}

export function isSamePath(a: LevelPath, b: LevelPath): boolean {
  return pathId(a) === pathId(b);
}

/** The top: the whole mesh. */
export function meshPath(meshId: string): LevelPath {
  return [{ level: "mesh", ref: { cluster: "", group: "", kind: "Mesh", namespace: "", name: meshId } }];
}

/** What is chosen above a level. */
export function above(path: LevelPath, level: LevelName): LevelPath {
  const rank = rankOf(level);
  return path.filter((part) => rankOf(part.level) < rank);
}

/** One level up: what is chosen above it, else the mesh. */
export function upFrom(path: LevelPath, meshId: string): LevelPath | undefined {
  const last = path.at(-1);
  if (!last || last.level === "mesh") return undefined;
  const rest = path.slice(0, -1);
  return rest.length > 0 ? rest : meshPath(meshId);
}

/**
 * The path to a place that a level leads to. What is chosen above it stays as far as it is known to lead there: a
 * neighbour on the same node belongs to another workload than the one that somebody came by.
 */
export function pathTo({ path, crumbs }: Pick<Level, "path" | "crumbs">, to: LevelRef): LevelPath {
  const own = levelId(to);
  const at = path.findIndex((part) => levelId(part) === own);
  if (at >= 0) return path.slice(0, at + 1);
  const before = above(path, to.level).filter((part) => fits(part, to));
  const last = path.at(-1);
  const isDown = last !== undefined && rankOf(to.level) > rankOf(last.level);
  const choices = crumbs.find(({ level }) => level === to.level)?.choices ?? [];
  const isChoice = choices.some((choice) => levelId(choice.to) === own);
  if (isChoice || (isDown && choices.length === 0)) return [...before, to];
  return [...before.filter(({ level }) => level === "mesh" || level === "namespace"), to];
}

/** What is chosen with this selector: the levels above it, and the choice. */
export function pathOfChoice(path: LevelPath, to: LevelRef): LevelPath {
  return [...above(path, to.level).filter((part) => fits(part, to)), to];
}

/** One level down: what explains most, else the first row that leads further down. */
export function downFrom(level: Level): LevelRef | undefined {
  const rank = rankOf(level.at.level);
  const isDeeper = (to: LevelRef | null): to is LevelRef => to !== null && rankOf(to.level) > rank;
  const suspect = level.suspects.map(({ to }) => to).find(isDeeper);
  if (suspect) return suspect;
  for (const { rows } of level.tables) {
    const row = rows.map(({ to }) => to).find(isDeeper);
    if (row) return row;
  }
  return undefined;
}

/** The selectors of the breadcrumb as they are while a level is still being read: what is chosen, nothing to choose. */
export function crumbsOf(path: LevelPath, known: readonly WireCrumb[], meshName?: string): readonly WireCrumb[] {
  return levelNames.flatMap((level): WireCrumb[] => {
    const chosen = path.find((part) => part.level === level);
    const crumb = known.find((one) => one.level === level);
    if (!chosen) return crumb ? [{ level, chosen: null, choices: [] }] : [];
    const isKnown = crumb?.chosen && levelId(crumb.chosen.to) === levelId(chosen);
    const choice = crumb?.choices.find(({ to }) => levelId(to) === levelId(chosen));
    const own = (isKnown ? crumb.chosen : choice) ?? {
      to: chosen,
      name: (level === "mesh" && meshName) || chosen.ref.name,
      state: "unknown" as const,
    };
    return [{ level, chosen: own, choices: crumb?.choices ?? [] }];
  });
}

function rankOf(level: LevelName): number {
  return levelNames.indexOf(level);
}

/** Whether something may lie under a namespace that was chosen; nodes lie under none and under each. */
function fits(part: LevelRef, to: LevelRef): boolean {
  return part.level !== "namespace" || to.level === "node" || part.ref.name === to.ref.namespace;
}
