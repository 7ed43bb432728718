import { env, type Uri } from "vscode";

/**
 * As a text, which VS Code takes although it declares a Uri: a Uri is decoded and encoded anew on its way to the browser
 * (`encodeURI(uri.toString(true))`), so that an escaped "&" in a name would begin another parameter.
 */
export async function openInBrowser(address: string): Promise<void> {
  await env.openExternal(address as unknown as Uri);
}
