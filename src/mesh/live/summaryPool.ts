import type { Disposable } from "../disposer.ts";
import type { TelemetrySource } from "../ports.ts";
import type { Summaries, SummaryQuery } from "../telemetry/summaries.ts";

/** One question for all clusters whose numbers lie in the same store: sources of one id are asked once per query. */
export class SummaryPool implements Disposable {
  readonly #open = new Map<string, Promise<Summaries>>();
  readonly #abort = new AbortController();

  ask(source: TelemetrySource, query: SummaryQuery): Promise<Summaries> {
    const key = JSON.stringify([source.id, query]);
    const open = this.#open.get(key);
    if (open) return open;
    const answer = source.summaries(query, this.#abort.signal);
    this.#open.set(key, answer);
    const forget = () => this.#open.delete(key);
    answer.then(forget, forget);
    return answer;
  }

  dispose(): void {
    this.#abort.abort();
  }
}
