import { readFile } from "node:fs/promises";
import * as http from "node:http";
import * as https from "node:https";
import { rootCertificates } from "node:tls";
import { isAbort, MeshError } from "../../../mesh/meshError.ts";
import { say } from "../../../mesh/message.ts";
import type { Clock } from "../../../mesh/ports.ts";
import type { Authorization } from "./authorization.ts";
import { BodyTooLarge, readBody } from "./readBody.ts";
import type { PrometheusSettings } from "../settings.ts";
import { withTimeLimit } from "./timeLimit.ts";
import type { HttpAnswer, HttpAsk, Transport } from "./transport.ts";

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
const maxRedirects = 5;

interface Reply {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
  readonly location: string | undefined;
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

  async send(ask: HttpAsk, signal: AbortSignal): Promise<HttpAnswer> {
    const { milliseconds } = this.#limits;
    const late = (): MeshError =>
      new MeshError("timeout", say("{0} did not answer within {1} seconds.", this.label, milliseconds / 1000));
    return withTimeLimit({ clock: this.#clock, milliseconds, late }, signal, async (limited) => {
      const answer = await this.#follow(ask, limited);
      if (answer.status === 401 && this.#target.authorization.renew()) return this.#follow(ask, limited);
      return answer;
    });
  }

  dispose(): void {
    void this.#agent?.then(
      (agent) => agent.destroy(),
      () => undefined,
    );
    this.#agent = undefined;
  }

  async #follow(ask: HttpAsk, signal: AbortSignal): Promise<HttpAnswer> {
    let url = new URL(this.#target.url.href.replace(/\/$/, "") + ask.path);
    for (let hop = 0; hop <= maxRedirects; hop++) {
      const reply = await this.#once(url, ask, signal);
      const next = redirection(reply, url);
      if (!next) return reply;
      if (next.origin !== url.origin) {
        throw new MeshError("misconfigured", say("{0} sends us on to {1}.", this.label, next.origin), {
          hint: say(
            "If that is the right place, set its address as the Prometheus URL; credentials are not sent along.",
          ),
        });
      }
      url = next;
    }
    throw new MeshError("bad-data", say("{0} redirects in a circle.", this.label));
  }

  async #once(url: URL, ask: HttpAsk, signal: AbortSignal): Promise<Reply> {
    const authorization = await this.#target.authorization.header(signal);
    const agent = await (this.#agent ??= this.#openAgent());
    try {
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
      const response = await exchange(url, options, ask.body);
      return {
        status: response.statusCode ?? 0,
        contentType: response.headers["content-type"] ?? "",
        body: await readBody(response, this.#limits.bytes),
        location: response.headers.location,
      };
    } catch (e) {
      signal.throwIfAborted();
      throw this.#failure(e);
    }
  }

  #failure(e: unknown): unknown {
    if (isAbort(e) || MeshError.is(e)) return e;
    if (e instanceof BodyTooLarge) {
      const words = say("{0} answered with more than {1} MB.", this.label, Math.round(this.#limits.bytes / 1048576));
      return new MeshError("bad-data", words, { hint: say("Choose fewer namespaces.") });
    }
    const code = e instanceof Error && "code" in e ? String(e.code) : "";
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

function redirection({ status, location }: Reply, from: URL): URL | undefined {
  if (status < 300 || status > 399 || status === 304 || location === undefined) return undefined;
  const to = URL.canParse(location, from.href) ? new URL(location, from.href) : undefined;
  return to && /^https?:$/.test(to.protocol) ? to : undefined;
}
