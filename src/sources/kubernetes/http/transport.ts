import http from "node:http";
import https from "node:https";
import { pipeline } from "node:stream";
import { createGunzip } from "node:zlib";
import { isAbort, MeshError } from "../../../mesh/meshError.ts";
import { say } from "../../../mesh/message.ts";
import { pause } from "../../../mesh/pause.ts";
import type { Clock, Log } from "../../../mesh/ports.ts";
import { redact } from "../../../mesh/redact.ts";
import type { Agents } from "./agents.ts";
import { ClusterMarks, markOf } from "./clusterMarks.ts";
import type { Authority, Signature } from "../credentials/authority.ts";
import type { Connection } from "../kubeconfig/connection.ts";
import { badAnswer, networkFailure, statusFailure, timeoutFailure, type Attempt, type Place } from "./failures.ts";
import { Gate } from "./gate.ts";
import type { Limits } from "./limits.ts";
import { Timing } from "./timing.ts";

export interface Call {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  /** Begins with "/", percent-encoded, with its query. */
  readonly path: string;
  readonly attempt: Attempt;
  readonly accept?: string;
  readonly body?: { readonly type: string; readonly text: string };
  /** A stream that may be silent for ever, like the log of an idle program. */
  readonly isQuiet?: boolean;
  /** Give answers of 400 and more back instead of throwing them. */
  readonly anyStatus?: boolean;
  /** Takes from the whole answer what nobody reads, before it becomes text. */
  readonly trim?: (body: Buffer) => Buffer;
}

export interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly text: string;
  /** See {@link ClusterMarks}. */
  readonly mark?: string | undefined;
}

/** The answer was longer than {@link Limits.largestAnswer}; the cause of a MeshError. */
export class TooLarge extends Error {
  override readonly name = "TooLarge";
}

export interface Wire {
  readonly connection: Connection;
  readonly authority: Authority;
  readonly agents: Agents;
  /** The proxy that leads to the server, if any. */
  readonly proxy: string | undefined;
  readonly place: Place;
  readonly limits: Limits;
  readonly clock: Clock;
  readonly log: Log;
}

interface Opened {
  readonly response: http.IncomingMessage;
  readonly count: { bytes: number };
  /** Ends the request with an error that the reader of the body gets. */
  readonly fail: (reason: Error) => void;
  /** To be called when the body was read or given up. */
  readonly done: () => void;
}

const retriesAtMost = 2;
const longestRetryAfterMs = 10_000;

/** One API server over HTTP(S): signed, limited in time, size and number, one log line a request. */
export class Transport {
  readonly wire: Wire;
  readonly marks = new ClusterMarks();
  readonly #requests: Gate;
  readonly #streams: Gate;

  constructor(wire: Wire) {
    this.wire = wire;
    this.#requests = new Gate(wire.limits.requestsAtOnce);
    this.#streams = new Gate(wire.limits.streamsAtOnce);
  }

  /** The whole answer. Throws MeshErrors; statuses of 400 and more are among them unless `anyStatus`. */
  async send(call: Call, signal: AbortSignal): Promise<Answer> {
    const leave = await this.#requests.enter(signal);
    try {
      for (let retries = 0; ; retries++) {
        const { answer, retryAfterMs } = await this.#sendSigned(call, signal);
        if (retryAfterMs !== undefined && retries < retriesAtMost) {
          await pause(this.wire.clock, retryAfterMs, signal);
          continue;
        }
        if (answer.status >= 400 && !call.anyStatus) throw this.#statusFailure(answer, call.attempt);
        return answer;
      }
    } finally {
      leave();
    }
  }

  /** The answer of {@link send} as JSON. */
  async json(call: Call, signal: AbortSignal): Promise<unknown> {
    const { text, contentType } = await this.send(call, signal);
    return this.parse({ text, contentType }, call.attempt);
  }

  parse({ text, contentType }: Pick<Answer, "text" | "contentType">, attempt: Attempt): unknown {
    try {
      return JSON.parse(text);
    } catch {
      const isPage = /html/i.test(contentType) || /^\s*<(!doctype|html)/i.test(text);
      const why = isPage
        ? say("It sent a web page. Is there a proxy or a sign-in page in front of the API server?")
        : say("It sent something that is not JSON, or was cut off.");
      throw badAnswer(why, attempt, this.wire.place);
    }
  }

