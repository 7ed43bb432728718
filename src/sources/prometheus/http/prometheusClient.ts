import type { Disposable } from "../../../mesh/disposer.ts";
import {
  readEnvelope,
  readQueryAnswer,
  readRangeAnswer,
  readSampleTimes,
  type QueryAnswer,
  type RangeAnswer,
} from "./queryApi.ts";
import type { HttpAnswer, Transport } from "./transport.ts";

/** Asks one store by Prometheus' HTTP API. */
export class PrometheusClient implements Disposable {
  readonly #transport: Transport;
  readonly #prefix: string;
  #method: "GET" | "POST";

  /** `prefix` is the path that the API is served under: "" or e.g. "/prometheus". */
  constructor(transport: Transport, prefix = "") {
    this.#transport = transport;
    this.#prefix = prefix;
    this.#method = transport.prefers;
  }

  get label(): string {
    return this.#transport.label;
  }

  /** An instant query at a time in milliseconds since 1970. */
  async query(query: string, atMillis: number, signal: AbortSignal): Promise<QueryAnswer> {
    return readQueryAnswer(await this.#ask("/api/v1/query", instant(query, atMillis), signal), this.label);
  }

  /** The values at each second from `first` to `last` (seconds since 1970). */
  async queryRange(
    query: string,
    { first, last }: { readonly first: number; readonly last: number },
    signal: AbortSignal,
  ): Promise<RangeAnswer> {
    const form = { query, start: String(first), end: String(last), step: "1", nocache: "1" };
    return readRangeAnswer(await this.#ask("/api/v1/query_range", form, signal), this.label);
  }

  /** The times (seconds) of the samples of the first series that a range selector finds. */
  async sampleTimes(selector: string, atMillis: number, signal: AbortSignal): Promise<readonly number[]> {
    return readSampleTimes(await this.#ask("/api/v1/query", instant(selector, atMillis), signal), this.label);
  }

  /** The `data` of another endpoint, e.g. "/api/v1/status/buildinfo". */
  async data(path: string, signal: AbortSignal): Promise<unknown> {
    const answer = await this.#transport.send({ method: "GET", path: this.#prefix + path }, signal);
    return readEnvelope(answer, this.label)["data"];
  }

  dispose(): void {
    this.#transport.dispose();
  }

  async #ask(path: string, form: Readonly<Record<string, string>>, signal: AbortSignal): Promise<HttpAnswer> {
    const whole = this.#prefix + path;
    const params = new URLSearchParams(form).toString();
    const send = (method: "GET" | "POST"): Promise<HttpAnswer> => {
      if (method === "POST") return this.#transport.send({ method, path: whole, body: params }, signal);
      return this.#transport.send({ method, path: `${whole}?${params}` }, signal);
    };
    const method = this.#method;
    const answer = await send(method);
    if (!otherMethodMayHelp(method, answer)) return answer;
    // Set from what was tried here: several questions may find out at the same time.
    this.#method = method === "GET" ? "POST" : "GET";
    return await send(this.#method);
  }
}

function instant(query: string, atMillis: number): Readonly<Record<string, string>> {
  // nocache: VictoriaMetrics else moves a recent time into the past by its latency offset. Others ignore it.
  return { query, time: (atMillis / 1000).toFixed(3), nocache: "1" };
}

/** 405: some gateways allow GET only. 414 and 431: the query is too long for an address. */
function otherMethodMayHelp(method: "GET" | "POST", { status }: HttpAnswer): boolean {
  return method === "POST" ? status === 405 : status === 414 || status === 431;
}
