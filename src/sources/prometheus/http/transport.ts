import type { Disposable } from "../../../mesh/disposer.ts";

export interface HttpAsk {
  readonly method: "GET" | "POST";
  /** Below the store's address, with its query: "/api/v1/query?query=up". */
  readonly path: string;
  /** Form parameters of a POST. */
  readonly body?: string;
}

export interface HttpAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/** An answer that is still coming. */
export interface AnswerStream extends Pick<HttpAnswer, "status" | "contentType"> {
  readonly body: AsyncIterable<Uint8Array>;
}

/** A way to reach one store: its address, the API server's service proxy, or a forwarded port. */
export interface Transport extends Disposable {
  /** For people, without a user part: "https://prom.example.com/x", "monitoring/prometheus (through the API server)". */
  readonly label: string;
  /** POST suits long queries; the service proxy asks for the right to `create` then, so there GET comes first. */
  readonly prefers: "GET" | "POST";
  /** Any status is an answer; what did not come to an answer is a MeshError. */
  send(ask: HttpAsk, signal: AbortSignal): Promise<HttpAnswer>;
  /** The same for long answers, read while they come. `read` may be called again where the first try broke off. */
  stream<T>(ask: HttpAsk, read: (answer: AnswerStream) => Promise<T>, signal: AbortSignal): Promise<T>;
}
