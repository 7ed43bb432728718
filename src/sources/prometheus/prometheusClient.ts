import type { Disposable } from "../../mesh/disposer.ts";
import { readEnvelope, readQueryAnswer, readSampleTimes, type QueryAnswer } from "./queryApi.ts";
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
    return readQueryAnswer(await this.#ask(query, atMillis, signal), this.label);
  }

  /** The times (seconds) of the samples of the first series that a range selector finds. */
  async sampleTimes(selector: string, atMillis: number, signal: AbortSignal): Promise<readonly number[]> {
    return readSampleTimes(await this.#ask(selector, atMillis, signal), this.label);
  }

  async #ask(query: string, atMillis: number, signal: AbortSignal): Promise<HttpAnswer> {
    // nocache: VictoriaMetrics else moves a recent time into the past by its latency offset. Others ignore it.
    const params = new URLSearchParams({ query, time: (atMillis / 1000).toFixed(3), nocache: "1" }).toString();
    const method = this.#method;
    const answer = await this.#send(method, params, signal);
    if (!otherMethodMayHelp(method, answer)) return answer;
    // Set from what was tried here: several questions may find out at the same time.
    this.#method = method === "GET" ? "POST" : "GET";
    return await this.#send(this.#method, params, signal);
  }

  /** The `data` of another endpoint, e.g. "/api/v1/status/buildinfo". */
  async data(path: string, signal: AbortSignal): Promise<unknown> {
    const answer = await this.#transport.send({ method: "GET", path: this.#prefix + path }, signal);
    return readEnvelope(answer, this.label)["data"];
  }

  dispose(): void {
    this.#transport.dispose();
  }

  #send(method: "GET" | "POST", params: string, signal: AbortSignal): Promise<HttpAnswer> {
    const path = `${this.#prefix}/api/v1/query`;
    if (method === "POST") return this.#transport.send({ method, path, body: params }, signal);
    return this.#transport.send({ method, path: `${path}?${params}` }, signal);
  }
}

/** 405: some gateways allow GET only. 414 and 431: the query is too long for an address. */
function otherMethodMayHelp(method: "GET" | "POST", { status }: HttpAnswer): boolean {
  return method === "POST" ? status === 405 : status === 414 || status === 431;
}
