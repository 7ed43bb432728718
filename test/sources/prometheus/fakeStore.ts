import { createServer as createHttp, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import { createServer as createHttps, type ServerOptions } from "node:https";
import type { AddressInfo } from "node:net";

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly params: URLSearchParams;
  readonly headers: IncomingMessage["headers"];
}

export interface FakeStore {
  readonly port: number;
  readonly url: string;
  /** What was asked, oldest first. */
  readonly asked: readonly Asked[];
  close(): void;
}

export type Answering = (asked: Asked, response: ServerResponse) => void;

/** A server in this process that keeps what it was asked; `answer` says what comes back. */
export async function startFakeStore(answer: Answering, tls?: ServerOptions): Promise<FakeStore> {
  const asked: Asked[] = [];
  const listen: RequestListener = (request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const url = new URL(request.url ?? "", "http://here");
      const body = Buffer.concat(chunks).toString("utf8");
      const params = request.method === "POST" ? new URLSearchParams(body) : url.searchParams;
      const one = { method: request.method ?? "", path: url.pathname, params, headers: request.headers };
      asked.push(one);
      answer(one, response);
    });
  };
  const server = tls ? createHttps(tls, listen) : createHttp(listen);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `${tls ? "https" : "http"}://127.0.0.1:${port}`,
    asked,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

export function sendJson(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}

export interface Series {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: string;
}

export function vectorOf(...series: readonly Series[]) {
  const result = series.map(({ metric, value }) => ({ metric, value: [1_700_000_000, value] }));
  return { status: "success", data: { resultType: "vector", result } };
}

/** Answers each query with one series that Istio could have made, and nothing else. */
export function answerIstio(asked: Asked, response: ServerResponse): void {
  if (asked.path.endsWith("/api/v1/query")) sendJson(response, vectorOf({ metric: {}, value: "7" }));
  else notFound(asked, response);
}

export function notFound(_asked: Asked, response: ServerResponse): void {
  response.writeHead(404, { "content-type": "text/plain" });
  response.end("404 page not found\n");
}
