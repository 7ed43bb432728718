import type { MeshErrorKind } from "../../../mesh/meshError.ts";

/** Where the watch of one part stands. `resourceVersion` is passed back as it came and never read. */
export interface WatchState {
  readonly resourceVersion: string;
  /** In a row, without anything that arrived in between. */
  readonly failures: number;
  readonly isInterrupted: boolean;
}

export type WatchEvent =
  | { readonly type: "opened" }
  /** An object or a bookmark arrived. */
  | { readonly type: "arrived"; readonly resourceVersion: string | undefined }
  /** The server closed the stream in good order, as it does every half an hour or so. */
  | { readonly type: "ended"; readonly livedMs: number }
  | { readonly type: "failed"; readonly kind: MeshErrorKind };

/** What to do next: read on, watch again at once or after a wait, list again, or stop for good. */
export type WatchMove = "read" | "watch" | "wait" | "list" | "stop";

export interface WatchStep {
  readonly state: WatchState;
  readonly move: WatchMove;
  readonly tell?: "interrupted" | "resumed";
}

// A stream that ends sooner without having brought anything counts as a failure, or a broken server is asked in a loop.
const livelyMs = 5000;

export function watchStep(state: WatchState, event: WatchEvent): WatchStep {
  switch (event.type) {
    case "opened":
      return state.isInterrupted
        ? { state: { ...state, isInterrupted: false }, move: "read", tell: "resumed" }
        : { state, move: "read" };
    case "arrived":
      return {
        state: { ...state, resourceVersion: event.resourceVersion ?? state.resourceVersion, failures: 0 },
        move: "read",
      };
    case "ended":
      return event.livedMs >= livelyMs
        ? { state: { ...state, failures: 0 }, move: "watch" }
        : { state: { ...state, failures: state.failures + 1 }, move: "wait" };
    case "failed":
      return afterFailure(state, event.kind);
  }
}

function afterFailure(state: WatchState, kind: MeshErrorKind): WatchStep {
  switch (kind) {
    // After "forbidden" the list finds out what may still be read: rights have changed.
    case "expired":
    case "forbidden":
      return { state, move: "list" };
    case "unauthorized":
    case "not-found":
    case "unsupported":
    case "misconfigured":
    case "invalid":
      return { state, move: "stop" };
    case "unreachable":
    case "timeout":
    case "throttled":
    case "conflict":
    case "bad-data": {
      const next = { ...state, failures: state.failures + 1, isInterrupted: true };
      return { state: next, move: "wait", ...(state.isInterrupted ? {} : { tell: "interrupted" as const }) };
    }
  }
}
