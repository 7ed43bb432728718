import { EventEmitter, l10n } from "vscode";
import { Disposer, type Disposable } from "../../mesh/disposer.ts";
import type { MeshView } from "../../mesh/inventory/views.ts";
import type { LiveMesh } from "../../mesh/live/liveMesh.ts";
import { refId, type ClusterKey, type ObjectRef } from "../../mesh/model/refs.ts";
import type { WorkspaceCheck } from "../../mesh/validation/engine/workspaceCheck.ts";
import type { Finding } from "../../mesh/validation/finding.ts";
import { kindNameOf } from "../../mesh/validation/kinds.ts";
import type { YamlValidation } from "./yamlValidation.ts";

/** The findings about an object, worst first. */
export type FoundAbout = (ref: ObjectRef) => readonly Finding[];

const ranks = ["error", "warning", "info", "hint"] as const;

/**
 * What validation found, by what it is about: for rows and levels. It only repeats what the Problems view can show and
 * starts no check; it tells of a change only where something was found or is gone.
 */
export class FindingCounts implements Disposable {
  readonly #owned = new Disposer();
  readonly #check: () => WorkspaceCheck | undefined;
  readonly #meshes: () => readonly MeshView[];
  readonly #known = new Map<string, readonly Finding[]>();
  readonly #changed = this.#owned.own(new EventEmitter<undefined>());
  readonly onChange = this.#changed.event;
  #before = "";

  constructor(
    validation: Pick<YamlValidation, "check" | "onChange">,
    connection: { readonly live: Pick<LiveMesh, "meshes"> | undefined },
  ) {
    this.#check = () => validation.check;
    this.#meshes = () => connection.live?.meshes ?? [];
    this.#owned.own(validation.onChange(() => this.#look()));
  }

  readonly about: FoundAbout = (ref) => {
    const id = refId(ref);
    const known = this.#known.get(id);
    if (known !== undefined) return known;
    const found = this.#found(ref).toSorted((a, b) => ranks.indexOf(a.severity) - ranks.indexOf(b.severity));
    this.#known.set(id, found);
    return found;
  };

  dispose(): void {
    this.#owned.dispose();
  }

  #found(ref: ObjectRef): readonly Finding[] {
    const check = this.#check();
    if (check === undefined) return [];
    const clusters = this.#clustersOf(ref);
    const { group, kind, namespace, name } = ref;
    const found = isMesh(ref)
      ? check.found.filter(({ object }) => clusters.includes(object.cluster))
      : check.foundAbout({ kind: kindNameOf(group, kind), namespace, name }, clusters);
    return found.flatMap(({ findings }) => findings);
  }

  /** What spans clusters says of no mesh: where there are several, nobody knows which one is meant, and nothing is said. */
  #clustersOf(ref: ObjectRef): readonly ClusterKey[] {
    if (ref.cluster !== "") return [ref.cluster];
    const meshes = this.#meshes();
    const mesh = isMesh(ref) ? meshes.find(({ id }) => id === ref.name) : meshes.length === 1 ? meshes[0] : undefined;
    return mesh?.clusters.map(({ key }) => key) ?? [];
  }

  #look(): void {
    this.#known.clear();
    // Of infos and hints, which a large workspace has many of, nothing stands beside a row.
    const now = (this.#check()?.found ?? [])
      .flatMap(({ object, findings }) => {
        const words = findings.some(isShown) ? countWords(findings) : undefined;
        return words === undefined ? [] : [`${object.id} ${words}`];
      })
      .join("\n");
    if (now === this.#before) return;
    this.#before = now;
    this.#changed.fire(undefined);
  }
}

function isMesh({ cluster, group, kind }: ObjectRef): boolean {
  return cluster === "" && group === "" && kind === "Mesh";
}

function isShown({ severity }: Finding): boolean {
  return severity === "error" || severity === "warning";
}

/** "2 errors, 1 warning"; undefined where there is neither: infos and hints do not stand beside a name. */
export function countWords(findings: readonly Finding[]): string | undefined {
  const errors = findings.filter(({ severity }) => severity === "error").length;
  const warnings = findings.filter(({ severity }) => severity === "warning").length;
  const parts = [
    ...(errors === 0 ? [] : [errors === 1 ? l10n.t("1 error") : l10n.t("{0} errors", errors)]),
    ...(warnings === 0 ? [] : [warnings === 1 ? l10n.t("1 warning") : l10n.t("{0} warnings", warnings)]),
  ];
  return parts.length === 0 ? undefined : parts.join(", ");
}
