/** A sentence for people: English text with `{0}` places and what fills them. Surfaces translate it. */
export interface Message {
  readonly text: string;
  readonly args: readonly (string | number)[];
}

/** The only way to make a {@link Message}; the l10n bundle is collected from these calls, so `text` is a literal. */
export function say(text: string, ...args: readonly (string | number)[]): Message {
  return { text, args };
}

/** The message in English. Argument text is inserted as it is and never read as a place. */
export function fill(message: Message): string {
  return message.text.replace(/\{(\d+)\}/g, (place, index: string) => {
    const arg = message.args[Number(index)];
    return arg === undefined ? place : String(arg);
  });
}
