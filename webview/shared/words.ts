import { fill, type Message } from "../../src/mesh/message.ts";

let bundle: Readonly<Record<string, string>> = {};

/** English until the host has told the user's language. */
export function setTranslations(translations: Readonly<Record<string, string>>): void {
  bundle = translations;
}

/** The sentence in the user's language. Only `say` makes messages, so that the bundle can be collected from the source. */
export function words(message: Message): string {
  const text = Object.hasOwn(bundle, message.text) ? bundle[message.text] : undefined;
  return fill(text === undefined ? message : { text, args: message.args });
}
