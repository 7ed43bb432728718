import type { ClusterSource } from "../../../mesh/ports.ts";
import type { StoreService } from "../discovery/storeService.ts";
import type { HttpAnswer, HttpAsk, Transport } from "./transport.ts";

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

  dispose(): void {
    // The connection is the cluster's.
  }
}
