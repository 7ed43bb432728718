import { yamlFindings, type FileSet } from "../../mesh/validation/engine/fileSet.ts";
import type { Grading } from "../../mesh/validation/engine/severity.ts";
import { isSuppressedInFile, objectName } from "../../mesh/validation/engine/suppression.ts";
import { Validation } from "../../mesh/validation/engine/validation.ts";
import type { Finding } from "../../mesh/validation/finding.ts";
import type { ReadCluster } from "../../mesh/validation/live/readCluster.ts";
import type { Rule } from "../../mesh/validation/rule.ts";
import type { WorldObject } from "../../mesh/validation/world/worldObject.ts";
import type { WorldStore } from "../../mesh/validation/world/worldStore.ts";
import type { Choice } from "./choice.ts";
import { isInSystemNamespace, namespaceOf } from "./systemNamespaces.ts";

export interface CheckInput {
  readonly store: WorldStore;
  readonly files: FileSet;
  readonly choice: Choice;
  readonly clusters: readonly ReadCluster[];
  /** Whose live objects are reported on; empty: all. */
  readonly reportOn: readonly string[];
  readonly rules: readonly Rule[];
}

export interface Checked {
  readonly findings: readonly Finding[];
}

/** Runs all wanted rules over everything, and leaves out what is suppressed or of other namespaces. */
export function checkAll({ store, files, choice, clusters, reportOn, rules }: CheckInput): Checked {
  const grading: Grading = { chosen: choice.severity, isEditor: false };
  const contexts = new Map(clusters.map(({ key, context }) => [key, context]));
  const validation = new Validation({
    store,
    rules: rules.filter(choice.wantsRule),
    grading,
    against: (object) => ({ files: files.names.length > 0, context: contexts.get(object.cluster) }),
  });
  const update = validation.update();
  while (update.next().done !== true);
  const ofFiles = files.names.flatMap((name) => {
    const file = files.file(name);
    return file === undefined ? [] : yamlFindings(name, file, grading);
  });
  const ofObjects = [...store.declarations()].flatMap((object) =>
    isReportedOn(object, reportOn) ? validation.of(object) : [],
  );
  const findings = [...ofFiles, ...ofObjects].filter(
    (finding) => choice.wantsCode(finding.code, finding.rule) && !isSuppressed(finding, files, choice),
  );
  return { findings };
}

function isSuppressed(finding: Finding, files: FileSet, { suppress }: Choice): boolean {
  const { object, code } = finding;
  if (object !== undefined && suppress.length > 0) {
    const name = objectName(object);
    if (suppress.some((rule) => (rule.code === "*" || rule.code === code) && rule.matches(name))) return true;
  }
  return isSuppressedInFile(finding, (name) => files.file(name));
}

// As istioctl: an object of no namespace always counts, a Namespace counts as being in itself, and Kubernetes' own
// namespaces only count where they are named. Files were named by the user, so all of them are reported on.
function isReportedOn(object: WorldObject, namespaces: readonly string[]): boolean {
  if (object.origin.from === "file") return true;
  const namespace = namespaceOf(object);
  if (isInSystemNamespace(object)) return namespaces.includes(namespace);
  return namespaces.length === 0 || namespace === "" || namespaces.includes(namespace);
}
