import { resourceText, type Reported, type ReportedPlace } from "./reported.ts";

/** One line for each finding, `file:line:column: severity: message [CODE]` as compilers write, its other places below. */
export function textReport(findings: readonly Reported[]): string {
  return findings.map((finding) => `${lineOf(finding)}\n${finding.related.map(relatedLine).join("")}`).join("");
}

/** "3 errors, 1 warning"; "No findings." */
export function summaryLine(findings: readonly Reported[]): string {
  const count = (severity: string): number => findings.filter((one) => one.severity === severity).length;
  const parts = (
    [
      ["error", "errors"],
      ["warning", "warnings"],
      ["info", "infos"],
      ["hint", "hints"],
    ] as const
  ).flatMap(([one, many]) => {
    const n = count(one);
    return n === 0 ? [] : [`${n} ${n === 1 ? one : many}`];
  });
  return parts.length === 0 ? "No findings." : parts.join(", ");
}

function lineOf(finding: Reported): string {
  const { severity, message, code, file, resource } = finding;
  // In a file the line says what it is about; of a live object only its name does, and the field in it.
  const about = file === null || resource === null ? "" : `${resourceText(resource)}: `;
  return `${placeText(finding)}: ${severity}: ${about}${oneLine(message)} [${code}]`;
}

function relatedLine(related: ReportedPlace & { readonly message: string }): string {
  return `    ${placeText(related)}: ${oneLine(related.message)}\n`;
}

function placeText({ file, line, column, path, resource }: ReportedPlace): string {
  if (file !== null) return `${file}:${line ?? 1}:${column ?? 1}`;
  const name = resource === null ? "-" : resourceText(resource);
  return path === "" ? name : `${name} ${path}`;
}

function oneLine(text: string): string {
  return text.replace(/\s*[\r\n]+\s*/gu, " ");
}
