import type { FieldPath } from "../../yaml/fieldPath.ts";
import type { TextRange } from "../../yaml/yamlFile.ts";
import type { Finding } from "../finding.ts";
import type { WorldObject } from "../world/worldObject.ts";

/** A place in a file. */
export interface FilePlace {
  readonly file: string;
  readonly range: TextRange;
}

/** Where a finding is marked; undefined if its object is in no file. */
export function locate(finding: Finding): FilePlace | undefined {
  if (finding.place !== undefined) return finding.place;
  return finding.object === undefined ? undefined : placeOf(finding.object, finding.path, finding.at);
}

/** Where a field of an object stands; if it is absent, the key of the nearest field around it that is there. */
export function placeOf(object: WorldObject, path: FieldPath, at: "key" | "value" = "value"): FilePlace | undefined {
  const { origin } = object;
  if (origin.from !== "file") return undefined;
  const positions = origin.document.positions();
  const full = [...origin.prefix, ...(origin.isSpec === true ? path.slice(1) : path)];
  if (path.length > 0 && positions.has(full)) {
    return { file: origin.file, range: at === "key" ? positions.keyRange(full) : positions.valueRange(full) };
  }
  let present = full;
  while (present.length > origin.prefix.length && !positions.has(present)) present = present.slice(0, -1);
  // A finding of the object as a whole is marked at its kind, not over its whole text.
  if (present.length === origin.prefix.length) present = [...origin.prefix, "kind"];
  return { file: origin.file, range: positions.keyRange(present) };
}
