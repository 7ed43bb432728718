import { MeshError } from "../../src/mesh/meshError.ts";
import { words } from "./words.ts";

/** What went wrong, for people. */
export interface Failure {
  readonly words: string;
  readonly hint: string | undefined;
}

export function failureOf(error: unknown): Failure {
  if (MeshError.is(error)) return { words: words(error.words), hint: error.hint && words(error.hint) };
  return { words: error instanceof Error ? error.message : String(error), hint: undefined };
}
