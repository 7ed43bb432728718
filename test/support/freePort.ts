import { createServer } from "node:net";

/**
 * A port of 127.0.0.1 that was free a moment ago, for a server that cannot choose one itself. It lies below the range
 * that systems hand out to outgoing connections and to port 0, so that neither takes it before the server does.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}
