import { commands } from "vscode";
import type { ContextKey } from "./ids.ts";

export type ContextValues = Readonly<Record<ContextKey, string | boolean | undefined>>;

/** The only place that sets context keys; what did not change is not sent. */
export class ContextKeys {
  readonly #sent = new Map<ContextKey, string | boolean | undefined>();

  set(values: ContextValues): void {
    for (const [key, value] of Object.entries(values) as [ContextKey, string | boolean | undefined][]) {
      if (this.#sent.get(key) === value) continue;
      this.#sent.set(key, value);
      void commands.executeCommand("setContext", key, value);
    }
  }
}
