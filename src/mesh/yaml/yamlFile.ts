import type { Message } from "../message.ts";
import type { FieldPath } from "./fieldPath.ts";

// What reading YAML gives: independent documents with values as kubectl reads them, and the place of every field.

/** Offsets in UTF-16 units of the file's text, `end` exclusive, as VS Code counts. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

/** What kubectl, or a reader after it, would trip over. Codes are FY00xx of the layer `yaml`. */
export interface YamlProblem {
  readonly code: string;
  readonly severity: "error" | "warning" | "info" | "hint";
  readonly message: Message;
  readonly range: TextRange;
  /** Where in the document's value, if the problem is of one field. */
  readonly path?: FieldPath;
}

/**
 * What a document is for Foreyard. `object`: has apiVersion and kind. `template`: a Helm or other template, left alone.
 * `patch`: a Kustomize patch. `foreign`: any other YAML. `broken`: does not parse, even with what could be recovered.
 */
export type DocumentSort = "object" | "template" | "patch" | "foreign" | "broken" | "empty";

/** Places in one document. Paths that name nothing give the nearest ancestor that exists. */
export interface Positions {
  /** The key that names the last step; for a list item the item itself; for the empty path the document. */
  keyRange(path: FieldPath): TextRange;
  /** The value: a scalar's own text, a collection from its first to its last character. */
  valueRange(path: FieldPath): TextRange;
  /** True if the path itself stands in the document. */
  has(path: FieldPath): boolean;
}

export interface YamlDocument {
  /** 0-based in its file. */
  readonly index: number;
  readonly range: TextRange;
  readonly sort: DocumentSort;
  /** As kubectl reads it; what could be recovered of a broken one. Keys are own properties, "__proto__" included. */
  readonly value: unknown;
  readonly problems: readonly YamlProblem[];
  /** Computed on first use from the text and not kept for long, so that thousands of clean documents cost values only. */
  positions(): Positions;
}

/** `# foreyard-disable-next-line CODE ...` and its kin, as `yaml/suppressions.ts` reads them. */
export interface Suppression {
  /** 0-based line that it is about; undefined: the whole document. */
  readonly line: number | undefined;
  readonly document: number;
  /** Codes in upper case; "*" is all. */
  readonly codes: readonly string[];
}

export interface YamlFile {
  readonly text: string;
  readonly documents: readonly YamlDocument[];
  readonly suppressions: readonly Suppression[];
  /** 0-based line and column (UTF-16 units) of an offset. */
  lineAt(offset: number): { readonly line: number; readonly column: number };
}
