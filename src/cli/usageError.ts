import { fill, type Message } from "../mesh/message.ts";

/** The command line itself is wrong: one sentence, exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
  readonly words: Message;

  constructor(words: Message) {
    super(fill(words));
    this.words = words;
  }
}
