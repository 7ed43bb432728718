import { l10n } from "vscode";
import { MeshError } from "../mesh/meshError.ts";
import type { Message } from "../mesh/message.ts";

/** A message of the mesh in the user's language. */
export function translate(message: Message): string {
  return l10n.t(message.text, ...message.args);
}

/** What happened and what to do about it. */
export function explain(error: MeshError): string {
  return [error.words, error.hint].flatMap((part) => (part ? [translate(part)] : [])).join(" ");
}

/** A sentence for any failure; a bug is named as one, and its details stay in the log. */
export function explainAny(error: unknown): string {
  return MeshError.is(error) ? explain(error) : l10n.t("Foreyard hit an unexpected error; the log has its details.");
}