  /**
   * Resolves when the answer has begun, to its bytes, which may never end. They must be read: leaving the loop, the
   * signal and silence end the request.
   */
  async stream(call: Call, signal: AbortSignal): Promise<AsyncGenerator<Buffer>> {
    const leave = this.#streams.tryEnter();
    if (!leave) throw this.#tooManyStreams();
    try {
      const stream = await this.#openSigned(call, signal, ({ status }) => status >= 400);
      if ("answer" in stream) throw this.#statusFailure(stream.answer, call.attempt);
      return this.#alive(stream, { call, signal, leave });
    } catch (e) {
      leave();
      throw e;
    }
  }

  async *#alive(
    opened: Opened,
    { call, signal, leave }: { call: Call; signal: AbortSignal; leave: () => void },
  ): AsyncGenerator<Buffer> {
    const { clock, limits, place } = this.wire;
    let lastByte = clock.now();
    const watchdog = () => {
      const left = lastByte + limits.idleMs - clock.now();
      if (left <= 0) opened.fail(timeoutFailure(limits.idleMs / 1000, call.attempt, place));
      else timer = clock.after(left, watchdog);
    };
    let timer = call.isQuiet ? { dispose: () => undefined } : clock.after(limits.idleMs, watchdog);
    try {
      for await (const chunk of opened.response as AsyncIterable<Buffer>) {
        lastByte = clock.now();
        opened.count.bytes += chunk.length;
        yield chunk;
      }
    } catch (e) {
      throw this.#translated(e, call.attempt, signal);
    } finally {
      timer.dispose();
      opened.done();
      leave();
    }
  }

  async #sendSigned(call: Call, signal: AbortSignal): Promise<{ answer: Answer; retryAfterMs?: number }> {
    const opened = await this.#openSigned(call, signal, () => true);
    if (!("answer" in opened)) throw new TypeError("a whole answer was asked for");
    const { answer, retryAfter } = opened;
    const isBusy = answer.status === 429 || (call.method === "GET" && answer.status >= 500);
    if (!isBusy || retryAfter === undefined) return { answer };
    const wait = retryAfter * 1000;
    return wait <= longestRetryAfterMs ? { answer, retryAfterMs: wait } : { answer };
  }

  // Signs, opens, and signs once more where the server says 401 and a new credential can be had.
  async #openSigned(
    call: Call,
    signal: AbortSignal,
    wantsWhole: (response: { status: number }) => boolean,
  ): Promise<Opened | { readonly answer: Answer; readonly retryAfter: number | undefined }> {
    for (let attempts = 0; ; attempts++) {
      const signature = await this.wire.authority.sign(signal);
      const timing = this.#timing(call.attempt, signal);
      try {
        const opened = await this.#open(call, signature, timing);
        const status = opened.response.statusCode ?? 0;
        if (!wantsWhole({ status })) {
          timing.answered();
          return opened;
        }
        const answer = await this.#whole(opened, status, call.trim);
        if (status === 401 && attempts === 0 && this.wire.authority.refused(signature)) continue;
        const after = Number(opened.response.headers["retry-after"]);
        return { answer, retryAfter: Number.isFinite(after) && after >= 0 ? after : undefined };
      } catch (e) {
        timing.finished();
        // A kept connection may have been closed by the server at the moment it was used again.
        if (e instanceof StaleSocket && attempts === 0 && call.method === "GET") continue;
        throw this.#translated(e instanceof StaleSocket ? e.cause : e, call.attempt, signal);
      }
    }
  }

  async #open(call: Call, signature: Signature, timing: Timing): Promise<Opened> {
    const { connection, agents, clock, log } = this.wire;
    const { server } = connection;
    const agent = await agents.agentFor(signature.tls);
    const began = clock.now();
    const count = { bytes: 0 };
    const options: https.RequestOptions = {
      agent,
      method: call.method,
      host: server.hostname.replace(/^\[|\]$/g, ""),
      port: server.port === "" ? (server.protocol === "https:" ? 443 : 80) : server.port,
      path: server.pathname.replace(/\/$/, "") + call.path,
      headers: headersOf(call, signature, connection),
    };
    const request = server.protocol === "https:" ? https.request(options) : http.request(options);
    const report = (status: number | string) =>
      log.debug("request", {
        method: call.method,
        path: redact(call.path),
        status,
        ms: clock.now() - began,
        bytes: count.bytes,
      });
    timing.onStop((reason) => request.destroy(reason));
    return await new Promise<Opened>((resolve, reject) => {
      request.once("socket", (socket) => {
        if (!socket.connecting) timing.connected();
        else socket.once(server.protocol === "https:" ? "secureConnect" : "connect", () => timing.connected());
      });
      request.once("error", (e) => {
        report(timing.reason() ? "stopped" : "failed");
        reject(timing.reason() ?? (isReset(e) && request.reusedSocket ? new StaleSocket("stale", { cause: e }) : e));
      });
      request.once("response", (response) => {
        request.removeAllListeners("error").on("error", () => undefined);
        timing.connected();
        this.marks.count(markOf(response.headers));
        response.on("error", () => undefined);
        const done = () => {
          report(response.statusCode ?? 0);
          timing.finished();
          if (!response.complete) request.destroy();
        };
        const fail = (reason: Error) => response.destroy(reason);
        timing.onStop(fail);
        resolve({ response, count, fail, done });
      });
      request.end(call.body?.text);
    });
  }

  async #whole({ response, count, done }: Opened, status: number, trim: Call["trim"]): Promise<Answer> {
    const { largestAnswer } = this.wire.limits;
    const chunks: Buffer[] = [];
    let size = 0;
    response.on("data", (chunk: Buffer) => (count.bytes += chunk.length));
    const body =
      response.headers["content-encoding"] === "gzip" ? pipeline(response, createGunzip(), () => undefined) : response;
    try {
      for await (const chunk of body as AsyncIterable<Buffer>) {
        size += chunk.length;
        if (size > largestAnswer) throw new TooLarge(`more than ${largestAnswer} bytes`);
        chunks.push(chunk);
      }
    } finally {
      done();
    }
    const contentType = response.headers["content-type"] ?? "";
    const whole = Buffer.concat(chunks);
    const text = (trim?.(whole) ?? whole).toString("utf8");
    return { status, contentType, text, mark: markOf(response.headers) };
  }

  #timing(attempt: Attempt, signal: AbortSignal): Timing {
    const { clock, limits, place } = this.wire;
    return new Timing({ clock, limits, signal }, (ms) => timeoutFailure(ms / 1000, attempt, place));
  }

  #translated(e: unknown, attempt: Attempt, signal: AbortSignal): unknown {
    if (signal.aborted) return signal.reason;
    if (MeshError.is(e) || isAbort(e)) return e;
    const { place, limits } = this.wire;
    if (e instanceof TooLarge) {
      const why = say("It sent more than {0} MB.", Math.round(limits.largestAnswer / 1024 / 1024));
      const { kind, words, hint } = badAnswer(why, attempt, place);
      return new MeshError(kind, words, { hint, cause: e });
    }
    const code = e instanceof Error && "code" in e ? String(e.code) : "";
    if (code.startsWith("Z_")) return badAnswer(say("It sent something that cannot be unpacked."), attempt, place);
    if (code.startsWith("HPE_")) return badAnswer(say("It does not speak HTTP."), attempt, place);
    return networkFailure(e, attempt, place);
  }

  #statusFailure({ status, text }: Answer, attempt: Attempt): MeshError {
    return statusFailure(status, text, attempt, this.wire.place);
  }

  #tooManyStreams(): MeshError {
    const { streamsAtOnce } = this.wire.limits;
    return new MeshError(
      "throttled",
      say("More than {0} watches at a time on context {1} are not made.", streamsAtOnce, this.wire.place.context),
      { hint: say("Show fewer namespaces.") },
    );
  }
}

class StaleSocket extends Error {
  override readonly name = "StaleSocket";
}

function isReset(e: unknown): boolean {
  return e instanceof Error && "code" in e && (e.code === "ECONNRESET" || e.code === "EPIPE");
}

function headersOf(call: Call, signature: Signature, { clusterFields, server }: Connection): string[] {
  const isPacked = call.method === "GET" && clusterFields["disable-compression"] !== true;
  const isStream = /[?&](watch|follow)=true/.test(call.path);
  return [
    ["Host", server.host],
    ["Accept", call.accept ?? "application/json"],
    ["User-Agent", "foreyard"],
    ...(isPacked && !isStream ? [["Accept-Encoding", "gzip"]] : []),
    ...(call.body
      ? [
          ["Content-Type", call.body.type],
          ["Content-Length", String(Buffer.byteLength(call.body.text))],
        ]
      : []),
    ...signature.headers,
  ].flat();
}
