import type { ClusterSource } from "../../../mesh/ports.ts";
import type { StoreService } from "../discovery/storeService.ts";
import { slicesOf } from "./textSlices.ts";
import type { AnswerStream, HttpAnswer, HttpAsk, Transport } from "./transport.ts";

/** Through the API server's service proxy. It takes the Authorization header for itself, so none can be sent on. */
export class ProxyTransport implements Transport {
  readonly prefers = "GET";
  readonly label: string;
  readonly #cluster: ClusterSource;
  readonly #namespace: string;
  readonly #service: string;

  constructor(cluster: ClusterSource, { namespace, name, port, label }: StoreService) {
    this.#cluster = cluster;
    this.#namespace = namespace;
    // The name of the port where there is one; the scheme is http unless said otherwise.
    this.#service = `${port.scheme === "https" ? "https:" : ""}${name}:${port.name ?? port.number}`;
    this.label = label;
  }

  send({ method, path, body }: HttpAsk, signal: AbortSignal): Promise<HttpAnswer> {
    const target = { namespace: this.#namespace, service: this.#service, path, method };
    return this.#cluster.proxy(body === undefined ? target : { ...target, body }, signal);
  }

  /** The API server's answer comes as one text. */
  async stream<T>(ask: HttpAsk, read: (answer: AnswerStream) => Promise<T>, signal: AbortSignal): Promise<T> {
    const { status, contentType, body } = await this.send(ask, signal);
    return await read({ status, contentType, body: slicesOf(body) });
  }

  dispose(): void {
    // The connection is the cluster's.
  }
}
