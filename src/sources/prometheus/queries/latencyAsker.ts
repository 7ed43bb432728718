import { MeshError, type MeshErrorKind } from "../../../mesh/meshError.ts";
import type { RowScope } from "../../../mesh/telemetry/trafficRows.ts";
import { latencyQuery, pinnedLatencyQuery, type PinnedLatency } from "./latencyQueries.ts";
import type { PrometheusClient } from "../http/prometheusClient.ts";
import type { QueryAnswer, RangeAnswer } from "../http/queryApi.ts";
import type { SummaryScope } from "./summaryScope.ts";

export interface ListAnswer extends Pick<QueryAnswer, "samples" | "warnings"> {
  /** The query that was answered. */
  readonly query: string;
}

/** What a store says that does not know `@` (Prometheus before 2.33) or offers no range queries. */
export const notKnown: readonly MeshErrorKind[] = ["invalid", "not-found", "unsupported", "bad-data"];

/** Asks for quantiles in the cheapest way that the store knows. */
export class LatencyAsker {
  readonly #client: PrometheusClient;
  #knowsPins = true;

  constructor(client: PrometheusClient) {
    this.#client = client;
  }

  async ask(scope: RowScope, about: SummaryScope, atMillis: number, signal: AbortSignal): Promise<ListAnswer> {
    if (this.#knowsPins) {
      try {
        return await this.#pinned(pinnedLatencyQuery(scope, about, Math.floor(atMillis / 1000)), signal);
      } catch (e) {
        if (!MeshError.is(e) || !notKnown.includes(e.kind)) throw e;
      }
    }
    const query = latencyQuery(scope, about);
    const { samples, warnings } = await this.#client.query(query, atMillis, signal);
    // Only now it is certain that the other way was the trouble.
    this.#knowsPins = false;
    return { samples, warnings, query };
  }

  async #pinned(pinned: PinnedLatency, signal: AbortSignal): Promise<ListAnswer> {
    const times = Object.values(pinned.times);
    const range = { first: Math.min(...times), last: Math.max(...times) };
    const answer = await this.#client.queryRange(pinned.query, range, signal);
    return { samples: samplesOf(answer, pinned), warnings: answer.warnings, query: pinned.query };
  }
}

function samplesOf({ series }: RangeAnswer, { times }: PinnedLatency): ListAnswer["samples"] {
  const quantileAt = new Map(Object.entries(times).map(([quantile, seconds]) => [seconds, quantile]));
  return series.flatMap(({ labels, points }) =>
    points.flatMap(({ seconds, value }) => {
      const quantile = quantileAt.get(seconds);
      return quantile === undefined ? [] : [{ labels: { ...labels, quantile }, value }];
    }),
  );
}
