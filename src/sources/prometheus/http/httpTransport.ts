import { readFile } from "node:fs/promises";
import * as http from "node:http";
import * as https from "node:https";
import { rootCertificates } from "node:tls";
import { isAbort, MeshError } from "../../../mesh/meshError.ts";
import { say } from "../../../mesh/message.ts";
import type { Clock } from "../../../mesh/ports.ts";
import type { Authorization } from "./authorization.ts";
import { BodyTooLarge, bodyChunks, readBody } from "./readBody.ts";
import type { PrometheusSettings } from "../settings.ts";
import { withTimeLimit } from "../../../mesh/timeLimit.ts";
import type { AnswerStream, HttpAnswer, HttpAsk, Transport } from "./transport.ts";

export interface HttpTarget {
  /** Without user part, query and trailing slash. */
  readonly url: URL;
  readonly label: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly authorization: Authorization;
  readonly tls: TlsFiles & { readonly ca?: string; readonly servername?: string };
}

type TlsFiles = Pick<PrometheusSettings, "caFile" | "certFile" | "keyFile" | "insecureSkipVerify">;

export interface HttpLimits {
  readonly milliseconds: number;
  readonly bytes: number;
}

export const httpLimits: HttpLimits = { milliseconds: 30_000, bytes: 64 * 1024 * 1024 };
/** For answers that are read while they come, and never held as a whole. */
const streamLimits: HttpLimits = { milliseconds: 60_000, bytes: 256 * 1024 * 1024 };
const maxRedirects = 5;

interface Exchange {
  readonly ask: HttpAsk;
  readonly limits: HttpLimits;
}

/** Speaks HTTP(S) with one address and sends its headers and credentials to no other. */
export class HttpTransport implements Transport {
  readonly prefers = "POST";
  readonly label: string;
  readonly #target: HttpTarget;
  readonly #clock: Clock;
  readonly #limits: HttpLimits;
  #agent: Promise<http.Agent> | undefined;

  constructor(target: HttpTarget, clock: Clock, limits: HttpLimits = httpLimits) {
    this.#target = target;
    this.#clock = clock;
    this.#limits = limits;
    this.label = target.label;
  }

  send(ask: HttpAsk, signal: AbortSignal): Promise<HttpAnswer> {
    const limits = this.#limits;
    const read = async (response: http.IncomingMessage): Promise<HttpAnswer> => {
      return { ...headOf(response), body: await readBody(response, limits.bytes) };
    };
    return this.#timed({ ask, limits }, read, signal);
  }

  stream<T>(ask: HttpAsk, read: (answer: AnswerStream) => Promise<T>, signal: AbortSignal): Promise<T> {
    const limits = this.#limits === httpLimits ? streamLimits : this.#limits;
    const readOn = async (response: http.IncomingMessage): Promise<T> => {
      try {
        return await read({ ...headOf(response), body: bodyChunks(response, limits.bytes) });
      } finally {
        if (!response.readableEnded) response.destroy();
      }
    };
    return this.#timed({ ask, limits }, readOn, signal);
  }

