import { fieldsAt, fieldsOf, textAt } from "../model/fields.ts";
import type { KubeObject } from "../model/kubeObject.ts";
import type { FieldPath } from "./fieldPath.ts";
import type { YamlDocument } from "./yamlFile.ts";

export interface ObjectInDocument {
  readonly object: KubeObject;
  /** Leads from the document's top to the object: empty, or into a List. */
  readonly prefix: FieldPath;
}

const deepestList = 4;

/** The objects of a document: itself, or the items of a List. Bodies are unchecked; a missing name is "". */
export function objectsIn(document: YamlDocument): readonly ObjectInDocument[] {
  if (document.sort !== "object" && document.sort !== "broken") return [];
  return [...objectsAt(document.value, [], 0)];
}

function* objectsAt(value: unknown, prefix: FieldPath, depth: number): Generator<ObjectInDocument> {
  const apiVersion = textAt(value, "apiVersion");
  const kind = textAt(value, "kind");
  if (apiVersion === undefined || kind === undefined) return;
  const items: unknown = fieldsOf(value)["items"];
  if (kind === "List" && apiVersion === "v1" && Array.isArray(items)) {
    if (depth === deepestList) return;
    for (const [at, item] of items.entries()) yield* objectsAt(item, [...prefix, "items", at], depth + 1);
    return;
  }
  const fields = fieldsOf(value);
  const name = textAt(fieldsAt(value, "metadata"), "name");
  // Readers of an object may rely on its name being a text; the schema tells that it is missing.
  const object = name === undefined ? { ...fields, metadata: { ...fieldsAt(value, "metadata"), name: "" } } : fields;
  yield { object: object as unknown as KubeObject, prefix };
}
