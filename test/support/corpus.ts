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

/**
 * A file of the schema corpus. Its objects carry the error that their test expects in a field _err, which no kind has:
 * the line is emptied, so that all else keeps its place.
 */
export function schemaCorpusText(file: string): string {
  return corpusText("schema", file).replace(/^_err:.*$/gmu, "");
}
