import { l10n, Uri, window, workspace } from "vscode";

/** Saves a table where a person says. The page's name for it is a proposal, and no path. */
export async function saveText(name: string, text: string): Promise<{ readonly saved: boolean }> {
  const file = `${name.replaceAll(/[^\p{L}\p{N}._-]+/gu, "-").replace(/^[-.]+/, "") || "foreyard"}.csv`.replace(
    /\.csv\.csv$/,
    ".csv",
  );
  const folder = workspace.workspaceFolders?.[0]?.uri;
  const to = await window.showSaveDialog({
    title: l10n.t("Save Table"),
    defaultUri: folder ? Uri.joinPath(folder, file) : Uri.file(file),
    filters: { ["CSV"]: ["csv"] },
  });
  if (!to) return { saved: false };
  await workspace.fs.writeFile(to, new TextEncoder().encode(text));
  return { saved: true };
}
