import { readdirSync, realpathSync, statSync, type Dirent } from "node:fs";
import path from "node:path";
import picomatch from "picomatch";
import { say, type Message } from "../../mesh/message.ts";

/** A file to read, by the name that reports give it. */
export interface FoundFile {
  readonly file: string;
  /** It lies under the `templates/` of a Helm chart. */
  readonly isTemplate: boolean;
}

export interface FoundFiles {
  readonly files: readonly FoundFile[];
  /** What was named and could not be read. */
  readonly failures: readonly Message[];
}

const extensions = new Set([".yaml", ".yml", ".json"]);
const neverEntered = new Set([".git", "node_modules"]);
/** Beyond it a file of a folder is no manifest (bytes). A file that is named is read whatever its size. */
const largestFound = 16 * 1024 * 1024;
const patternSigns = /[*?[{]|[@!+]\(/u;

/** The files that paths name: themselves, all YAML and JSON of folders, what patterns match. Sorted, each once. */
export function collectFiles(paths: readonly string[]): FoundFiles {
  const found = new Map<string, FoundFile>();
  const failures: Message[] = [];
  for (const given of paths) {
    const name = path.normalize(given);
    const stat = statSync(name, { throwIfNoEntry: false });
    if (stat?.isDirectory() === true) walk({ found, failures, wanted: () => true }, name);
    else if (stat !== undefined) found.set(name, { file: name, isTemplate: isInTemplates(name) });
    else if (patternSigns.test(given)) collectPattern({ found, failures }, given);
    else failures.push(say("There is no file or folder {0}", given));
  }
  return { files: [...found.values()].sort((a, b) => (a.file < b.file ? -1 : 1)), failures };
}

interface Collected {
  readonly found: Map<string, FoundFile>;
  readonly failures: Message[];
}

function collectPattern(collected: Collected, pattern: string): void {
  const { base } = picomatch.scan(path.normalize(pattern).replaceAll("\\", "/"));
  const matches = picomatch(path.normalize(pattern).replaceAll("\\", "/"), { dot: false });
  const before = collected.found.size;
  const folder = base === "" ? "." : base;
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true) {
    walk({ ...collected, wanted: (file) => matches(file.replaceAll("\\", "/")) }, folder);
  }
  if (collected.found.size === before) collected.failures.push(say("No file matches {0}", pattern));
}

interface Walk extends Collected {
  readonly wanted: (file: string) => boolean;
}

// By real paths, so that links that lead around in a circle end.
function walk(walk: Walk, top: string): void {
  const entered = new Set<string>();
  const folders: { readonly name: string; readonly isTemplate: boolean }[] = [
    { name: top, isTemplate: isInTemplates(path.join(top, "x")) },
  ];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const entries = enter(walk, entered, folder.name);
    const isChart = entries.some(({ name }) => name === "Chart.yaml");
    for (const entry of entries) {
      const name = folder.name === "." ? entry.name : path.join(folder.name, entry.name);
      const kind = kindOf(entry, name);
      const isTemplate = folder.isTemplate || (isChart && entry.name === "templates");
      if (kind === "folder" && !neverEntered.has(entry.name)) folders.push({ name, isTemplate });
      else if (kind === "file" && extensions.has(path.extname(name)) && walk.wanted(name)) {
        walk.found.set(name, { file: name, isTemplate: folder.isTemplate });
      }
    }
  }
}

function enter({ failures }: Walk, entered: Set<string>, folder: string): readonly Dirent[] {
  try {
    const real = realpathSync(folder);
    if (entered.has(real)) return [];
    entered.add(real);
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if (!isGone(error)) failures.push(say("The folder {0} cannot be read: {1}", folder, reasonOf(error)));
    return [];
  }
}

function kindOf(entry: Dirent, name: string): "file" | "folder" | undefined {
  if (entry.isDirectory()) return "folder";
  if (entry.isFile()) return isSmall(name) ? "file" : undefined;
  if (!entry.isSymbolicLink()) return undefined;
  const target = statOrNothing(name);
  if (target?.isDirectory() === true) return "folder";
  return target?.isFile() === true && target.size <= largestFound ? "file" : undefined;
}

function isSmall(name: string): boolean {
  const size = extensions.has(path.extname(name)) ? statOrNothing(name)?.size : undefined;
  return size !== undefined && size <= largestFound;
}

function statOrNothing(name: string): ReturnType<typeof statSync> | undefined {
  try {
    return statSync(name, { throwIfNoEntry: false });
  } catch {
    // A link to itself, or a part that may not be entered: nothing that can be read.
    return undefined;
  }
}

/** True for what lies under the `templates/` of a folder with a Chart.yaml, at any depth. */
function isInTemplates(file: string): boolean {
  const parts = path.resolve(file).split(path.sep);
  return parts.some(
    (part, at) =>
      part === "templates" &&
      at < parts.length - 1 &&
      statOrNothing(path.join(parts.slice(0, at).join(path.sep) || path.sep, "Chart.yaml")) !== undefined,
  );
}

export function isGone(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}

export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return "code" in error && typeof error.code === "string" ? error.code : error.message;
}
