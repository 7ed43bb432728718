import type { Disposable } from "../mesh/disposer.ts";
import { MeshError, type MeshErrorKind } from "../mesh/meshError.ts";
import { say } from "../mesh/message.ts";
import { withNonFinite } from "./nonFinite.ts";
import type { Contract, Port, ToHost, ToPage } from "./contract.ts";

/** How a page reads what it is told. Each throws on what does not fit. */
export interface Readers<C extends Contract> {
  readonly results: { readonly [N in keyof C["requests"]]: (result: unknown) => C["requests"][N]["result"] };
  readonly events: { readonly [N in keyof C["events"]]: (data: unknown) => C["events"][N] };
}

export interface ConnectOptions<C extends Contract> {
  /** Requests that wait for a person (a save dialog, a pick): these have no time limit. */
  readonly patient?: ReadonlySet<keyof C["requests"]>;
  /** 30,000 if not given. */
  readonly limitMillis?: number;
  /** Calls back once; disposing cancels. The window's own timer if not given. */
  readonly after?: (milliseconds: number, callback: () => void) => Disposable;
  /** Told of events that could not be read. */
  readonly onBadEvent?: (name: string, error: unknown) => void;
}

export interface HostConnection<C extends Contract> extends Disposable {
  /**
   * Asks the editor. Rejects with a MeshError: the editor's own (already in the user's language), "timeout" after the
   * limit, or "bad-data" for an answer that cannot be read. Rejects with the signal's reason when it aborts.
   */
  ask<N extends keyof C["requests"] & string>(
    name: N,
    params: C["requests"][N]["params"],
    signal?: AbortSignal,
  ): Promise<C["requests"][N]["result"]>;
  /** One or more listeners for each event; the editor sends none before the first request. */
  on<N extends keyof C["events"] & string>(name: N, listener: (data: C["events"][N]) => void): Disposable;
}

interface Pending {
  readonly name: string;
  resolve(result: unknown): void;
  reject(error: unknown): void;
}

const kinds: ReadonlySet<string> = new Set<MeshErrorKind>([
  ...(["unreachable", "unauthorized", "forbidden", "not-found", "conflict", "invalid"] as const),
  ...(["expired", "throttled", "timeout", "bad-data", "unsupported", "misconfigured"] as const),
]);

/** The page's end of a contract. Disposing rejects what is pending with an AbortError and cancels it at the editor. */
export function connect<C extends Contract>(
  port: Port<ToHost, ToPage>,
  readers: Readers<C>,
  options: ConnectOptions<C> = {},
): HostConnection<C> {
  return new PageConnection<C>(port, readers, options);
}

class PageConnection<C extends Contract> implements HostConnection<C> {
  readonly #port: Port<ToHost, ToPage>;
  readonly #readers: Readers<C>;
  readonly #options: ConnectOptions<C>;
  readonly #pending = new Map<number, Pending>();
  readonly #listeners = new Map<string, Set<(data: never) => void>>();
  readonly #listening: Disposable;
  readonly #closed = new AbortController();
  /** Begins anywhere: a document that is loaded anew must not take answers to the last one for its own. */
  #lastId = Math.floor(Math.random() * 2 ** 40);

  constructor(port: Port<ToHost, ToPage>, readers: Readers<C>, options: ConnectOptions<C>) {
    this.#port = port;
    this.#readers = readers;
    this.#options = options;
    this.#listening = port.listen((message: unknown) => this.#take(message));
  }

  async ask<N extends keyof C["requests"] & string>(
    name: N,
    params: C["requests"][N]["params"],
    signal?: AbortSignal,
  ): Promise<C["requests"][N]["result"]> {
    const result = await this.#send(name, params, signal);
    try {
      return this.#readers.results[name](withNonFinite(result));
    } catch (e) {
      throw new MeshError("bad-data", say("The editor's answer to {0} could not be read.", name), { cause: e });
    }
  }

