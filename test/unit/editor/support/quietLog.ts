import type { OutputLog } from "../../../../src/editor/log.ts";

/** A log that only remembers what went wrong. */
export class QuietLog implements OutputLog {
  readonly errors: string[] = [];
  debug(): void {
    // Not of interest here.
  }
  info(): void {
    // Not of interest here.
  }
  error(what: string): void {
    this.errors.push(what);
  }
  show(): void {
    // Nobody looks.
  }
  dispose(): void {
    // Nothing is held.
  }
}
