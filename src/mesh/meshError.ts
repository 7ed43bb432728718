import { fill, type Message } from "./message.ts";

export type MeshErrorKind =
  | "unreachable"
  | "unauthorized"
  | "forbidden"
  | "not-found"
  | "conflict"
  | "invalid"
  | "expired"
  | "throttled"
  | "timeout"
  | "bad-data"
  | "unsupported"
  | "misconfigured";

/**
 * A failure we expect and can explain: what was tried, on what, and (in the hint) what to do.
 * Anything else that is thrown is a bug and keeps its own type. Neither text may hold a secret.
 */
export class MeshError extends Error {
  override readonly name = "MeshError";
  readonly kind: MeshErrorKind;
  readonly words: Message;
  readonly hint: Message | undefined;

  constructor(kind: MeshErrorKind, words: Message, options: { cause?: unknown; hint?: Message | undefined } = {}) {
    super(fill(words), { cause: options.cause });
    this.kind = kind;
    this.words = words;
    this.hint = options.hint;
  }

  // By name, not instanceof: bundles and third parties may each carry their own copy of this class.
  static is(e: unknown, kind?: MeshErrorKind): e is MeshError {
    return e instanceof Error && e.name === "MeshError" && (kind === undefined || ("kind" in e && e.kind === kind));
  }
}

/** True for what an aborted AbortSignal throws; such errors cross every boundary untouched and are never shown. */
export function isAbort(e: unknown): boolean {
  return e instanceof Error && e.name === "AbortError";
}
