import {
  Diagnostic,
  DiagnosticRelatedInformation,
  DiagnosticSeverity,
  DiagnosticTag,
  l10n,
  Location,
  Position,
  Range,
  Uri,
} from "vscode";
import { locate, placeOf, type FilePlace } from "../../mesh/validation/engine/locate.ts";
import type { Against, Finding, Severity } from "../../mesh/validation/finding.ts";
import type { WorldObject } from "../../mesh/validation/world/worldObject.ts";
import type { TextRange, YamlFile } from "../../mesh/yaml/yamlFile.ts";
import { translate } from "../words.ts";

const severityOf: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

const tagOf = { unnecessary: DiagnosticTag.Unnecessary, deprecated: DiagnosticTag.Deprecated } as const;

/** More in one file helps nobody; the last one says how many there are. */
const mostPerFile = 200;

/** Where the objects of findings are, in files and as live documents. */
export interface DiagnosticPlaces {
  readonly file: (name: string) => YamlFile | undefined;
  /** The document of a live object. */
  readonly liveUri: (object: WorldObject) => Uri | undefined;
}

/** The findings of one file as VS Code shows them, at most 200. */
export function fileDiagnostics(findings: readonly Finding[], places: DiagnosticPlaces): Diagnostic[] {
  const shown = findings.slice(0, mostPerFile).flatMap((finding) => {
    const place = locate(finding);
    const range = place && rangeOf(place, places);
    return range === undefined ? [] : [diagnosticOf(finding, range, places)];
  });
  if (findings.length > mostPerFile) shown.push(restOf(findings.length - mostPerFile));
  return shown;
}

/** The findings of a live object in its document. */
export function liveDiagnostics(
  findings: readonly Finding[],
  document: YamlFile,
  places: DiagnosticPlaces,
): Diagnostic[] {
  const [first] = document.documents;
  return findings.slice(0, mostPerFile).map((finding) => {
    const positions = first?.positions();
    const range =
      positions === undefined
        ? new Range(0, 0, 0, 0)
        : editorRange(
            document,
            finding.path.length === 0 || !positions.has(finding.path) || finding.at === "key"
              ? positions.keyRange(finding.path.length === 0 ? ["kind"] : finding.path)
              : positions.valueRange(finding.path),
          );
    return diagnosticOf(finding, range, places);
  });
}

function diagnosticOf(finding: Finding, range: Range, places: DiagnosticPlaces): Diagnostic {
  const diagnostic = new Diagnostic(range, messageOf(finding), severityOf[finding.severity]);
  diagnostic.source = "foreyard";
  diagnostic.code = { value: finding.code, target: Uri.parse(finding.docs) };
  const tags = finding.tags.map((tag) => tagOf[tag]);
  if (tags.length > 0) diagnostic.tags = tags;
  const related = finding.related.flatMap(({ object, path, message }) => {
    const location = locationOf(object, placeOf(object, path), places);
    return location === undefined ? [] : [new DiagnosticRelatedInformation(location, translate(message))];
  });
  if (related.length > 0) diagnostic.relatedInformation = related;
  return diagnostic;
}

// What was looked at belongs to what was found: the same text may be right elsewhere.
function messageOf({ message, against, also }: Finding): string {
  const codes = also.map(({ code }) => code).join(", ");
  const text = codes === "" ? translate(message) : l10n.t("{0} (also {1})", translate(message), codes);
  const sentence = /[.!?]$/u.test(text) ? text : `${text}.`;
  return `${sentence} ${l10n.t("Checked against {0}.", againstWords(against))}`;
}

function againstWords({ files, context }: Against): string {
  if (context === undefined) return l10n.t("the workspace only");
  return files ? l10n.t("the workspace and {0}", context) : context;
}

function locationOf(object: WorldObject, place: FilePlace | undefined, places: DiagnosticPlaces): Location | undefined {
  if (place !== undefined) {
    const range = rangeOf(place, places);
    return range === undefined ? undefined : new Location(Uri.parse(place.file), range);
  }
  const uri = object.origin.from === "live" ? places.liveUri(object) : undefined;
  return uri === undefined ? undefined : new Location(uri, new Position(0, 0));
}

function rangeOf({ file, range }: FilePlace, places: DiagnosticPlaces): Range | undefined {
  const yaml = places.file(file);
  return yaml === undefined ? undefined : editorRange(yaml, range);
}

function editorRange(file: YamlFile, { start, end }: TextRange): Range {
  const from = file.lineAt(start);
  const to = file.lineAt(end);
  return new Range(from.line, from.column, to.line, to.column);
}

function restOf(count: number): Diagnostic {
  const text = l10n.t("{0} more findings in this file are not shown.", count);
  const rest = new Diagnostic(new Range(0, 0, 0, 0), text, DiagnosticSeverity.Information);
  rest.source = "foreyard";
  return rest;
}
