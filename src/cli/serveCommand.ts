import { say } from "../mesh/message.ts";
import type { Log } from "../mesh/ports.ts";
import { serveDemo } from "../sources/demo/serveDemo.ts";
import { systemClock } from "../sources/kubernetes/systemClock.ts";
import type { ServeCommand } from "./commandLine.ts";
import type { Terminal } from "./terminal.ts";

/** Serves the demo's metrics until the signal; the address is the first line of stdout. */
export async function serveCommand(
  command: ServeCommand,
  terminal: Terminal,
  log: Log,
  signal: AbortSignal,
): Promise<number> {
  const { services, seed, port, telemetry } = command;
  const serving = await serveDemo({
    ...{ port, telemetry, clock: systemClock, log },
    ...(services === undefined ? {} : { services }),
    ...(seed === undefined ? {} : { seed }),
  });
  try {
    await terminal.print(`http://127.0.0.1:${serving.port}/metrics\n`);
    terminal.note(say("Serving the demo mesh to Prometheus. Ctrl+C ends it."));
    await new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      signal.addEventListener("abort", () => resolve(), { once: true });
    });
    return 0;
  } finally {
    await serving.close();
  }
}
