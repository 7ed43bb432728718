/** One load at a time; who asks meanwhile joins it. It is aborted only after everybody who waits has walked away. */
export class SharedLoad<V> {
  #open: { readonly promise: Promise<V>; readonly abort: AbortController; waiting: number } | undefined;

  join(load: (signal: AbortSignal) => Promise<V>, caller: AbortSignal): Promise<V> {
    if (caller.aborted) return Promise.reject(caller.reason as Error);
    if (!this.#open || this.#open.abort.signal.aborted) {
      const abort = new AbortController();
      const fresh = { promise: load(abort.signal), abort, waiting: 0 };
      const forget = () => {
        if (this.#open === fresh) this.#open = undefined;
      };
      fresh.promise.then(forget, forget);
      this.#open = fresh;
    }
    const entry = this.#open;
    entry.waiting++;
    return new Promise((resolve, reject) => {
      const leave = () => {
        if (--entry.waiting === 0) entry.abort.abort(caller.reason);
        reject(caller.reason as Error);
      };
      caller.addEventListener("abort", leave, { once: true });
      void entry.promise.then(resolve, reject).finally(() => caller.removeEventListener("abort", leave));
    });
  }
}
