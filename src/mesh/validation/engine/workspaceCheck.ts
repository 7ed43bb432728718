import type { ClusterKey } from "../../model/refs.ts";
import type { YamlFile } from "../../yaml/yamlFile.ts";
import type { Against, Finding } from "../finding.ts";
import { LiveFeed, type FeedOfCluster } from "../live/liveFeed.ts";
import type { Rule } from "../rule.ts";
import { assumedObjects } from "../world/assumedObjects.ts";
import type { WorldSettings } from "../world/world.ts";
import type { WorldObject } from "../world/worldObject.ts";
import { WorldStore } from "../world/worldStore.ts";
import { isAbout } from "./about.ts";
import { FileSet, sourceOf, yamlFindings, type FileCounts, type FileFacts } from "./fileSet.ts";
import type { Grading } from "./severity.ts";
import { isSuppressedInFile, objectName, type SuppressRule } from "./suppression.ts";
import { Validation } from "./validation.ts";

export interface WorkspaceCheckOptions {
  readonly rules: readonly Rule[];
  readonly settings: WorldSettings;
  readonly grading: Grading;
  readonly suppress: readonly SuppressRule[];
  /** The live cluster that the files are laid over; undefined: files alone. */
  readonly overlay: { readonly key: ClusterKey; readonly context: string; readonly namespace?: string } | undefined;
  /** Something changed, so that an update is due. */
  readonly changed: () => void;
}

export interface FoundOfObject {
  readonly object: WorldObject;
  readonly findings: readonly Finding[];
}

/** Workspace files, alone or over live clusters, with their findings kept up to date. */
export class WorkspaceCheck {
  readonly #options: WorkspaceCheckOptions;
  readonly #store: WorldStore;
  readonly #files: FileSet;
  readonly #validation: Validation;
  readonly #contexts = new Map<ClusterKey, string>();
  #found: readonly FoundOfObject[] | undefined;

  constructor(options: WorkspaceCheckOptions) {
    this.#options = options;
    const { overlay, rules, grading, settings } = options;
    this.#store = new WorldStore(settings);
    const cluster = overlay?.key ?? "";
    this.#files = new FileSet(this.#store, {
      cluster,
      ...(overlay?.namespace === undefined ? {} : { defaultNamespace: overlay.namespace }),
    });
    if (overlay === undefined) this.#store.replace("assumed", assumedObjects(cluster));
    this.#validation = new Validation({
      store: this.#store,
      rules,
      grading,
      against: (object) => this.#against(object),
    });
  }

  get fileNames(): readonly string[] {
    return this.#files.names;
  }

  get counts(): FileCounts {
    return this.#files.counts();
  }

  file(name: string): YamlFile | undefined {
    return this.#files.file(name);
  }

  putFile(name: string, text: string, facts: FileFacts = {}): void {
    this.#files.put(name, text, facts);
    this.#options.changed();
  }

  removeFile(name: string): void {
    this.#files.remove(name);
    this.#options.changed();
  }

  /** What `LiveMesh.feedObjects` takes. */
  readonly feedOf: FeedOfCluster = (cluster) => {
    this.#contexts.set(cluster.key, cluster.context);
    return new LiveFeed(this.#store, cluster, this.#options.changed);
  };

  /** Checks what has to be; yields so that the caller may pause. The value: files whose findings may have changed. */
  *update(): Generator<undefined, ReadonlySet<string>> {
    const changed = yield* this.#validation.update();
    this.#found = undefined;
    const files = new Set(this.#files.takeReread());
    for (const { origin } of changed) if (origin.from === "file") files.add(origin.file);
    return files;
  }

  /** The findings in a file, as far as they are not suppressed. */
  findingsIn(name: string): readonly Finding[] {
    const file = this.#files.file(name);
    if (file === undefined) return [];
    const { grading } = this.#options;
    return [...yamlFindings(name, file, grading), ...this.#validation.ofSource(sourceOf(name))].filter(
      (finding) => !this.#isSuppressed(finding),
    );
  }

  /** The findings of live objects that no file declares. */
  liveFindings(): readonly FoundOfObject[] {
    return this.found.filter(({ object }) => object.origin.from === "live");
  }

  /** The findings of one object, as far as they are not suppressed. */
  findingsOf(object: WorldObject): readonly Finding[] {
    return this.#validation.of(object).filter((finding) => !this.#isSuppressed(finding));
  }

  /** The objects that are the named one, select it or name it as a host; none if there is no such object. */
  objectsAbout({
    cluster,
    kind,
    namespace,
    name,
  }: Pick<WorldObject, "cluster" | "kind" | "namespace" | "name">): readonly WorldObject[] {
    const target = this.#store.world(cluster).get(kind, namespace, name);
    return target === undefined ? [] : [...this.#store.declarations()].filter((object) => isAbout(object, target));
  }

  /** All that is found of objects, in files and live; of a live object that a file declares what is found of the file's. */
  get found(): readonly FoundOfObject[] {
    this.#found ??= [...this.#foundIn(this.#store.declarations())];
    return this.#found;
  }

  /** What is found in the clusters of the named object, and of what selects it or names it. */
  foundAbout(
    { kind, namespace, name }: Pick<WorldObject, "kind" | "namespace" | "name">,
    clusters: readonly ClusterKey[],
  ): readonly FoundOfObject[] {
    const { found } = this;
    if (found.length === 0) return [];
    const targets = clusters.flatMap((cluster) => this.#store.world(cluster).get(kind, namespace, name) ?? []);
    return found.filter(({ object }) => targets.some((target) => isAbout(object, target)));
  }

  /** The objects of all files and clusters. */
  objects(): Iterable<WorldObject> {
    return this.#store.declarations();
  }

  *#foundIn(objects: Iterable<WorldObject>): Generator<FoundOfObject> {
    for (const object of objects) {
      const findings = this.findingsOf(object);
      if (findings.length > 0 && !this.#isLaidOver(object)) yield { object, findings };
    }
  }

  // What a file is about to change counts no more: an edit that cures it has cured it.
  #isLaidOver(object: WorldObject): boolean {
    const { cluster, kind, namespace, name, origin } = object;
    return origin.from === "live" && this.#store.world(cluster).get(kind, namespace, name) !== object;
  }

  #isSuppressed(finding: Finding): boolean {
    const { object, code } = finding;
    const { suppress } = this.#options;
    if (object !== undefined && suppress.length > 0) {
      const name = objectName(object);
      if (suppress.some((rule) => (rule.code === "*" || rule.code === code) && rule.matches(name))) return true;
    }
    return isSuppressedInFile(finding, (file) => this.#files.file(file));
  }

  #against(object: WorldObject): Against {
    return { files: this.#files.names.length > 0, context: this.#contexts.get(object.cluster) };
  }
}
