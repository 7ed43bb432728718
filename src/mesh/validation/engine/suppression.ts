import { textMapAt } from "../../model/fields.ts";
import type { YamlFile } from "../../yaml/yamlFile.ts";
import type { Finding } from "../finding.ts";
import type { WorldObject } from "../world/worldObject.ts";
import { locate, type FilePlace } from "./locate.ts";

/** One line of `--suppress` or of the setting: a code for objects whose name matches, `*` and `?` as in file names. */
export interface SuppressRule {
  readonly code: string;
  /** "Kind namespace/name" or "Kind name", as findings name their object. */
  readonly matches: (objectName: string) => boolean;
}

/** Reads "IST0101=VirtualService default/reviews"; undefined if it has another form. */
export function parseSuppressRule(text: string): SuppressRule | undefined {
  const [, code, pattern] = /^\s*([A-Za-z]+\d*|\*)\s*=\s*(.+?)\s*$/u.exec(text) ?? [];
  if (code === undefined || pattern === undefined) return undefined;
  return { code: code.toUpperCase(), matches: (name) => matchesGlob(pattern, name) };
}

/** How findings name an object: "VirtualService default/reviews", "GatewayClass istio". */
export function objectName(object: WorldObject): string {
  const name = object.namespace === "" ? object.name : `${object.namespace}/${object.name}`;
  return `${object.object.kind} ${name}`;
}

/** Istio's annotation, and Kiali's for Kiali's codes; its empty value means all of them. */
export function isSuppressedByObject(code: string, object: WorldObject): boolean {
  const annotations = textMapAt(object.object.metadata, "annotations");
  const own = annotations["galley.istio.io/analyze-suppress"];
  if (own !== undefined && hasCode(own, code)) return true;
  const kialis = annotations["kiali.io/ignore-validations"];
  if (kialis === undefined || !(code.startsWith("KIA") || code === "GWAPI")) return false;
  return kialis.trim() === "" || hasCode(kialis, code);
}

/** A comment in the file where a finding stands. Files are asked for by name. */
export function isSuppressedInFile(finding: Finding, fileOf: (name: string) => YamlFile | undefined): boolean {
  const origin = finding.object?.origin;
  const name = finding.place?.file ?? (origin?.from === "file" ? origin.file : undefined);
  const file = name === undefined ? undefined : fileOf(name);
  // Finding the place means reading the document again, which most files need not.
  if (file === undefined || file.suppressions.length === 0) return false;
  const place = locate(finding);
  return place !== undefined && isSuppressedByComment(finding.code, place, file);
}

/** A comment in the file: for a line, or for a whole document. */
function isSuppressedByComment(code: string, place: FilePlace, file: YamlFile): boolean {
  if (file.suppressions.length === 0) return false;
  const { line } = file.lineAt(place.range.start);
  return file.suppressions.some((one) => {
    if (!one.codes.includes("*") && !one.codes.includes(code)) return false;
    if (one.line !== undefined) return one.line === line;
    const range = file.documents[one.document]?.range;
    return range !== undefined && place.range.start >= range.start && place.range.start <= range.end;
  });
}

function hasCode(list: string, code: string): boolean {
  return list.split(",").some((item) => item.trim() === "*" || item.trim().toUpperCase() === code);
}

/** `*` any run, `?` any one character. Linear: after a `*` fails it is only ever the last one that is tried again. */
export function matchesGlob(pattern: string, text: string): boolean {
  let at = 0;
  let inPattern = 0;
  let star = -1;
  let starAt = 0;
  while (at < text.length) {
    if (pattern[inPattern] === "*") {
      star = inPattern++;
      starAt = at;
    } else if (pattern[inPattern] === "?" || (inPattern < pattern.length && pattern[inPattern] === text[at])) {
      inPattern += 1;
      at += 1;
    } else if (star >= 0) {
      inPattern = star + 1;
      at = ++starAt;
    } else return false;
  }
  while (pattern[inPattern] === "*") inPattern += 1;
  return inPattern === pattern.length;
}
