import { parseEvents, YAMLException } from "js-yaml";
import { say, type Message } from "../message.ts";
import { textAt } from "../model/fields.ts";
import { construct } from "./construct.ts";
import { placeTree, positionsOf, type Place } from "./placeTree.ts";
import { recover, type Recovered } from "./recover.ts";
import { splitDocuments } from "./splitDocuments.ts";
import { suppressionsIn } from "./suppressions.ts";
import type { DocumentSort, Positions, TextRange, YamlDocument, YamlFile, YamlProblem } from "./yamlFile.ts";

export interface ReadFacts {
  /** The file lies under the `templates/` of a Helm chart. */
  readonly isTemplate?: boolean;
  /** A kustomization names it as a patch. */
  readonly isPatch?: boolean;
}

const deepest = 500;
const largestDocument = 16 * 1024 * 1024;
/** Characters that YAML does not take, but for tab and line breaks (YAML 1.2, 5.1). */
const controlCharacter = /[^\P{Cc}\t\n\r\u0085]/u;

/** Reads a text of any number of documents. Never throws: what cannot be read is a problem of its document. */
export function readYaml(text: string, { isTemplate = false, isPatch = false }: ReadFacts = {}): YamlFile {
  const ranges = splitDocuments(text);
  const isKubernetes = looksLikeObjects(text);
  const documents = ranges.map((range, index) =>
    isTemplate ? plain(index, range, "template") : patchOf(readDocument(text, { index, range }, isKubernetes), isPatch),
  );
  const lines = lineIndex(text);
  return {
    text,
    documents,
    suppressions: suppressionsIn(text, documents, (offset) => lines(offset).line),
    lineAt: lines,
  };
}

// A patch is a part of an object: what is missing from it is no mistake.
function patchOf(document: YamlDocument, isPatch: boolean): YamlDocument {
  return isPatch && document.sort === "object" ? { ...document, sort: "patch", problems: [] } : document;
}

