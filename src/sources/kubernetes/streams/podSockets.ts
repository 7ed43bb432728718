import type { IncomingMessage } from "node:http";
import { WebSocket } from "ws";
import type { MeshError } from "../../../mesh/meshError.ts";
import { say, type Message } from "../../../mesh/message.ts";
import { badAnswer, networkFailure, statusFailure, type Attempt } from "../http/failures.ts";
import type { Transport } from "../http/transport.ts";

type OnFrame = (channel: number, data: Buffer) => boolean;

const protocols = ["v5.channel.k8s.io", "v4.channel.k8s.io"];
// Says that one channel has ended (v5).
const closeChannel = 255;
const largestStatus = 64 * 1024;

/**
 * The web sockets that the cluster client opens for one call, on Foreyard's own connection: its credentials, proxy,
 * time limit and errors, and nothing a server sends may throw where nobody catches.
 */
export class PodSockets {
  readonly #transport: Transport;
  readonly #attempt: Attempt;
  readonly #signal: AbortSignal;
  readonly #abort = () => this.fail(this.#signal.reason as Error);
  readonly #sockets = new Set<WebSocket>();
  readonly #failed: Promise<never>;
  #fail: (e: Error) => void = () => undefined;
  #closed: () => void = () => undefined;
  #isOver = false;

  constructor(transport: Transport, attempt: Attempt, signal: AbortSignal) {
    this.#signal = signal;
    this.#transport = transport;
    this.#attempt = attempt;
    this.#failed = new Promise<never>((_, reject) => (this.#fail = reject));
    this.#failed.catch(() => undefined);
    if (signal.aborted) this.#abort();
    signal.addEventListener("abort", this.#abort, { once: true });
  }

  /** The client's interface for opening a stream; it calls this with the path of the subresource. */
  async connect(path: string, _: unknown, onFrame: OnFrame | null): Promise<WebSocket> {
    const { connection, authority, agents, limits, place, log, clock } = this.#transport.wire;
    const signature = await authority.sign(this.#signal);
    const agent = await agents.agentFor(signature.tls);
    // Who waited may have left meanwhile, and nobody would close a socket that is opened now.
    if (this.#isOver) return await this.#failed;
    const root = connection.server.href.replace(/^http/, "ws").replace(/\/+$/, "");
    const began = clock.now();
    this.#transport.marks.count(undefined);
    const socket = new WebSocket(root + path, protocols, {
      agent,
      headers: headersOf(signature.headers),
      handshakeTimeout: limits.connectMs,
      maxPayload: limits.largestAnswer,
      perMessageDeflate: false,
    });
    this.#sockets.add(socket);
    let status = 101;
    socket.on("unexpected-response", (_request, response) => {
      status = response.statusCode ?? 0;
      if (status === 401) authority.refused(signature);
      void bodyOf(response).then((body) => {
        this.fail(statusFailure(status, body, this.#attempt, place));
        socket.terminate();
      });
    });
    socket.on("error", (e) => this.fail(networkFailure(e, this.#attempt, place)));
    socket.on("message", (data) => this.#take(socket, data, onFrame));
    socket.on("close", () => {
      log.debug("request", { method: "WS", path: path.replace(/\?.*/, ""), status, ms: clock.now() - began });
      this.#sockets.delete(socket);
      this.#closed();
    });
    await this.race(new Promise<void>((resolve) => socket.once("open", () => resolve())));
    return socket;
  }

  /** Called once, when a socket that was open closes. */
  onClosed(callback: () => void): void {
    this.#closed = callback;
  }

  /** Makes what {@link race} waits for throw this. */
  fail(e: Error): void {
    this.#fail(e);
  }

  badAnswer(why: Message): MeshError {
    return badAnswer(why, this.#attempt, this.#transport.wire.place);
  }

  /** The work's result, or why its sockets failed, or the signal's reason. */
  race<V>(work: Promise<V>): Promise<V> {
    return Promise.race([work, this.#failed]);
  }

  dispose(): void {
    this.#isOver = true;
    this.#closed = () => undefined;
    this.#signal.removeEventListener("abort", this.#abort);
    for (const socket of this.#sockets) socket.terminate();
    this.#sockets.clear();
  }

  // The client throws at frames it does not know; out of a socket's event that would end the process.
  #take(socket: WebSocket, data: WebSocket.RawData, onFrame: OnFrame | null): void {
    const frame = Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data as Buffer);
    const channel = frame[0];
    if (channel === undefined || channel === closeChannel) return;
    try {
      if (onFrame && !onFrame(channel, frame.subarray(1))) socket.close();
    } catch {
      this.fail(this.badAnswer(say("It sent a frame that cannot be read.")));
      socket.terminate();
    }
  }
}

async function bodyOf(response: IncomingMessage): Promise<string> {
  let body = "";
  try {
    for await (const chunk of response.setEncoding("utf8") as AsyncIterable<string>) {
      body += chunk;
      if (body.length > largestStatus) break;
    }
  } catch {
    // What came so far has to do.
  }
  return body;
}

// Impersonated groups come as several headers of one name.
function headersOf(pairs: readonly (readonly [string, string])[]): Record<string, string> {
  const named: Record<string, string | string[]> = {};
  for (const [name, value] of pairs) {
    const held = named[name];
    named[name] = held === undefined ? value : [held, value].flat();
  }
  // Node takes lists here; the type of ws does not say so.
  return named as Record<string, string>;
}
