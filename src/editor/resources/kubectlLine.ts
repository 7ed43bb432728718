import type { KindOnServer } from "../../mesh/model/kubeObject.ts";
import type { ObjectRef } from "../../mesh/model/refs.ts";

/** A line for a POSIX shell that reads the object in just this cluster, whatever the current context is. */
export function kubectlLine(context: string, ref: Omit<ObjectRef, "cluster">, kind: KindOnServer | undefined): string {
  const plural = kind?.plural ?? ref.kind.toLowerCase();
  const resource = ref.group === "" ? plural : `${plural}.${ref.group}`;
  return [
    ...["kubectl", "--context", quoted(context)],
    ...(ref.namespace === "" ? [] : ["-n", quoted(ref.namespace)]),
    ...["get", quoted(`${resource}/${ref.name}`), "-o", "yaml"],
  ].join(" ");
}

/** One word of a POSIX shell. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./][\w@%+=:,./-]*$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
