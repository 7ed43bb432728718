import type { MeshError } from "../../../mesh/meshError.ts";
import type { Clock } from "../../../mesh/ports.ts";
import type { Limits } from "./limits.ts";

/** One request's time limits: to connect, then to answer. Stops it when either passes or the caller aborts. */
export class Timing {
  readonly #signal: AbortSignal;
  readonly #clock: Clock;
  readonly #limits: Limits;
  readonly #failure: (ms: number) => MeshError;
  readonly #abort = () => this.#stop(this.#signal.reason as Error);
  #timer: { dispose(): unknown };
  #phase: "connecting" | "answering" | "open" | "over" = "connecting";
  #reason: Error | undefined;
  #end: ((reason: Error) => void) | undefined;

  constructor(by: { clock: Clock; limits: Limits; signal: AbortSignal }, failure: (ms: number) => MeshError) {
    this.#signal = by.signal;
    this.#clock = by.clock;
    this.#limits = by.limits;
    this.#failure = failure;
    const { connectMs } = by.limits;
    this.#timer = by.clock.after(connectMs, () => this.#stop(failure(connectMs)));
    by.signal.addEventListener("abort", this.#abort, { once: true });
  }

  /** Why it was stopped; undefined as long as it was not. */
  reason(): Error | undefined {
    return this.#reason;
  }

  onStop(end: (reason: Error) => void): void {
    this.#end = end;
    if (this.#reason) end(this.#reason);
    else if (this.#signal.aborted) this.#abort();
  }

  connected(): void {
    if (this.#phase !== "connecting") return;
    this.#phase = "answering";
    this.#timer.dispose();
    const { answerMs } = this.#limits;
    this.#timer = this.#clock.after(answerMs, () => this.#stop(this.#failure(answerMs)));
  }

  /** The answer is there, whole or as a stream: only the caller's signal stops it from now on. */
  answered(): void {
    this.#timer.dispose();
    if (this.#phase !== "over") this.#phase = "open";
  }

  finished(): void {
    this.#timer.dispose();
    this.#phase = "over";
    this.#signal.removeEventListener("abort", this.#abort);
  }

  #stop(reason: Error): void {
    if (this.#phase === "over" || this.#reason) return;
    this.#reason = reason;
    this.#timer.dispose();
    this.#signal.removeEventListener("abort", this.#abort);
    this.#end?.(reason);
  }
}
