import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import { createServer as createTlsServer, type ServerOptions } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import type { Clock, ClusterSource } from "../../../src/mesh/ports.ts";
import type { Kubeconfig } from "../../../src/sources/kubernetes/kubeconfig/kubeconfig.ts";
import type { ClusterFields, UserFields } from "../../../src/sources/kubernetes/kubeconfig/kubeconfigFile.ts";
import { openCluster, type OpenOptions } from "../../../src/sources/kubernetes/openCluster.ts";
import { systemClock } from "../../../src/sources/kubernetes/systemClock.ts";
import { quietLog } from "./quietLog.ts";

export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
}

/** A server that the test plays: it answers each request as `answer` says, or not at all. */
export class FakeApiServer {
  readonly url: string;
  /** Path and query of each request, in order. */
  readonly asked: string[] = [];
  readonly headers: IncomingMessage["headers"][] = [];
  /** Sockets that are open now. */
  readonly sockets: ReadonlySet<Socket>;
  readonly #close: () => Promise<void>;

  private constructor(url: string, sockets: ReadonlySet<Socket>, close: () => Promise<void>) {
    this.url = url;
    this.sockets = sockets;
    this.#close = close;
  }

  static async start(answer: (exchange: Exchange) => unknown, tls?: ServerOptions): Promise<FakeApiServer> {
    const listener: RequestListener = (request, response) => {
      fake.asked.push(request.url ?? "");
      fake.headers.push(request.headers);
      answer({ request, response, url: new URL(request.url ?? "", "http://fake") });
    };
    const server = tls ? createTlsServer(tls, listener) : createServer(listener);
    const sockets = new Set<Socket>();
    server.on("connection", (socket: Socket) => {
      sockets.add(socket);
      socket.once("close", () => sockets.delete(socket));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `${tls ? "https" : "http"}://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const fake = new FakeApiServer(url, sockets, async () => {
      // First no more of them: one that came in between would be waited for.
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    });
    return fake;
  }

  close(): Promise<void> {
    return this.#close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#close();
  }
}

export function sendJson(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(body));
}

export function sendStatus(response: ServerResponse, code: number, message = "no"): void {
  sendJson(response, { kind: "Status", status: "Failure", code, message }, code);
}

export function podList(names: readonly string[], resourceVersion = "100", next?: string): unknown {
  return {
    kind: "PodList",
    apiVersion: "v1",
    metadata: { resourceVersion, ...(next === undefined ? {} : { continue: next }) },
    items: names.map((name) => ({
      metadata: { name, namespace: "shop", uid: name, managedFields: [{ manager: "x" }] },
    })),
  };
}

export interface Way {
  readonly cluster?: ClusterFields;
  readonly user?: UserFields;
  readonly clock?: Clock;
  readonly options?: Partial<OpenOptions>;
}

/** The kubeconfig with one context, "test", whose file is /home/dev/config. */
export function kubeconfigOf(cluster: ClusterFields, user: UserFields = {}): Kubeconfig {
  const file = "/home/dev/config";
  return {
    files: [file],
    currentContext: "test",
    contexts: [{ name: "test", cluster: "k", user: "u", namespace: undefined, server: cluster.server }],
    problems: [],
    clusters: new Map([["k", { file, fields: cluster }]]),
    users: new Map([["u", { file, fields: user }]]),
  };
}

export function sourceAt(server: string, way: Way = {}): ClusterSource & { readonly log: ReturnType<typeof quietLog> } {
  const { cluster, user, clock = systemClock, options } = way;
  const log = quietLog();
  const source = openCluster(kubeconfigOf({ server, ...cluster }, user), "test", {
    log,
    clock,
    mayRun: () => true,
    env: {},
    ...options,
  });
  return Object.assign(source, { log });
}
