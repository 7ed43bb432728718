import type { MeshError } from "../../../mesh/meshError.ts";
import { say, type Message } from "../../../mesh/message.ts";
import type { Clock, Log } from "../../../mesh/ports.ts";
import type { Capabilities, Capability } from "../../../mesh/telemetry/capabilities.ts";
import type { Missing, Provenance } from "../../../mesh/telemetry/summaries.ts";
import type { TimeGrid } from "../decoding/seriesColumns.ts";
import { EdgeAsker } from "../graph/edgeAsker.ts";
import type { PrometheusClient } from "../http/prometheusClient.ts";
import type { Matcher } from "../queries/promql.ts";
import { seriesIn, type ReadSeries } from "./chartSeries.ts";

export interface LevelOptions {
  readonly sourceId: string;
  readonly always: readonly Matcher[];
  readonly log: Log;
  readonly clock: Clock;
  /** What the store holds; undefined where it does not tell. Throws only aborts. */
  readonly known: (signal: AbortSignal) => Promise<Capabilities | undefined>;
}

/** Series that a question is about, and who exports them. */
export interface LookedFor {
  /** One metric, or one of several. */
  readonly series: string;
  /** "Istio's proxies", "cAdvisor", "node-exporter", "kube-state-metrics". */
  readonly exporter: string;
  readonly capability: keyof Pick<Capabilities, "http" | "tcp" | "latency" | "cadvisor" | "nodeExporter">;
}

export interface LevelQuestion {
  readonly what: Message;
  readonly query: string;
  /** Labels that are wanted of the answer. */
  readonly labels: readonly string[];
  readonly lookedFor: LookedFor;
}

export interface LevelReply {
  readonly question: LevelQuestion;
  /** Empty where the question failed, too. */
  readonly series: readonly ReadSeries[];
  readonly failure: MeshError | undefined;
  readonly provenance: Provenance;
  readonly missing: readonly Missing[];
}

/** When: an instant (milliseconds since 1970), or the times of a chart, of which `total` are shown. */
export type When = { readonly atMillis: number } | { readonly grid: TimeGrid; readonly total: number };

/** Kinds of failures after which asking anything else is of no use. */
const hopeless = ["unreachable", "unauthorized", "forbidden", "misconfigured"] as const;

/** Asks the questions of one call. */
export class LevelAsker {
  readonly #asker: EdgeAsker;
  readonly #options: LevelOptions;
  readonly #known: Capabilities | undefined;
  readonly #windowSeconds: number;
  readonly #when: When;

  constructor(
    client: PrometheusClient,
    options: LevelOptions,
    about: {
      readonly known: Capabilities | undefined;
      readonly windowSeconds: number;
      readonly when: When;
    },
  ) {
    this.#asker = new EdgeAsker(client, options.log);
    this.#options = options;
    this.#known = about.known;
    this.#windowSeconds = about.windowSeconds;
    this.#when = about.when;
  }

  /** All answers, in order. Rejects where none could be asked. */
  async askAll(questions: readonly LevelQuestion[], signal: AbortSignal): Promise<readonly LevelReply[]> {
    const replies = await Promise.all(questions.map((question) => this.#ask(question, signal)));
    const [first] = replies;
    const isHopeless = replies.every(({ failure }) => failure && hopeless.some((kind) => failure.kind === kind));
    if (first?.failure && isHopeless) throw first.failure;
    return replies;
  }

  async #ask(question: LevelQuestion, signal: AbortSignal): Promise<LevelReply> {
    const { what, query, labels } = question;
    const when = this.#when;
    const at = "grid" in when ? when.grid : when.atMillis;
    const [count, total, atMillis] =
      "grid" in when
        ? [when.grid.count, when.total, Math.round((when.grid.first + when.grid.step * (when.grid.count - 1)) * 1000)]
        : [1, 1, when.atMillis];
    const { series: table, failure, unreadable } = await this.#asker.ask({ what, query, labels, at }, signal);
    const series = table ? seriesIn(table, count, total) : [];
    return {
      question,
      series,
      failure,
      provenance: { sourceId: this.#options.sourceId, query, windowSeconds: this.#windowSeconds, atMillis },
      missing: [
        ...(failure ? [{ what, why: failure.words }] : []),
        ...(unreadable > 0 ? [{ what, why: say("{0} series could not be read.", unreadable) }] : []),
        ...(table && series.length === 0 && unreadable === 0 ? [this.#absence(question)] : []),
      ],
    };
  }

  #absence({ what, lookedFor: { series, exporter, capability } }: LevelQuestion): Missing {
    const known: Capability | undefined = this.#known?.[capability];
    if (known && !known.present) {
      return { what, why: say("There is no series named {0} ({1}).", series, exporter), isAbsent: true };
    }
    return { what, why: say("No series named {0} ({1}) is about this.", series, exporter), isAbsent: true };
  }
}
