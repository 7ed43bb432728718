import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { say } from "../../mesh/message.ts";
import { MeshError } from "../../mesh/meshError.ts";
import type { Clock, Log } from "../../mesh/ports.ts";
import type { Dialect } from "../../mesh/telemetry/capabilities.ts";
import { meshOf, type DemoMesh, type DemoOptions } from "./demoMesh.ts";
import { createExposition, type Expose } from "./exposition/exposition.ts";
import { contentType } from "./exposition/textFormat.ts";

export interface ServeOptions extends Pick<DemoOptions, "seed" | "services" | "historySeconds" | "fault"> {
  /** 0 for any that is free. */
  readonly port: number;
  /** V2 unless told. V1 is one cluster of sidecars; "ambient" is the whole world without sidecars. */
  readonly telemetry?: Dialect;
  readonly clock: Clock;
  readonly log: Log;
}

/** Who checks the numbers of {@link serveDemo} makes the same world again: same seed, size, dialect and time. */
export function servedMesh(options: Omit<ServeOptions, "port" | "log">): DemoMesh {
  const shapes = {
    v2: { clusters: 2, ambient: "corner" },
    v1: { clusters: 1, ambient: "none" },
    ambient: { clusters: 2, ambient: "all" },
  } as const;
  return meshOf(options, shapes[options.telemetry ?? "v2"]);
}

/** Serves the demo's metrics at /metrics on 127.0.0.1 until closed. Throws a MeshError where the port is taken. */
export async function serveDemo(options: ServeOptions): Promise<{ port: number; close(): Promise<void> }> {
  const { clock, log, telemetry = "v2" } = options;
  const expose = createExposition(servedMesh(options), telemetry);
  const server = createServer((request, response) => {
    answer(request, response, () => expose(clock.now())).catch((error: unknown) => {
      // A scraper that hangs up is its own affair; anything else would be ours.
      if (!response.destroyed) log.error("serving the demo's metrics", error);
      response.destroy();
    });
  });
  // Longer than scrapers wait between two scrapes, so that none asks on a connection that is just being closed.
  server.keepAliveTimeout = 75_000;
  server.listen(options.port, "127.0.0.1");
  try {
    await once(server, "listening");
  } catch (cause) {
    throw new MeshError("misconfigured", say("Cannot serve the demo on port {0} of 127.0.0.1.", options.port), {
      cause,
      hint: say("Choose another port, or 0 for any that is free."),
    });
  }
  const { port } = server.address() as AddressInfo;
  log.info("serving the demo's metrics", { port, telemetry });
  return {
    port,
    close: async () => {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  lines: () => ReturnType<Expose>,
): Promise<void> {
  const path = (request.url ?? "/").split("?")[0];
  if (path !== "/metrics" || (request.method !== "GET" && request.method !== "HEAD")) {
    response
      .writeHead(404, { "content-type": "text/plain; charset=utf-8" })
      .end("The demo's metrics are at /metrics.\n");
    return;
  }
  response.writeHead(200, { "content-type": contentType });
  if (request.method === "HEAD") {
    response.end();
    return;
  }
  for (const chunk of lines()) {
    // Generating a chunk does not yield to other work; waiting for the socket does.
    if (!response.write(chunk)) await drained(response);
    if (response.destroyed) return;
  }
  response.end();
}

async function drained(response: ServerResponse): Promise<void> {
  await new Promise<void>((resolve) => {
    const done = () => {
      response.off("drain", done);
      response.off("close", done);
      resolve();
    };
    response.on("drain", done);
    response.on("close", done);
  });
}
