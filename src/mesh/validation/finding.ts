import type { Message } from "../message.ts";
import type { FieldPath } from "../yaml/fieldPath.ts";
import type { TextRange } from "../yaml/yamlFile.ts";
import type { KindName } from "./kinds.ts";
import type { WorldObject } from "./world/worldObject.ts";

export const severities = ["error", "warning", "info", "hint"] as const;
export type Severity = (typeof severities)[number];

/** In the order in which a cluster would apply them; the earliest layer tells a cause that several find. */
export const layers = ["yaml", "schema", "cel", "webhook", "analyzer", "gateway", "kiali", "foreyard"] as const;
export type Layer = (typeof layers)[number];

/** Another place that the finding is about. */
export interface Related {
  readonly object: WorldObject;
  readonly path: FieldPath;
  readonly message: Message;
}

/** What a rule says of one object. */
export interface RuleFinding {
  /** One of the rule's codes. */
  readonly code: string;
  readonly message: Message;
  /** The offending field; if it is absent, where it would stand: the nearest ancestor is then marked. */
  readonly path: FieldPath;
  /** Which part is marked: the key for a wrong or needless key, the value (default) for a wrong value. */
  readonly at?: "key" | "value";
  readonly related?: readonly Related[];
  /**
   * The cause, e.g. "host-not-found": findings of several layers on the same object, path and problem are one, told by
   * the earliest layer. Findings without it are never merged. Use the names of `problems.ts`.
   */
  readonly problem?: string;
  /** Where it differs from the code's own. */
  readonly severity?: Severity;
  readonly tags?: readonly ("unnecessary" | "deprecated")[];
  /**
   * Set if the finding rests on something that is not there: the namespace in which it was looked for ("" for what is in
   * no namespace, "*" for what may be in any). In the editor it is a hint unless that namespace is in the files or
   * readable in the live cluster, and then at most a warning.
   */
  readonly missingIn?: string;
  /** With `missingIn`, the kind that was looked for, if it is one that is often not readable (Secret, Node ...). */
  readonly missingKind?: KindName;
}

/** What a finding was checked against. */
export interface Against {
  readonly files: boolean;
  /** The context whose live objects were read, if any. */
  readonly context: string | undefined;
}

/** A finding as surfaces show it. */
export interface Finding {
  readonly code: string;
  readonly severity: Severity;
  readonly message: Message;
  readonly layer: Layer;
  /** The rule's name; for the layer `analyzer` Istio's name of it. */
  readonly rule: string;
  /** undefined for what is no object, e.g. a document that does not parse. */
  readonly object: WorldObject | undefined;
  readonly path: FieldPath;
  readonly at: "key" | "value";
  /** Set for what is found in a text itself; else the object's origin and the path say where (`engine/locate.ts`). */
  readonly place: { readonly file: string; readonly range: TextRange } | undefined;
  readonly related: readonly Related[];
  readonly tags: readonly ("unnecessary" | "deprecated")[];
  readonly docs: string;
  readonly against: Against;
  /** What other layers say of the same cause. */
  readonly also: readonly { readonly code: string; readonly layer: Layer }[];
}
