/** What the explorer's bench and the process it measures say to each other. Times are {@link preciseNow}. */

export type ToProbe =
  | { readonly type: "follow"; readonly pod: string }
  | { readonly type: "count"; readonly on: boolean }
  | { readonly type: "ticks"; readonly rows: number; readonly changed: number; readonly times: number }
  | { readonly type: "end" };

export interface Loaded {
  readonly type: "loaded";
  /** Milliseconds after the first call until ... */
  readonly moments: Readonly<Record<Moment, number>>;
  /** Processor time of this process until everything was in. */
  readonly cpuMillis: number;
  readonly heapBefore: number;
  /** Megabytes in use after a collection, right at the end of loading and with all branches of the trees opened. */
  readonly heapLoaded: number;
  readonly heapOpened: number;
  readonly services: number;
  readonly workloads: number;
  readonly pods: number;
}

export type Moment = "connected" | "firstRows" | "servicesListed" | "workloadsListed" | "ready" | "complete";

export type FromProbe =
  | Loaded
  | { readonly type: "changed"; readonly at: number; readonly text: string }
  | { readonly type: "counted"; readonly notices: number }
  | { readonly type: "ticked"; readonly touched: readonly number[]; readonly millis: readonly number[] };