  dispose(): void {
    void this.#agent?.then(
      (agent) => agent.destroy(),
      () => undefined,
    );
    this.#agent = undefined;
  }

  #timed<T>(exchange: Exchange, read: Read<T>, signal: AbortSignal): Promise<T> {
    const { milliseconds } = exchange.limits;
    const late = (): MeshError =>
      new MeshError("timeout", say("{0} did not answer within {1} seconds.", this.label, milliseconds / 1000));
    return withTimeLimit({ clock: this.#clock, milliseconds, late }, signal, async (limited) => {
      try {
        return await this.#follow(exchange, read, limited);
      } catch (e) {
        limited.throwIfAborted();
        throw this.#failure(e, exchange.limits);
      }
    });
  }

  async #follow<T>({ ask }: Exchange, read: Read<T>, signal: AbortSignal): Promise<T> {
    let url = new URL(this.#target.url.href.replace(/\/$/, "") + ask.path);
    let mayRenew = true;
    for (let hop = 0; hop <= maxRedirects;) {
      const response = await this.#once(url, ask, signal);
      const next = redirection(response, url);
      if (next === undefined) {
        if (response.statusCode !== 401 || !mayRenew || !this.#target.authorization.renew()) return read(response);
        mayRenew = false;
      } else if (next.origin !== url.origin) {
        response.destroy();
        throw new MeshError("misconfigured", say("{0} sends us on to {1}.", this.label, next.origin), {
          hint: say(
            "If that is the right place, set its address as the Prometheus URL; credentials are not sent along.",
          ),
        });
      } else {
        url = next;
        hop++;
      }
      // Read to its end, so that the connection can be used again.
      response.once("error", () => undefined).resume();
    }
    throw new MeshError("bad-data", say("{0} redirects in a circle.", this.label));
  }

  async #once(url: URL, ask: HttpAsk, signal: AbortSignal): Promise<http.IncomingMessage> {
    const authorization = await this.#target.authorization.header(signal);
    const agent = await (this.#agent ??= this.#openAgent());
    const options: http.RequestOptions = {
      method: ask.method,
      agent,
      signal,
      headers: {
        accept: "application/json",
        "accept-encoding": "gzip",
        ...(ask.body === undefined ? {} : { "content-type": "application/x-www-form-urlencoded" }),
        ...(authorization === undefined ? {} : { authorization }),
        ...this.#target.headers,
      },
    };
    return await exchange(url, options, ask.body);
  }

  #failure(e: unknown, { bytes }: HttpLimits): unknown {
    if (isAbort(e) || MeshError.is(e)) return e;
    if (e instanceof BodyTooLarge) {
      const words = say("{0} answered with more than {1} MB.", this.label, Math.round(bytes / 1048576));
      return new MeshError("bad-data", words, { hint: say("Choose fewer namespaces.") });
    }
    const code = e instanceof Error && "code" in e ? String(e.code) : "";
    // Ours, not the connection's.
    if (code === "" && (e instanceof TypeError || e instanceof RangeError)) return e;
    if (code === "ERR_INVALID_CHAR" || code === "ERR_INVALID_HTTP_TOKEN") {
      return new MeshError(
        "misconfigured",
        say("A header for {0} holds characters that HTTP does not allow.", this.label),
      );
    }
    if (/CERT|TLS|SSL|UNABLE_TO|SELF_SIGNED/.test(code)) {
      return new MeshError("unreachable", say("{0} cannot be trusted: {1}.", this.label, code), {
        cause: e,
        hint: say("Set the certificate of its authority as the Prometheus CA file."),
      });
    }
    if (code.startsWith("Z_")) return new MeshError("bad-data", say("{0} answered with a broken gzip.", this.label));
    return new MeshError("unreachable", say("{0} cannot be reached: {1}.", this.label, code || "no connection"), {
      cause: e,
      hint: say("Check the address, and whether it can be reached from where Foreyard runs."),
    });
  }

  async #openAgent(): Promise<http.Agent> {
    const options = { keepAlive: true, maxSockets: 8 };
    if (this.#target.url.protocol !== "https:") return new http.Agent(options);
    const { caFile, certFile, keyFile, insecureSkipVerify, servername, ca: given } = this.#target.tls;
    const [ca, cert, key] = await Promise.all([caFile, certFile, keyFile].map(readIfNamed));
    const authorities = [ca, given].filter((text) => text !== undefined);
    return new https.Agent({
      ...options,
      ...(authorities.length > 0 ? { ca: [...rootCertificates, ...authorities] } : {}),
      ...(cert === undefined ? {} : { cert }),
      ...(key === undefined ? {} : { key }),
      ...(servername === undefined ? {} : { servername }),
      rejectUnauthorized: insecureSkipVerify !== true,
    });
  }
}

async function readIfNamed(file: string | undefined): Promise<string | undefined> {
  if (file === undefined || file === "") return undefined;
  try {
    return await readFile(file, "utf8");
  } catch (e) {
    throw new MeshError("misconfigured", say("Cannot read {0}, which is set for Prometheus.", file), { cause: e });
  }
}

function exchange(url: URL, options: http.RequestOptions, body: string | undefined): Promise<http.IncomingMessage> {
  return new Promise((resolve, reject) => {
    const request = (url.protocol === "https:" ? https : http).request(url, options, resolve);
    request.once("error", reject);
    request.end(body);
  });
}

type Read<T> = (response: http.IncomingMessage) => Promise<T>;

function headOf({ statusCode, headers }: http.IncomingMessage): Pick<HttpAnswer, "status" | "contentType"> {
  return { status: statusCode ?? 0, contentType: headers["content-type"] ?? "" };
}

function redirection({ statusCode: status = 0, headers }: http.IncomingMessage, from: URL): URL | undefined {
  const { location } = headers;
  if (status < 300 || status > 399 || status === 304 || location === undefined) return undefined;
  const to = URL.canParse(location, from.href) ? new URL(location, from.href) : undefined;
  return to && /^https?:$/.test(to.protocol) ? to : undefined;
}
