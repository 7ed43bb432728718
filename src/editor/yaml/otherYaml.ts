import { extensions, languages, type Diagnostic, type Uri } from "vscode";
import type { Layer } from "../../mesh/validation/finding.ts";
import type { YamlEngine } from "../settings.ts";

// Red Hat's YAML, which Kubernetes Tools uses as well, tells syntax and schema mistakes, too. One mistake is told once.

const redHatYaml = "redhat.vscode-yaml";
/** What its parser finds in every document, whatever schemas it has. */
const alsoParsers: ReadonlySet<string> = new Set(["FY0001", "FY0002", "FY0003"]);

/** What of a finding decides whether somebody else tells it. */
export interface ToldFinding {
  readonly code: string;
  readonly layer: Layer;
  /** 0-based lines that are marked. */
  readonly firstLine: number;
  readonly lastLine: number;
}

/** Lines that another extension marks as wrong YAML. */
export interface OtherMark {
  readonly firstLine: number;
  readonly lastLine: number;
}

/** True for a finding that is left to the other extension. */
export function isLeftToOther(
  finding: ToldFinding,
  {
    engine,
    other,
    marks,
  }: { readonly engine: YamlEngine; readonly other: "active" | "absent"; readonly marks: readonly OtherMark[] },
): boolean {
  if (finding.layer !== "yaml" && finding.layer !== "schema") return false;
  if (engine === "builtin") return false;
  if (engine === "redhat") return true;
  if (other === "absent") return false;
  if (alsoParsers.has(finding.code)) return true;
  return marks.some(({ firstLine, lastLine }) => firstLine <= finding.lastLine && lastLine >= finding.firstLine);
}

/** Whether the other extension runs here. */
export function otherYaml(): "active" | "absent" {
  return extensions.getExtension(redHatYaml)?.isActive === true ? "active" : "absent";
}

/** What the other extension marks in a document. */
export function otherMarks(uri: Uri): readonly OtherMark[] {
  return languages
    .getDiagnostics(uri)
    .filter(isOfYaml)
    .map(({ range }) => ({ firstLine: range.start.line, lastLine: range.end.line }));
}

// It names its schema in the source: "YAML", "yaml-schema: Kubernetes".
function isOfYaml({ source = "" }: Diagnostic): boolean {
  return /^yaml/iu.test(source);
}
