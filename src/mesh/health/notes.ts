import type { Message } from "../message.ts";
import type { ObjectRef } from "../model/refs.ts";
import type { Verdict } from "./verdict.ts";

/** A line of a third party about a resource. */
export interface Note {
  readonly words: Message;
  readonly severity: "info" | "warning" | "error";
}

/** What is known of a resource without asking anybody. */
export type NotesOf = (ref: ObjectRef) => readonly Note[];

/** What third parties say is amiss with a resource. */
export function noteVerdicts(ref: ObjectRef, notes: NotesOf | undefined): readonly Verdict[] {
  const grave = notes?.(ref).filter(({ severity }) => severity !== "info") ?? [];
  return grave.map(({ severity, words }) => ({
    state: severity === "error" ? "failing" : "degraded",
    reasons: [words],
  }));
}
