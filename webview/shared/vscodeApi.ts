import type { Port, ToHost, ToPage } from "../../src/protocol/contract.ts";

/** What the editor gives a page. It may be asked for once. */
interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

/** Where a page keeps what it wants to find again after a reload: where the user is, never what the mesh holds. */
export interface StateStore<S> {
  /** undefined: nothing kept, or kept by another version. */
  read(): S | undefined;
  write(state: S): void;
}

export interface Editor {
  readonly port: Port<ToHost, ToPage>;
  /** `parse` gives undefined for what it does not understand; it must not throw. */
  stateStore<S>(parse: (kept: unknown) => S | undefined): StateStore<S>;
}

/** The page's only way out. */
export function connectEditor(): Editor {
  const api = acquireVsCodeApi();
  return {
    port: {
      post: (message) => api.postMessage(message),
      listen(handler) {
        const listener = (event: MessageEvent<unknown>) => {
          if (isToPage(event.data)) handler(event.data);
        };
        window.addEventListener("message", listener);
        return { dispose: () => window.removeEventListener("message", listener) };
      },
    },
    stateStore: (parse) => ({ read: () => parse(api.getState()), write: (state) => api.setState(state) }),
  };
}

/** The editor's frame posts messages of its own to the same window. */
function isToPage(data: unknown): data is ToPage {
  if (typeof data !== "object" || data === null || !("t" in data)) return false;
  return data.t === "res" || data.t === "evt";
}
