import assert from "node:assert/strict";
import { commands, extensions } from "vscode";
import type { HostTest } from "./hostTest.ts";

interface Manifest {
  readonly contributes: { readonly commands: readonly { readonly command: string }[] };
}

export const commandTests: readonly HostTest[] = [
  {
    name: "M11: every contributed command is registered",
    async run() {
      const manifest = extensions.getExtension("foreyard.foreyard")?.packageJSON as Manifest;
      const registered = new Set(await commands.getCommands(true));
      const missing = manifest.contributes.commands.filter(({ command }) => !registered.has(command));
      assert.deepEqual(missing, []);
    },
  },
];
