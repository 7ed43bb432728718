import type { ClusterKey } from "../../model/refs.ts";
import { objectsIn } from "../../yaml/objectsIn.ts";
import { isKustomization, patchFiles } from "../../yaml/kustomization.ts";
import { readYaml } from "../../yaml/readYaml.ts";
import { yamlCodes } from "../../yaml/codes.ts";
import type { YamlFile, YamlProblem } from "../../yaml/yamlFile.ts";
import type { Finding } from "../finding.ts";
import type { Declared, WorldStore } from "../world/worldStore.ts";
import { docsOf } from "./docs.ts";
import type { Grading } from "./severity.ts";

/** What the caller knows of a file beside its text. */
export interface FileFacts {
  /** It lies under the `templates/` of a chart: left alone. */
  readonly isTemplate?: boolean;
}

/** Which cluster the files are laid over, and the namespace of objects that say none. */
export interface Overlay {
  readonly cluster: ClusterKey;
  readonly defaultNamespace?: string;
}

/** How many documents were looked at, by what they are. */
export interface FileCounts {
  readonly objects: number;
  readonly foreign: number;
  readonly templates: number;
  readonly patches: number;
  readonly broken: number;
}

/** Files as sources of a world's objects, with what is wrong with their text. */
export class FileSet {
  readonly #store: WorldStore;
  readonly #overlay: Overlay;
  readonly #files = new Map<string, YamlFile>();
  readonly #facts = new Map<string, FileFacts>();
  readonly #reread = new Set<string>();
  /** By kustomization, the files that it names as patches. */
  readonly #patches = new Map<string, ReadonlySet<string>>();

  constructor(store: WorldStore, overlay: Overlay) {
    this.#store = store;
    this.#overlay = overlay;
  }

  /** Files that were read again since somebody asked, because another file says what they are. */
  takeReread(): readonly string[] {
    const names = [...this.#reread];
    this.#reread.clear();
    return names;
  }

  get names(): readonly string[] {
    return [...this.#files.keys()];
  }

  file(name: string): YamlFile | undefined {
    return this.#files.get(name);
  }

  /** Reads a file's text, new or changed, and puts its objects into the world. */
  put(name: string, text: string, facts: FileFacts = {}): YamlFile {
    const file = readYaml(text, { ...facts, isPatch: this.#isPatch(name) });
    this.#files.set(name, file);
    this.#facts.set(name, facts);
    if (isKustomization(name)) this.#setPatches(name, new Set(patchFiles(name, file)));
    const { cluster, defaultNamespace } = this.#overlay;
    const declared: Declared[] = [];
    for (const document of file.documents) {
      for (const { object, prefix } of objectsIn(document)) {
        declared.push({
          cluster,
          object,
          origin: { from: "file", file: name, document, prefix },
          ...(defaultNamespace === undefined ? {} : { defaultNamespace }),
        });
      }
    }
    this.#store.replace(sourceOf(name), declared);
    return file;
  }

  remove(name: string): void {
    if (!this.#files.delete(name)) return;
    this.#facts.delete(name);
    this.#store.replace(sourceOf(name), []);
    if (this.#patches.has(name)) this.#setPatches(name, new Set());
  }

  #isPatch(name: string): boolean {
    for (const patches of this.#patches.values()) if (patches.has(name)) return true;
    return false;
  }

  // Files that were read before the kustomization that names them, or after it no longer does, are read again.
  #setPatches(kustomization: string, patches: ReadonlySet<string>): void {
    const before = this.#patches.get(kustomization) ?? new Set<string>();
    if (patches.size === 0) this.#patches.delete(kustomization);
    else this.#patches.set(kustomization, patches);
    for (const name of new Set([...before, ...patches])) {
      const file = this.#files.get(name);
      if (file === undefined || before.has(name) === patches.has(name)) continue;
      this.put(name, file.text, this.#facts.get(name));
      this.#reread.add(name);
    }
  }

  counts(): FileCounts {
    const counts = { objects: 0, foreign: 0, templates: 0, patches: 0, broken: 0 };
    for (const { documents } of this.#files.values()) {
      for (const { sort } of documents) {
        if (sort === "object") counts.objects += 1;
        else if (sort === "foreign") counts.foreign += 1;
        else if (sort === "template") counts.templates += 1;
        else if (sort === "patch") counts.patches += 1;
        else if (sort === "broken") counts.broken += 1;
      }
    }
    return counts;
  }
}

/** The store's name of a file's source. */
export function sourceOf(file: string): string {
  return `file ${file}`;
}

/** What reading a file's text found, as findings of the layer `yaml`. */
export function yamlFindings(name: string, file: YamlFile, grading: Grading): readonly Finding[] {
  return file.documents.flatMap(({ problems }) => problems.flatMap((problem) => yamlFinding(name, problem, grading)));
}

function yamlFinding(file: string, problem: YamlProblem, grading: Grading): readonly Finding[] {
  const severity = grading.chosen(problem.code) ?? problem.severity;
  if (severity === "off") return [];
  return [
    {
      code: problem.code,
      severity,
      message: problem.message,
      layer: "yaml",
      rule: yamlCodes.find(({ code }) => code === problem.code)?.title ?? problem.code,
      object: undefined,
      path: problem.path ?? [],
      at: "value",
      place: { file, range: problem.range },
      related: [],
      tags: [],
      docs: docsOf(problem.code),
      against: { files: true, context: undefined },
      also: [],
    },
  ];
}
