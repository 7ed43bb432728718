import { l10n, MarkdownString } from "vscode";
import type { Fact, TreeNode } from "../../mesh/explorer/node.ts";
import type { Finding } from "../../mesh/validation/finding.ts";
import type { CommandId } from "../ids.ts";
import { appendWords } from "../markdownText.ts";
import { translate } from "../words.ts";
import { stateWord } from "./appearance.ts";
import type { Row } from "./row.ts";

const offered = ["foreyard.openDocument", "foreyard.copyName"] as const satisfies readonly CommandId[];

/** The row in full. Names from the cluster are text, whatever they look like; only our own commands are links. */
export function tooltipOf(
  row: Row,
  node: TreeNode,
  facts: readonly Fact[],
  found: readonly Finding[] = [],
): MarkdownString {
  const text = new MarkdownString("", true);
  text.supportHtml = false;
  text.isTrusted = { enabledCommands: offered };
  text.appendMarkdown("**");
  appendWords(text, typeof node.label === "string" ? node.label : translate(node.label));
  text.appendMarkdown("**");
  if (node.state) text.appendMarkdown(` — ${stateWord(node.state)}`);
  if (node.staleSince !== undefined) {
    text.appendMarkdown("  \n$(clock) ");
    appendWords(text, l10n.t("Numbers of {0}", new Date(node.staleSince).toLocaleString()));
  }
  for (const { name, value, atMillis } of facts) {
    text.appendMarkdown("  \n");
    appendWords(text, l10n.t("{0}:", translate(name)));
    text.appendMarkdown(" ");
    appendWords(text, translate(value));
    if (atMillis !== undefined) appendWords(text, l10n.t(" ({0})", new Date(atMillis).toLocaleString()));
  }
  appendFindings(text, found);
  if (node.ref) {
    const link = (id: CommandId, words: string) =>
      `[${words}](command:${id}?${encodeURIComponent(JSON.stringify([row]))})`;
    text.appendMarkdown("\n\n");
    text.appendMarkdown(
      [link("foreyard.openDocument", l10n.t("Open YAML")), link("foreyard.copyName", l10n.t("Copy Name"))].join(" · "),
    );
  }
  return text;
}

const mostFindings = 5;
const severityIcons = { error: "error", warning: "warning", info: "info", hint: "lightbulb" } as const;

/** The worst first; the Problems view has all of them. */
function appendFindings(text: MarkdownString, found: readonly Finding[]): void {
  for (const { severity, code, message } of found.slice(0, mostFindings)) {
    text.appendMarkdown(`  \n$(${severityIcons[severity]}) `);
    appendWords(text, `${code}: ${translate(message)}`);
  }
  if (found.length <= mostFindings) return;
  text.appendMarkdown("  \n");
  appendWords(text, l10n.t("and {0} more findings", found.length - mostFindings));
}
