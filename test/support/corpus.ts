import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

/** The conformance corpora, which are not part of this repository. */
export const corpusFolder = path.resolve(process.env["FOREYARD_CORPUS"] ?? "../shared/corpus");

/** A file of the corpora as text. */
export function corpusText(...steps: readonly string[]): string {
  return readFileSync(path.join(corpusFolder, ...steps), "utf8");
}

/** The cases of a corpus; none, with a printed note, where the corpora are absent. */
export function corpusCases(name: string, howMany: number): readonly unknown[] {
  const file = path.join(corpusFolder, name, "cases.json");
  if (existsSync(file)) return JSON.parse(readFileSync(file, "utf8")) as readonly unknown[];
  console.log(`Skipped ${howMany} cases of the corpus ${name}: set FOREYARD_CORPUS to its folder.`);
  return [];
}
