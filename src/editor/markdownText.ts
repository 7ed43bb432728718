import type { MarkdownString } from "vscode";

/** What appendText would join without a place to break, or leave to be read as HTML. */
const written: Readonly<Record<string, string>> = { " ": " ", "<": "&lt;", "&": "&amp;" };

/** As appendText, for whole sentences: long ones can break, and every character is shown as it is. */
export function appendWords(target: MarkdownString, text: string): void {
  for (const part of text.split(/([ <&])/)) {
    const mark = written[part];
    if (mark === undefined) target.appendText(part);
    else target.appendMarkdown(mark);
  }
}
