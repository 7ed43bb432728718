import type { Disposable } from "../../../mesh/disposer.ts";
import {
  readEnvelope,
  readLabelNames,
  readQueryAnswer,
  readRangeAnswer,
  readSampleTimes,
  type QueryAnswer,
  type RangeAnswer,
} from "./queryApi.ts";
import type { AnswerStream, HttpAnswer, HttpAsk, Transport } from "./transport.ts";

type ReadStream<T> = (answer: AnswerStream) => Promise<T>;

/** Seconds since 1970. */
export interface QueryRange {
  readonly first: number;
  readonly last: number;
  readonly step: number;
}

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
    const form = rangeForm(query, { first, last, step: 1 });
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

  /** An instant query whose answer may be long: read while it comes. */
  streamQuery<T>(query: string, atMillis: number, read: ReadStream<T>, signal: AbortSignal): Promise<T> {
    return this.#stream("/api/v1/query", instant(query, atMillis), read, signal);
  }

  /** The same for the values at each step of a range. */
  streamRange<T>(query: string, range: QueryRange, read: ReadStream<T>, signal: AbortSignal): Promise<T> {
    return this.#stream("/api/v1/query_range", rangeForm(query, range), read, signal);
  }

  /** The names of the labels of the series that a selector finds, in a span of time (seconds since 1970). */
  async labelNames(selector: string, span: Omit<QueryRange, "step">, signal: AbortSignal): Promise<readonly string[]> {
    const form = { "match[]": selector, start: String(span.first), end: String(span.last) };
    return readLabelNames(await this.#ask("/api/v1/labels", form, signal), this.label);
  }

  dispose(): void {
    this.#transport.dispose();
  }

  async #ask(path: string, form: Readonly<Record<string, string>>, signal: AbortSignal): Promise<HttpAnswer> {
    const method = this.#method;
    const answer = await this.#transport.send(this.#request(method, path, form), signal);
    if (!otherMethodMayHelp(method, answer)) return answer;
    return await this.#transport.send(this.#request(this.#switch(method), path, form), signal);
  }

  async #stream<T>(
    path: string,
    form: Readonly<Record<string, string>>,
    read: ReadStream<T>,
    signal: AbortSignal,
  ): Promise<T> {
    const method = this.#method;
    const first = await this.#transport.stream(
      this.#request(method, path, form),
      async (answer) => (otherMethodMayHelp(method, answer) ? undefined : { read: await read(answer) }),
      signal,
    );
    if (first) return first.read;
    return await this.#transport.stream(this.#request(this.#switch(method), path, form), read, signal);
  }

  #request(method: HttpAsk["method"], path: string, form: Readonly<Record<string, string>>): HttpAsk {
    const whole = this.#prefix + path;
    const params = new URLSearchParams(form).toString();
    return method === "POST" ? { method, path: whole, body: params } : { method, path: `${whole}?${params}` };
  }

  #switch(tried: HttpAsk["method"]): HttpAsk["method"] {
    // Set from what was tried here: several questions may find out at the same time.
    this.#method = tried === "GET" ? "POST" : "GET";
    return this.#method;
  }
}

function instant(query: string, atMillis: number): Readonly<Record<string, string>> {
  // nocache: VictoriaMetrics else moves a recent time into the past by its latency offset. Others ignore it.
  return { query, time: (atMillis / 1000).toFixed(3), nocache: "1" };
}

function rangeForm(query: string, { first, last, step }: QueryRange): Readonly<Record<string, string>> {
  // latency_offset: VictoriaMetrics else writes an older value over points of the last half minute. Others ignore it.
  return { query, start: String(first), end: String(last), step: String(step), nocache: "1", latency_offset: "1s" };
}

/** 405: some gateways allow GET only. 414 and 431: the query is too long for an address. */
function otherMethodMayHelp(method: "GET" | "POST", { status }: Pick<HttpAnswer, "status">): boolean {
  return method === "POST" ? status === 405 : status === 414 || status === 431;
}
