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

/** A way to reach one store: its address, the API server's service proxy, or a forwarded port. */
export interface Transport extends Disposable {
  /** For people, without a user part: "https://prom.example.com/x", "monitoring/prometheus (through the API server)". */
  readonly label: string;
  /** POST suits long queries; the service proxy asks for the right to `create` then, so there GET comes first. */
  readonly prefers: "GET" | "POST";
  /** Any status is an answer; what did not come to an answer is a MeshError. */
  send(ask: HttpAsk, signal: AbortSignal): Promise<HttpAnswer>;
}
