import { listAt, textAt, textsAt } from "../model/fields.ts";
import type { YamlFile } from "./yamlFile.ts";

const names: ReadonlySet<string> = new Set(["kustomization.yaml", "kustomization.yml", "Kustomization"]);

/** True if Kustomize reads the file as the plan of its folder. */
export function isKustomization(file: string): boolean {
  return names.has(file.slice(lastSeparator(file) + 1));
}

/**
 * The files that a kustomization names as patches, by the names that they have beside it: they hold parts of objects,
 * which mean nothing by themselves (`patches`, `patchesStrategicMerge` and `patchesJson6902` of kustomize's types).
 */
export function patchFiles(name: string, { documents }: YamlFile): readonly string[] {
  return documents.flatMap(({ value }) => {
    const paths = [...listAt(value, "patches"), ...listAt(value, "patchesJson6902")].flatMap(
      (patch) => textAt(patch, "path") ?? [],
    );
    // A patch may also be written into the kustomization itself.
    const merged = textsAt(value, "patchesStrategicMerge").filter((text) => !text.includes("\n"));
    return [...paths, ...merged].flatMap((path) => beside(name, path) ?? []);
  });
}

// Names are paths or URIs: what stands before the first ".." or name stays as it is.
function beside(file: string, path: string): string | undefined {
  if (path.startsWith("/") || path.includes("://")) return undefined;
  const at = lastSeparator(file);
  const separator = at >= 0 ? file.charAt(at) : "/";
  const steps = at < 0 ? [] : file.slice(0, at).split(separator);
  for (const step of path.split("/")) {
    if (step === "" || step === ".") continue;
    if (step === "..") {
      if (steps.length === 0) return undefined;
      steps.pop();
    } else steps.push(step);
  }
  return steps.join(separator);
}

function lastSeparator(file: string): number {
  return Math.max(file.lastIndexOf("/"), file.lastIndexOf("\\"));
}
