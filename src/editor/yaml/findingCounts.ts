import { EventEmitter, l10n } from "vscode";
import { Disposer, type Disposable } from "../../mesh/disposer.ts";
import { refId, type ObjectRef } from "../../mesh/model/refs.ts";
import type { Finding } from "../../mesh/validation/finding.ts";
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
  readonly #validation: Pick<YamlValidation, "foundAbout" | "check">;
  readonly #known = new Map<string, readonly Finding[]>();
  readonly #changed = this.#owned.own(new EventEmitter<undefined>());
  readonly onChange = this.#changed.event;
  #before = "";

  constructor(validation: Pick<YamlValidation, "foundAbout" | "check" | "onChange">) {
    this.#validation = validation;
    this.#owned.own(validation.onChange(() => this.#look()));
  }

  readonly about: FoundAbout = (ref) => {
    const id = refId(ref);
    const known = this.#known.get(id);
    if (known !== undefined) return known;
    const found = [...this.#validation.foundAbout(ref)].sort(
      (a, b) => ranks.indexOf(a.severity) - ranks.indexOf(b.severity),
    );
    this.#known.set(id, found);
    return found;
  };

  dispose(): void {
    this.#owned.dispose();
  }

  #look(): void {
    this.#known.clear();
    const found = this.#validation.check?.found ?? [];
    const now = found.map(({ object, findings }) => `${object.id} ${countsText(findings)}`).join("\n");
    if (now === this.#before) return;
    this.#before = now;
    this.#changed.fire(undefined);
  }
}

function countsText(findings: readonly Finding[]): string {
  return ranks.map((rank) => findings.filter(({ severity }) => severity === rank).length).join(",");
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
