import { demoManifests } from "../sources/demo/manifests.ts";
import type { ManifestsCommand } from "./commandLine.ts";
import { noteRaised } from "./demoSize.ts";
import type { Terminal } from "./terminal.ts";

/** Prints the objects of one of the demo's clusters as YAML documents, at the reader's pace. */
export async function manifestsCommand(
  { cluster, services, seed, fault }: ManifestsCommand,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<number> {
  noteRaised(services, ["eu", "us"], terminal);
  const options = {
    cluster,
    fault,
    ...(services === undefined ? {} : { services }),
    ...(seed === undefined ? {} : { seed }),
  };
  for (const text of demoManifests(options)) {
    signal.throwIfAborted();
    await terminal.print(text);
  }
  return 0;
}
