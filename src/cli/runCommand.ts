import { isAbort, MeshError } from "../mesh/meshError.ts";
import { fill, say } from "../mesh/message.ts";
import type { Log } from "../mesh/ports.ts";
import { parseCommandLine, type Command } from "./commandLine.ts";
import { help } from "./help.ts";
import type { Terminal } from "./terminal.ts";
import { UsageError } from "./usageError.ts";
import { packageVersion } from "./version.ts";

/** Runs one command line to its end; gives the exit code. Never throws. */
export async function runCommand(
  argv: readonly string[],
  terminal: Terminal,
  log: Log,
  signal: AbortSignal,
): Promise<number> {
  try {
    return await run(parseCommandLine(argv), terminal, log, signal);
  } catch (e) {
    if (e instanceof UsageError) {
      terminal.note(say("foreyard: {0}", fill(e.words)));
      return 2;
    }
    if (signal.aborted || isAbort(e)) return 130;
    if (MeshError.is(e)) terminal.fail(e);
    else
      terminal.note(
        say("foreyard failed, which is a mistake in it: {0}", e instanceof Error ? (e.stack ?? e.message) : String(e)),
      );
    return 1;
  }
}

// Commands are loaded on first use: `--help` and the demo need no cluster client.
async function run(command: Command, terminal: Terminal, log: Log, signal: AbortSignal): Promise<number> {
  switch (command.name) {
    case "help":
      await terminal.print(help);
      return 0;
    case "version":
      await terminal.print(`${await packageVersion()}\n`);
      return 0;
    case "list":
      return (await import("./listCommand.ts")).listCommand(command, terminal, log, signal);
    case "graph":
      return (await import("./graphCommand.ts")).graphCommand(command, terminal, log, signal);
    case "drilldown":
      return (await import("./drilldownCommand.ts")).drilldownCommand(command, terminal, log, signal);
    case "analyze":
      return (await import("./analyze/analyzeCommand.ts")).analyzeCommand(command, terminal, log, signal);
    case "route":
      return (await import("./route/routeCommand.ts")).routeCommand(command, terminal, log, signal);
    case "serve":
      return (await import("./serveCommand.ts")).serveCommand(command, terminal, log, signal);
    case "manifests":
      return (await import("./manifestsCommand.ts")).manifestsCommand(command, terminal, signal);
    case "doctor":
      return (await import("./doctorCommand.ts")).doctorCommand(command, terminal, log, signal);
  }
}
