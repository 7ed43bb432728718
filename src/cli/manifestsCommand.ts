import { demoManifests } from "../sources/demo/manifests.ts";
import type { ManifestsCommand } from "./commandLine.ts";
import type { Terminal } from "./terminal.ts";

/** Prints the demo's objects as YAML documents, at the reader's pace. */
export async function manifestsCommand(
  { services, seed }: ManifestsCommand,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<number> {
  const options = { ...(services === undefined ? {} : { services }), ...(seed === undefined ? {} : { seed }) };
  for (const text of demoManifests(options)) {
    signal.throwIfAborted();
    await terminal.print(text);
  }
  return 0;
}
