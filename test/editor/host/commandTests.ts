import assert from "node:assert/strict";
import { commands, extensions } from "vscode";
import { eventually } from "../../support/eventually.ts";
import { extensionId, type HostTest } from "./hostTest.ts";

interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly command: string }[];
    readonly menus: { readonly commandPalette: readonly { readonly command: string; readonly when: string }[] };
  };
}

function manifest(): Manifest {
  return extensions.getExtension(extensionId)?.packageJSON as Manifest;
}

/** Opens a window outside of the page, which nobody could close here. */
const leavesThePage = "foreyard.reportIssue";

/** Runs a command as somebody who answers every question with Escape. */
async function runAndEscape(id: string): Promise<void> {
  let isDone = false;
  const running = Promise.resolve(commands.executeCommand(id)).finally(() => (isDone = true));
  running.catch(() => undefined); // told below
  await eventually(`${id} ends`, async () => {
    if (!isDone) await commands.executeCommand("workbench.action.closeQuickOpen");
    return isDone;
  });
  await running;
}

export const commandTests: readonly HostTest[] = [
  {
    name: "M11: every contributed command is registered",
    async run() {
      const registered = new Set(await commands.getCommands(true));
      const missing = manifest().contributes.commands.filter(({ command }) => !registered.has(command));
      assert.deepEqual(missing, []);
    },
  },
  {
    name: "M11: every command of the palette runs or explains itself, with nothing connected",
    async run() {
      const { contributes } = manifest();
      const hidden = contributes.menus.commandPalette.filter(({ when }) => when === "false");
      const names = new Set(contributes.commands.map(({ command }) => command));
      for (const { command } of hidden) names.delete(command);
      names.delete(leavesThePage);
      assert.ok(names.size > 10);
      for (const id of names) await runAndEscape(id);
      await runAndEscape("foreyard.disconnect");
    },
  },
  {
    name: "M11: commands of rows do nothing when they are called without a row, or with nonsense",
    async run() {
      for (const id of ["foreyard.openDocument", "foreyard.copyName", "foreyard.showMore"]) {
        for (const argument of [undefined, null, 7, "x", {}, { tree: "services", id: "nothing" }, [{}]])
          await commands.executeCommand(id, argument, argument);
      }
    },
  },
];