// Of a text that holds no objects of Kubernetes nobody asked what is wrong with it.
function looksLikeObjects(text: string): boolean {
  const isBlock = /^(?:\uFEFF)?["']?apiVersion["']?[ \t]*:/mu.test(text) && /^["']?kind["']?[ \t]*:/mu.test(text);
  return isBlock || (/^\s*\{/u.test(text) && text.includes('"apiVersion"') && text.includes('"kind"'));
}

function plain(index: number, range: TextRange, sort: DocumentSort): YamlDocument {
  const place = { key: undefined, value: { start: 0, end: range.end - range.start }, children: new Map() };
  return { index, range, sort, value: undefined, problems: [], positions: () => positionsOf(place, range.start) };
}

function readDocument(
  text: string,
  { index, range }: { readonly index: number; readonly range: TextRange },
  isKubernetes: boolean,
): YamlDocument {
  const part = text.slice(range.start, range.end);
  if (part.length > largestDocument) {
    const problem = problemAt(
      "FY0011",
      { start: 0, end: 1 },
      say("This document has {0} characters", part.length),
      range,
    );
    return { ...plain(index, range, "broken"), problems: isKubernetes ? [problem] : [] };
  }
  try {
    const read = construct(parseEvents(part, { maxDepth: deepest }), part);
    if (read.hasOddKey && part.includes("{{")) return plain(index, range, "template");
    const sort = sortOf(read.value, read.hasPatchDirective);
    const problems = sort === "object" ? [...read.problems, ...undecoded(part)] : [];
    return {
      index,
      range,
      sort,
      value: read.value,
      problems: problems.map((problem) => ({ ...problem, range: moved(problem.range, range.start) })),
      positions: () => keptPositions(range, () => placeTree(parseEvents(part, { maxDepth: deepest }), part)),
    };
  } catch (error) {
    if (!(error instanceof YAMLException) && !(error instanceof RangeError)) throw error;
    return broken({ index, range, part }, error, isKubernetes);
  }
}

function sortOf(value: unknown, hasPatchDirective: boolean): DocumentSort {
  if (value === null || value === undefined) return "empty";
  if (textAt(value, "apiVersion") === undefined || textAt(value, "kind") === undefined) return "foreign";
  return hasPatchDirective ? "patch" : "object";
}

function broken(
  { index, range, part }: { readonly index: number; readonly range: TextRange; readonly part: string },
  error: Error,
  isKubernetes: boolean,
): YamlDocument {
  if (/^[^'"#\n]*\{\{/mu.test(part)) return plain(index, range, "template");
  if (/^(?:%[^\n]*|\s*)$/u.test(part.trim())) return plain(index, range, "empty");
  const problem = syntaxProblem(part, error, range);
  const isDeep = problem.code === "FY0010";
  const recovered: Recovered | undefined = isDeep || part.length > 1024 * 1024 ? undefined : recover(part);
  const value = recovered?.value;
  const isObject = textAt(value, "apiVersion") !== undefined && textAt(value, "kind") !== undefined;
  const problems = isKubernetes || isObject ? [problem] : [];
  if (recovered === undefined) return { ...plain(index, range, "broken"), problems };
  const positions = (): Positions => keptPositions(range, recovered.places);
  return { index, range, sort: isObject || isKubernetes ? "broken" : "foreign", value, problems, positions };
}

function syntaxProblem(part: string, error: Error, range: TextRange): YamlProblem {
  const control = controlCharacter.exec(part);
  if (control !== null) {
    const code = (part.codePointAt(control.index) ?? 0).toString(16).toUpperCase().padStart(4, "0");
    const at = { start: control.index, end: control.index + 1 };
    return problemAt("FY0007", at, say("The character U+{0} cannot stand here", code), range);
  }
  const reason = error instanceof YAMLException ? error.reason : "nested too deeply";
  if (!(error instanceof YAMLException) || /depth|nesting/iu.test(reason)) {
    return problemAt("FY0010", { start: 0, end: 1 }, say("Nested more than {0} levels deep", deepest), range);
  }
  const at = Math.min(error.mark?.position ?? 0, Math.max(0, part.length - 1));
  const line = part.lastIndexOf("\n", at - 1) + 1;
  const [indentation = ""] = /^[ \t]*/u.exec(part.slice(line)) ?? [];
  const tab = indentation.indexOf("\t");
  if (tab >= 0) {
    const place = { start: line + tab, end: line + tab + 1 };
    return problemAt("FY0002", place, say("A tab cannot indent YAML"), range);
  }
  return problemAt("FY0001", { start: at, end: at + 1 }, say("This is no YAML: {0}", reason), range);
}

function undecoded(part: string): readonly YamlProblem[] {
  const at = part.indexOf("\uFFFD");
  if (at < 0) return [];
  const message = say("These bytes are no UTF-8");
  return [{ code: "FY0008", severity: "warning", message, range: { start: at, end: at + 1 } }];
}

function problemAt(code: string, at: TextRange, message: Message, { start }: TextRange): YamlProblem {
  return { code, severity: "error", message, range: moved(at, start) };
}

function moved({ start, end }: TextRange, by: number): TextRange {
  return { start: start + by, end: end + by };
}

/** Places of the documents that were asked last; others are found again when they are asked for. */
const kept = new Map<TextRange, Positions>();
const mostKept = 64;

function keptPositions(range: TextRange, places: () => Place): Positions {
  const known = kept.get(range);
  if (known !== undefined) return known;
  const positions = positionsOf(places(), range.start);
  kept.set(range, positions);
  const [oldest] = kept.keys();
  if (kept.size > mostKept && oldest !== undefined) kept.delete(oldest);
  return positions;
}

function lineIndex(text: string): YamlFile["lineAt"] {
  let starts: number[] | undefined;
  return (offset) => {
    if (starts === undefined) {
      starts = [0];
      for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
    }
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low, column: offset - (starts[low] ?? 0) };
  };
}