  on<N extends keyof C["events"] & string>(name: N, listener: (data: C["events"][N]) => void): Disposable {
    const own = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, own.add(listener));
    return { dispose: () => own.delete(listener) };
  }

  dispose(): void {
    this.#listening.dispose();
    this.#listeners.clear();
    this.#closed.abort();
  }

  #send(name: string, params: unknown, signal: AbortSignal | undefined): Promise<unknown> {
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      const leave = (reason: unknown): void => {
        end();
        this.#cancel(id);
        // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- aborts cross untouched
        reject(reason);
      };
      const onAbort = (): void => leave(signal?.reason);
      const onClose = (): void => leave(this.#closed.signal.reason);
      const timer = this.#limit(name, leave);
      const end = (): void => {
        this.#pending.delete(id);
        timer?.dispose();
        signal?.removeEventListener("abort", onAbort);
        this.#closed.signal.removeEventListener("abort", onClose);
      };
      if (signal?.aborted === true || this.#closed.signal.aborted) {
        end();
        // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- aborts cross untouched
        reject((signal?.aborted === true ? signal : this.#closed.signal).reason);
        return;
      }
      signal?.addEventListener("abort", onAbort, { once: true });
      this.#closed.signal.addEventListener("abort", onClose, { once: true });
      const settled = <T>(settle: (value: T) => void) => {
        return (value: T): void => {
          end();
          settle(value);
        };
      };
      this.#pending.set(id, { name, resolve: settled(resolve), reject: settled(reject) });
      try {
        this.#port.post({ t: "req", id, name, params });
      } catch (e) {
        this.#pending.get(id)?.reject(e);
      }
    });
  }

  #limit(name: string, leave: (reason: unknown) => void): Disposable | undefined {
    const { patient, limitMillis = 30_000, after = afterOnWindow } = this.#options;
    if (patient?.has(name) === true) return undefined;
    const words = say("The editor did not answer within {0} seconds.", Math.round(limitMillis / 1000));
    return after(limitMillis, () => leave(new MeshError("timeout", words, { hint: say("Try again.") })));
  }

  #cancel(id: number): void {
    try {
      this.#port.post({ t: "cancel", id });
    } catch {
      // The editor is gone, and its work with it.
    }
  }

  #take(message: unknown): void {
    if (typeof message !== "object" || message === null) return;
    const { t, id, ok, result, error, name, data } = message as Readonly<Record<string, unknown>>;
    if (t === "evt" && typeof name === "string") this.#tell(name, data);
    if (t !== "res" || typeof id !== "number") return;
    // Cancelled or timed out here meanwhile: nobody waits.
    const pending = this.#pending.get(id);
    if (ok === true) pending?.resolve(result);
    else pending?.reject(errorOf(error));
  }

  #tell(name: string, data: unknown): void {
    const own = this.#listeners.get(name);
    if (!own || !Object.hasOwn(this.#readers.events, name)) return;
    const read = this.#readers.events[name] as (data: unknown) => never;
    for (const listener of [...own]) {
      try {
        listener(read(withNonFinite(data)));
      } catch (e) {
        this.#options.onBadEvent?.(name, e);
      }
    }
  }
}

/** What the editor said went wrong. Its sentences are translated already. */
function errorOf(error: unknown): MeshError {
  const { kind, message, hint } = (typeof error === "object" && error !== null ? error : {}) as Readonly<
    Record<string, unknown>
  >;
  const isKnown = typeof kind === "string" && kinds.has(kind);
  const words = typeof message === "string" ? { text: message, args: [] } : say("The editor gave no reason.");
  return new MeshError(isKnown ? (kind as MeshErrorKind) : "bad-data", words, {
    hint: typeof hint === "string" ? { text: hint, args: [] } : undefined,
  });
}

function afterOnWindow(milliseconds: number, callback: () => void): Disposable {
  const timer = setTimeout(callback, milliseconds);
  return { dispose: () => clearTimeout(timer) };
}
