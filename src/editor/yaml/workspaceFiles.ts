import { FileType, RelativePattern, Uri, workspace, type WorkspaceFolder } from "vscode";
import type { Log } from "../../mesh/ports.ts";

const pattern = "**/*.{yaml,yml}";
/** Larger ones are no manifests (bytes). */
const largest = 1024 * 1024;
/** More than these are not read. */
const mostFiles = 10_000;

/** The workspace's YAML files, as its settings let them be searched, at most 10,000, sorted. */
export async function findYamlFiles(): Promise<readonly Uri[]> {
  const found = await Promise.all((workspace.workspaceFolders ?? []).map(filesOf));
  return found.flat().sort((a, b) => (a.toString() < b.toString() ? -1 : 1));
}

/** The folders of Helm charts: what lies under their `templates/` is no YAML yet. */
export async function findCharts(): Promise<ReadonlySet<string>> {
  const files = await workspace.findFiles("**/Chart.yaml", undefined, mostFiles);
  return new Set(files.map((file) => Uri.joinPath(file, "..").toString()));
}

/** True for what lies under the `templates/` of a chart, at any depth. */
export function isTemplate(uri: Uri, charts: ReadonlySet<string>): boolean {
  const text = uri.toString();
  for (const chart of charts) if (text.startsWith(`${chart}/templates/`)) return true;
  return false;
}

/** The text of a file; undefined if it is too large, gone or not readable. */
export async function readText(uri: Uri, log: Log): Promise<string | undefined> {
  try {
    const stat = await workspace.fs.stat(uri);
    if (stat.size > largest || (stat.type & FileType.File) === 0) return undefined;
    return new TextDecoder().decode(await workspace.fs.readFile(uri));
  } catch (error) {
    log.debug("a file was not read", { file: uri.toString(), reason: error instanceof Error ? error.message : "" });
    return undefined;
  }
}

async function filesOf(folder: WorkspaceFolder): Promise<readonly Uri[]> {
  const exclude = excludePattern(folder.uri);
  return workspace.findFiles(new RelativePattern(folder, pattern), exclude, mostFiles);
}

// findFiles leaves out files.exclude by itself where no pattern is given; search.exclude it never does.
function excludePattern(folder: Uri): string | undefined {
  const excluded = ["files.exclude", "search.exclude"].flatMap((name) => {
    const value = workspace.getConfiguration(undefined, folder).get<Record<string, unknown>>(name) ?? {};
    return Object.entries(value).flatMap(([glob, isOn]) => (isOn === true ? [glob] : []));
  });
  return excluded.length === 0 ? undefined : `{${excluded.join(",")}}`;
}
