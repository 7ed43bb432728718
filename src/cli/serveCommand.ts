import { say } from "../mesh/message.ts";
import type { Log } from "../mesh/ports.ts";
import { serveDemo } from "../sources/demo/serveDemo.ts";
import { systemClock } from "../sources/kubernetes/systemClock.ts";
import type { ServeCommand } from "./commandLine.ts";
import { demoSize, noteRaised, type DemoClusters } from "./demoSize.ts";
import type { Terminal } from "./terminal.ts";

// As serveDemo makes them.
const clustersOf: Readonly<Record<ServeCommand["telemetry"], DemoClusters>> = {
  v2: ["eu", "us"],
  v1: ["eu"],
  ambient: ["eu", "us"],
};
const generations: Readonly<Record<ServeCommand["telemetry"], string>> = {
  v2: "Telemetry V2",
  v1: "Telemetry V1",
  ambient: "the ambient mesh",
};

/** Serves the demo's metrics until the signal; the address is the first line of stdout. */
export async function serveCommand(
  command: ServeCommand,
  terminal: Terminal,
  log: Log,
  signal: AbortSignal,
): Promise<number> {
  const { services, seed, port, telemetry, fault } = command;
  const serving = await serveDemo({
    ...{ port, telemetry, fault, clock: systemClock, log },
    ...(services === undefined ? {} : { services }),
    ...(seed === undefined ? {} : { seed }),
  });
  try {
    await terminal.print(`http://127.0.0.1:${serving.port}/metrics\n`);
    const clusters = clustersOf[telemetry];
    noteRaised(services, clusters, terminal);
    terminal.note(
      say(
        "Serving the demo mesh to Prometheus: metrics of {0} for {1} services (cluster {2}). Ctrl+C ends it.",
        ...[generations[telemetry], demoSize(services, clusters), clusters.join(", ")],
      ),
    );
    await new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      signal.addEventListener("abort", () => resolve(), { once: true });
    });
    return 0;
  } finally {
    await serving.close();
  }
}
