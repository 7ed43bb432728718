import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A counter that grows by so much a second, or a gauge that keeps its value. */
export interface GrowingSeries {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly perSecond: number;
  readonly value?: number;
  /** Its process ends so often, and another one counts from 0. */
  readonly restartsEverySeconds?: number;
}

export interface Exposition {
  /** "127.0.0.1:54321" */
  readonly address: string;
  close(): void;
}

/** Serves counters that have been growing evenly for an hour, so that every rate over them is known beforehand. */
export function startExposition(series: readonly GrowingSeries[]): Promise<Exposition> {
  const begin = Date.now() - 3_600_000;
  const server = createServer((_request, response) => {
    const seconds = (Date.now() - begin) / 1000;
    const lines = series.map(({ name, labels, perSecond, value, restartsEverySeconds = Infinity }) => {
      return `${name}${inBraces(labels)} ${value ?? perSecond * (seconds % restartsEverySeconds)}`;
    });
    response.setHeader("content-type", "text/plain; version=0.0.4");
    response.end(lines.join("\n") + "\n");
  });
  return new Promise((resolve) =>
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      resolve({
        address: `127.0.0.1:${port}`,
        close() {
          server.close();
          server.closeAllConnections();
        },
      });
    }),
  );
}

function inBraces(labels: Readonly<Record<string, string>>): string {
  const escape = (text: string): string => text.replace(/[\\"]/g, "\\$&").replaceAll("\n", "\\n");
  return `{${Object.entries(labels)
    .map(([label, value]) => `${label}="${escape(value)}"`)
    .join(",")}}`;
}
