import pLimit from "p-limit";
import { isAbort, MeshError } from "../../../mesh/meshError.ts";
import { say, type Message } from "../../../mesh/message.ts";
import type { Log } from "../../../mesh/ports.ts";
import type { EdgeCost } from "../../../mesh/telemetry/edges/edgeAnswer.ts";
import type { Missing } from "../../../mesh/telemetry/summaries.ts";
import { Pacer } from "../decoding/pacer.ts";
import { readSeries } from "../decoding/readSeries.ts";
import { SeriesColumns, type SeriesTable, type TimeGrid } from "../decoding/seriesColumns.ts";
import type { PrometheusClient } from "../http/prometheusClient.ts";
import type { AnswerStream } from "../http/transport.ts";

/** One question of several that make up an answer. */
export interface EdgeQuestion {
  readonly what: Message;
  readonly about?: "requests" | "latency" | "tcp";
  readonly query: string;
  /** Labels that are wanted of the answer. */
  readonly labels: readonly string[];
  /** An instant (milliseconds since 1970), or several times at once. */
  readonly at: number | TimeGrid;
}

export interface EdgeReply {
  readonly question: EdgeQuestion;
  readonly series: SeriesTable | undefined;
  /** Why there are no series. */
  readonly failure: MeshError | undefined;
  readonly unreadable: number;
  readonly warnings: readonly string[];
}

/** So many questions are asked at once; others wait. */
const atOnce = 6;

/** Asks the questions of one answer, and adds up what they cost. */
export class EdgeAsker {
  readonly pacer = new Pacer();
  readonly #client: PrometheusClient;
  readonly #log: Log;
  readonly #limit = pLimit(atOnce);
  readonly #began = performance.now();
  #cost: EdgeCost = { queries: 0, bytes: 0, rows: 0, waitMillis: 0, decodeMillis: 0 };

  constructor(client: PrometheusClient, log: Log) {
    this.#client = client;
    this.#log = log;
  }

  /** `rows` are those of the answers, all of them. */
  get cost(): EdgeCost {
    return this.#cost;
  }

  /** A failure is in the reply; rejects only where the signal aborts. */
  async ask(question: EdgeQuestion, signal: AbortSignal): Promise<EdgeReply> {
    try {
      return await this.#limit(() => this.#read(question, signal));
    } catch (failure) {
      if (isAbort(failure) || !MeshError.is(failure)) throw failure;
      this.#log.debug("no answer", { query: question.query.slice(0, 200), error: failure.message });
      return { question, series: undefined, failure, unreadable: 0, warnings: [] };
    }
  }

  async #read(question: EdgeQuestion, signal: AbortSignal): Promise<EdgeReply> {
    signal.throwIfAborted();
    const { query, labels, at } = question;
    const { label } = this.#client;
    const read = async (answer: AnswerStream): Promise<EdgeReply> => {
      const isInstant = typeof at === "number";
      const columns = isInstant ? new SeriesColumns(labels) : new SeriesColumns(labels, at);
      const { bytes, decodeMillis, unreadable, warnings } = await readSeries(
        answer,
        columns,
        { label, resultType: isInstant ? "vector" : "matrix", pacer: this.pacer },
        signal,
      );
      const began = performance.now();
      const series = columns.table();
      this.#add({ bytes, rows: series.length, decodeMillis: decodeMillis + performance.now() - began });
      return { question, series, failure: undefined, unreadable, warnings };
    };
    this.#cost = { ...this.#cost, queries: this.#cost.queries + 1 };
    if (typeof at === "number") return await this.#client.streamQuery(query, at, read, signal);
    const range = { first: at.first, last: at.first + at.step * (at.count - 1), step: at.step };
    return await this.#client.streamRange(query, range, read, signal);
  }

  #add({ bytes, rows, decodeMillis }: Pick<EdgeCost, "bytes" | "rows" | "decodeMillis">): void {
    const cost = this.#cost;
    this.#cost = {
      queries: cost.queries,
      bytes: cost.bytes + bytes,
      rows: cost.rows + rows,
      waitMillis: performance.now() - this.#began,
      decodeMillis: cost.decodeMillis + decodeMillis,
    };
  }
}

/** What is not in an answer: questions that failed, and series that could not be read. */
export function missingOf(replies: readonly EdgeReply[]): readonly Missing[] {
  return replies.flatMap(({ question: { what, about }, failure, unreadable }): readonly Missing[] => {
    const which = about ? { what, about } : { what };
    if (failure) return [{ ...which, why: failure.words }];
    return unreadable > 0 ? [{ ...which, why: say("{0} series could not be read.", unreadable) }] : [];
  });
}

export function warningsOf(replies: readonly EdgeReply[]): readonly string[] {
  return [...new Set(replies.flatMap(({ warnings }) => warnings))];
}

/** Throws where nothing was answered. */
export function throwIfNone(replies: readonly EdgeReply[]): void {
  const [first] = replies;
  if (first?.failure && replies.every(({ failure }) => failure)) throw first.failure;
}
