import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface FilteredMetrics {
  /** "127.0.0.1:8080" */
  readonly address: string;
  close(): Promise<void>;
}

/** Serves another server's metrics at /metrics without those whose names begin so: a mesh that lacks an exporter. */
export async function serveWithout(port: number, prefix: RegExp): Promise<FilteredMetrics> {
  const server = createServer((_request, response) => {
    void fetch(`http://127.0.0.1:${port}/metrics`)
      .then(async (whole) => {
        const lines = (await whole.text()).split("\n");
        const kept = lines.filter((line) => !prefix.test(line.replace(/^# (?:HELP|TYPE) /, "")));
        response.writeHead(200, { "content-type": whole.headers.get("content-type") ?? "text/plain" });
        response.end(kept.join("\n"));
      })
      .catch(() => response.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
