import type { Disposable } from "../../../mesh/disposer.ts";
import { MeshError } from "../../../mesh/meshError.ts";
import type { Clock, ClusterSource, Forward } from "../../../mesh/ports.ts";
import { HttpTransport, type HttpTarget } from "./httpTransport.ts";
import { leavable } from "./leavable.ts";
import { forwardTarget, podsOf } from "../discovery/storePods.ts";
import type { StoreService } from "../discovery/storeService.ts";
import type { AnswerStream, HttpAnswer, HttpAsk, Transport } from "./transport.ts";

const idleMillis = 10 * 60_000;

export interface ForwardRoute {
  readonly cluster: ClusterSource;
  readonly service: StoreService;
  readonly target: Pick<HttpTarget, "headers" | "authorization" | "tls">;
  readonly clock: Clock;
}

interface Open {
  readonly forward: Forward;
  readonly http: HttpTransport;
}

/**
 * Through a forwarded local port to a ready pod. Opened by the first question, closed after ten idle minutes, and made
 * anew when the pod no longer answers (it may have been replaced).
 */
export class ForwardTransport implements Transport {
  readonly prefers = "POST";
  readonly label: string;
  readonly #route: ForwardRoute;
  readonly #closed = new AbortController();
  #open: Promise<Open> | undefined;
  #asking = 0;
  #idle: Disposable | undefined;

  constructor(route: ForwardRoute) {
    this.#route = route;
    this.label = route.service.label;
  }

  send(ask: HttpAsk, signal: AbortSignal): Promise<HttpAnswer> {
    return this.#through((http) => http.send(ask, signal), signal);
  }

  stream<T>(ask: HttpAsk, read: (answer: AnswerStream) => Promise<T>, signal: AbortSignal): Promise<T> {
    return this.#through((http) => http.stream(ask, read, signal), signal);
  }

  dispose(): void {
    this.#closed.abort();
    this.#idle?.dispose();
    this.#close();
  }

  async #through<T>(send: (http: HttpTransport) => Promise<T>, signal: AbortSignal): Promise<T> {
    this.#asking++;
    this.#idle?.dispose();
    try {
      const first = await this.#ready(signal);
      try {
        return await send(first.http);
      } catch (e) {
        if (!MeshError.is(e, "unreachable") || this.#closed.signal.aborted) throw e;
        await this.#forget(first);
        return await send((await this.#ready(signal)).http);
      }
    } finally {
      this.#asking--;
      if (this.#asking === 0) this.#idle = this.#route.clock.after(idleMillis, () => this.#close());
    }
  }

  /** One forward for all; it lives on when the caller who asked for it has left. */
  #ready(signal: AbortSignal): Promise<Open> {
    if (!this.#open) {
      const opening = this.#connect();
      this.#open = opening;
      opening.catch(() => {
        if (this.#open === opening) this.#open = undefined;
      });
    }
    return leavable(this.#open, signal);
  }

  async #connect(): Promise<Open> {
    const { cluster, service, target, clock } = this.#route;
    const { signal } = this.#closed;
    const pod = forwardTarget(service, await podsOf(cluster, service, signal));
    const forward = await cluster.forward(pod, signal);
    const url = new URL(`${service.port.scheme}://127.0.0.1:${forward.localPort}`);
    return { forward, http: new HttpTransport({ ...target, url, label: this.label }, clock) };
  }

  async #forget(broken: Open): Promise<void> {
    // Another caller may have replaced it already.
    if ((await this.#open?.catch(() => undefined)) === broken) this.#close();
  }

  #close(): void {
    const open = this.#open;
    this.#open = undefined;
    void open?.then(
      ({ forward, http }) => {
        http.dispose();
        forward.dispose();
      },
      () => undefined,
    );
  }
}
