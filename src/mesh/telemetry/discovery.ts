import type { Message } from "../message.ts";

/** One step of looking for a metrics store, and what came of it. */
export interface DiscoveryStep {
  readonly tried: Message;
  readonly answer: Message;
  readonly found: boolean;
  /** Where that store is, as the settings take it; undefined where no one place was asked. */
  readonly address?: string;
  /** It asked who is calling: the user can name the address and give credentials for it. */
  readonly wantsCredentials?: boolean;
}
