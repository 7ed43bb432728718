import { severities, type Severity } from "../finding.ts";
import type { CataloguedCode } from "../catalogue.ts";
import { docsOf } from "../engine/docs.ts";
import { resourceText, type Reported, type ReportedPlace } from "./reported.ts";

// SARIF 2.1.0 (OASIS), as code scanning reads it.

const levels: Readonly<Record<Severity, "error" | "warning" | "note">> = {
  error: "error",
  warning: "warning",
  info: "note",
  hint: "note",
};

/** The findings as a SARIF log with one run. */
export function sarifReport(
  findings: readonly Reported[],
  codes: readonly CataloguedCode[],
  version: string,
): Readonly<Record<string, unknown>> {
  const used = [...new Set(findings.map(({ code }) => code))].sort();
  const rules = used.map((code) =>
    ruleOf(
      code,
      codes.find((known) => known.code === code),
    ),
  );
  return {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "Foreyard",
            version,
            semanticVersion: version,
            informationUri: "https://github.com/foreyard/foreyard",
            rules,
          },
        },
        columnKind: "utf16CodeUnits",
        results: findings.map((finding) => resultOf(finding, used)),
      },
    ],
  };
}

function ruleOf(code: string, info: CataloguedCode | undefined): Readonly<Record<string, unknown>> {
  return {
    id: code,
    helpUri: docsOf(code),
    ...(info === undefined
      ? {}
      : {
          shortDescription: { text: info.title },
          fullDescription: { text: info.explanation },
          defaultConfiguration: { level: levels[info.severity] },
          properties: { layer: info.layer },
        }),
  };
}

function resultOf(finding: Reported, used: readonly string[]): Readonly<Record<string, unknown>> {
  const { code, severity, message, related, path, against, layer, analyzer, also } = finding;
  return {
    ruleId: code,
    ruleIndex: used.indexOf(code),
    level: levels[severity],
    message: { text: message },
    locations: [locationOf(finding)],
    ...(related.length > 0
      ? { relatedLocations: related.map((one, id) => ({ id, message: { text: one.message }, ...locationOf(one) })) }
      : {}),
    // A hint and an info are both notes in SARIF; the properties keep them apart.
    properties: {
      severity,
      rank: severities.indexOf(severity),
      path,
      against,
      layer,
      ...(analyzer === undefined ? {} : { analyzer }),
      ...(also === undefined ? {} : { also }),
    },
  };
}

function locationOf(place: ReportedPlace): Readonly<Record<string, unknown>> {
  const { file, line, column, endLine, endColumn, resource, path } = place;
  const logical =
    resource === null
      ? {}
      : {
          logicalLocations: [
            { fullyQualifiedName: [resourceText(resource), path].filter(Boolean).join(" "), kind: "resource" },
          ],
        };
  if (file === null || line === null) return logical;
  const region = {
    startLine: line,
    ...(column === null ? {} : { startColumn: column }),
    ...(endLine === null ? {} : { endLine }),
    ...(endColumn === null ? {} : { endColumn }),
  };
  return { physicalLocation: { artifactLocation: { uri: uriOf(file) }, region }, ...logical };
}

/** A path as a URI reference: segments escaped, separators kept. A drive's colon would read as a scheme. */
function uriOf(file: string): string {
  const path = file.replaceAll("\\", "/").split("/").map(encodeURIComponent).join("/");
  return file.startsWith("/") ? `file://${path}` : path;
}
