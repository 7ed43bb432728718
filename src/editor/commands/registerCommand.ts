import { commands, l10n, window } from "vscode";
import type { Disposable } from "../../mesh/disposer.ts";
import { isAbort } from "../../mesh/meshError.ts";
import type { CommandId } from "../ids.ts";
import type { OutputLog } from "../log.ts";
import { explainAny } from "../words.ts";

/** The only place where a command's failure is caught, logged and shown. */
export function registerCommand(
  log: OutputLog,
  id: CommandId,
  // What another extension or a key binding passes is anybody's guess: commands look at it before they use it.
  run: (...args: readonly unknown[]) => unknown,
): Disposable {
  return commands.registerCommand(id, async (...args: readonly unknown[]) => {
    try {
      return await run(...args);
    } catch (error) {
      if (!isAbort(error)) void report(log, id, error);
      return undefined;
    }
  });
}

async function report(log: OutputLog, id: CommandId, error: unknown): Promise<void> {
  log.error("command failed", error, { command: id });
  const showLog = l10n.t("Show Log");
  const picked = await window.showErrorMessage(explainAny(error), showLog);
  if (picked === showLog) log.show();
}
