import type { Disposable } from "../mesh/disposer.ts";
import { isAbort, MeshError } from "../mesh/meshError.ts";
import { say } from "../mesh/message.ts";
import { withoutNonFinite } from "./nonFinite.ts";
import type { Contract, Port, ToHost, ToPage, WireError } from "./contract.ts";

/** What the host does for each request of a contract. */
export type Handlers<C extends Contract> = {
  readonly [N in keyof C["requests"]]: {
    /** Throws on what no page of ours sends: a page is untrusted input. */
    parse(params: unknown): C["requests"][N]["params"];
    run(params: C["requests"][N]["params"], signal: AbortSignal): Promise<C["requests"][N]["result"]>;
  };
};

export interface Server<C extends Contract> extends Disposable {
  /** Tells the page something. Nothing is sent before its first request: it asks for all it needs when it is ready. */
  emit<N extends keyof C["events"] & string>(name: N, data: C["events"][N]): void;
}

interface AnyHandler {
  parse(params: unknown): unknown;
  run(params: unknown, signal: AbortSignal): Promise<unknown>;
}

/** Must not hold a secret: the page shows it. */
export type DescribeError = (error: unknown) => WireError;

const cancelled: WireError = { kind: "cancelled", message: "The request was cancelled." };

/**
 * Answers every request of a page exactly once, whatever the handler does: a cancelled one at once, an unknown one with
 * an error. Disposing aborts what runs and sends nothing any more. Messages that are no requests are passed over.
 */
export function serve<C extends Contract>(
  port: Port<ToPage, ToHost>,
  handlers: Handlers<C>,
  describe: DescribeError,
): Server<C> {
  return new PageServer<C>(port, handlers, describe);
}

class PageServer<C extends Contract> implements Server<C> {
  readonly #port: Port<ToPage, ToHost>;
  readonly #handlers: Readonly<Record<string, AnyHandler>>;
  readonly #describe: DescribeError;
  readonly #running = new Map<number, AbortController>();
  readonly #listening: Disposable;
  #isReady = false;
  #isOpen = true;

  constructor(port: Port<ToPage, ToHost>, handlers: Readonly<Record<string, AnyHandler>>, describe: DescribeError) {
    this.#port = port;
    this.#handlers = handlers;
    this.#describe = describe;
    this.#listening = port.listen((message: unknown) => this.#take(message));
  }

  emit<N extends keyof C["events"] & string>(name: N, data: C["events"][N]): void {
    if (this.#isReady) this.#post({ t: "evt", name, data: withoutNonFinite(data) });
  }

  dispose(): void {
    this.#isOpen = false;
    this.#listening.dispose();
    for (const abort of this.#running.values()) abort.abort();
    this.#running.clear();
  }

  #take(message: unknown): void {
    if (!this.#isOpen || typeof message !== "object" || message === null) return;
    const { t, id, name, params } = message as Readonly<Record<string, unknown>>;
    if (typeof id !== "number" || !Number.isSafeInteger(id)) return;
    if (t === "cancel") this.#running.get(id)?.abort();
    else if (t === "req") {
      this.#isReady = true;
      void this.#answer(id, name, params);
    }
  }

  async #answer(id: number, name: unknown, params: unknown): Promise<void> {
    if (this.#running.has(id)) {
      const words = say("The page asked twice under the number {0}.", id);
      this.#refuse(id, new MeshError("bad-data", words));
      return;
    }
    const abort = new AbortController();
    this.#running.set(id, abort);
    try {
      const result = await beforeAbort(this.#run(name, params, abort.signal), abort.signal);
      this.#post({ t: "res", id, ok: true, result: withoutNonFinite(result) });
    } catch (e) {
      this.#refuse(id, e, abort.signal);
    } finally {
      this.#running.delete(id);
    }
  }

  async #run(name: unknown, params: unknown, signal: AbortSignal): Promise<unknown> {
    const handler = typeof name === "string" && Object.hasOwn(this.#handlers, name) ? this.#handlers[name] : undefined;
    if (!handler) throw new MeshError("unsupported", say("The page asked for something that does not exist."));
    return await handler.run(handler.parse(params), signal);
  }

  #refuse(id: number, error: unknown, signal?: AbortSignal): void {
    const isCancelled = signal?.aborted === true || isAbort(error);
    const reply: ToPage = { t: "res", id, ok: false, error: isCancelled ? cancelled : this.#describe(error) };
    try {
      this.#post(reply);
    } catch {
      // The page is gone: there is nobody to answer.
    }
  }

  /** A closed page cannot be posted to. Throws where the port cannot carry the message. */
  #post(message: ToPage): void {
    if (this.#isOpen) this.#port.post(message);
  }
}

/** The work's outcome, or the signal's reason where that comes first; the work's own end is then nobody's business. */
function beforeAbort<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- aborts cross untouched
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    work.then(resolve, reject);
  });
}
