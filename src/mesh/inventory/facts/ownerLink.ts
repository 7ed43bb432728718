import { flagAt, listAt, textAt } from "../../model/fields.ts";
import { groupOf } from "../../model/kubeObject.ts";

/** Names an owner; it lives in the namespace of what it owns. */
export interface OwnerLink {
  readonly group: string;
  readonly kind: string;
  readonly name: string;
}

/** The owner that controls an object. There is at most one; other owners only tie lifetimes together. */
export function controllerOf(metadata: unknown): OwnerLink | undefined {
  const reference = listAt(metadata, "ownerReferences").find((owner) => flagAt(owner, "controller") === true);
  const kind = textAt(reference, "kind");
  const name = textAt(reference, "name");
  if (kind === undefined || name === undefined) return undefined;
  return { group: groupOf(textAt(reference, "apiVersion") ?? ""), kind, name };
}
