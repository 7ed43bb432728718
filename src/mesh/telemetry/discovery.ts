import type { Message } from "../message.ts";

/** One step of looking for a metrics store, and what came of it. */
export interface DiscoveryStep {
  readonly tried: Message;
  readonly answer: Message;
  readonly found: boolean;
}
