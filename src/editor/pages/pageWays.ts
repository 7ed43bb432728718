import { commands } from "vscode";
import { MeshError } from "../../mesh/meshError.ts";
import { say } from "../../mesh/message.ts";
import type { MeshConnection } from "../connection.ts";
import type { CommandId } from "../ids.ts";
import type { StoredState } from "../storedState.ts";
import type { WindowState } from "../windowState.ts";

interface WayDesk {
  readonly connection: MeshConnection;
  readonly state: StoredState<WindowState>;
}

const commandsOfWays: Readonly<Record<string, CommandId>> = {
  runDoctor: "foreyard.showDoctor",
  chooseNamespaces: "foreyard.chooseNamespaces",
  connect: "foreyard.connect",
};

/** Does what a page's banner offers about what is missing. */
export async function takeWay({ connection, state }: WayDesk, way: string): Promise<void> {
  const command = Object.hasOwn(commandsOfWays, way) ? commandsOfWays[way] : undefined;
  if (command) {
    await commands.executeCommand(command);
    return;
  }
  switch (way) {
    case "retry":
      await connection.live?.refresh(new AbortController().signal);
      return;
    case "setPrometheus":
      await commands.executeCommand("workbench.action.openSettings", "foreyard.prometheus.sources");
      return;
    case "allNamespaces":
      await state.update({ namespaces: [] });
      connection.live?.setFilter({ ...connection.live.filter, namespaces: undefined });
      return;
    default:
      throw new MeshError("unsupported", say("The page asked for something that does not exist."));
  }
}
