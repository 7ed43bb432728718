import type { GraphTelemetry, Log } from "../../../mesh/ports.ts";
import type {
  EdgeAnswer,
  EdgePresence,
  EdgeQuery,
  EdgeSeries,
  EdgeSeriesQuery,
} from "../../../mesh/telemetry/edges/edgeAnswer.ts";
import type { Provenance } from "../../../mesh/telemetry/summaries.ts";
import type { PrometheusClient } from "../http/prometheusClient.ts";
import { meetsWaypoints } from "../queries/edgeLatency.ts";
import { isNothing, isTooLong, type EdgeSelection } from "../queries/edgeSelection.ts";
import type { Matcher } from "../queries/promql.ts";
import { EdgeAsker, missingOf, throwIfNone, warningsOf, type EdgeReply } from "./edgeAsker.ts";
import { EdgeLatencyAsker, type LatencyReply } from "./edgeLatencyAsker.ts";
import { namesOf } from "./edgeNames.ts";
import { namesQuestion, rowQuestions, rowsOf } from "./edgeQuestions.ts";
import { joinEdges } from "./edgeTables.ts";
import { latencyIn } from "./latencyTables.ts";
import { askPresence } from "./presence.ts";
import { latencyOverTime, stepsOf } from "./seriesOverTime.ts";

export interface GraphOptions {
  readonly sourceId: string;
  readonly always: readonly Matcher[];
  readonly log: Log;
  /** Seconds; undefined where nothing tells. Throws only aborts. */
  readonly scrapeInterval: (signal: AbortSignal) => Promise<number | undefined>;
}

/** Who talks to whom, from a store that speaks Prometheus' API. */
export class PrometheusGraph implements GraphTelemetry {
  readonly #client: PrometheusClient;
  readonly #options: GraphOptions;
  readonly #latency = new EdgeLatencyAsker();

  constructor(client: PrometheusClient, options: GraphOptions) {
    this.#client = client;
    this.#options = options;
  }

  /** Three queries, and one for each grouping of latency. */
  async edges(query: EdgeQuery, signal: AbortSignal): Promise<EdgeAnswer> {
    const asker = new EdgeAsker(this.#client, this.#options.log);
    const { atMillis, withIdle, withDetails = false } = query;
    const rows = { withIdle, withDetails };
    if (isNothing(query)) return await this.#answer(query, { asker, replies: [], latency: [] }, signal);
    const selection = this.#selection(query);
    const names = asker.ask(namesQuestion(selection, atMillis), signal);
    const [replies, latency] = await Promise.all([
      Promise.all([...rowQuestions(selection, rows, atMillis).map((each) => asker.ask(each, signal)), names]),
      Promise.all(
        query.latencyBy.map(async (by) => {
          const waypoints = meetsWaypoints(by) ? namesOf((await names).series).waypoints : [];
          return await this.#latency.ask(asker, { selection, by, waypoints }, atMillis, signal);
        }),
      ),
    ]);
    return await this.#answer(query, { asker, replies, latency }, signal);
  }

  /** Four queries. */
  async series(query: EdgeSeriesQuery, signal: AbortSignal): Promise<EdgeSeries> {
    const asker = new EdgeAsker(this.#client, this.#options.log);
    const grid = stepsOf(query, await this.#options.scrapeInterval(signal));
    const options = { withDetails: false, times: grid.count, pacer: asker.pacer };
    const times = Float64Array.from({ length: grid.count }, (_, i) => grid.first + i * grid.step);
    if (isNothing(query)) {
      const edges = { ...(await joinEdges([], options, signal)), times };
      return { edges, latency: undefined, provenance: [], missing: [] };
    }
    const selection = this.#selection(query);
    const rows = { withIdle: true, withDetails: false };
    const names = asker.ask(namesQuestion(selection, query.toMillis), signal);
    const [replies, latency] = await Promise.all([
      Promise.all([...rowQuestions(selection, rows, grid).map((each) => asker.ask(each, signal)), names]),
      names.then(({ series }) => {
        const { waypoints } = namesOf(series);
        return latencyOverTime(asker, { selection, by: [], waypoints }, grid, signal);
      }),
    ]);
    const all = [...replies, latency.reply];
    throwIfNone(all);
    return {
      edges: { ...(await joinEdges(rowsOf(replies, query), options, signal)), times },
      latency: latency.quantiles,
      provenance: this.#provenance(all, query.windowSeconds, query.toMillis),
      missing: missingOf(all),
    };
  }

  presence(query: Pick<EdgeQuery, "windowSeconds" | "atMillis">, signal: AbortSignal): Promise<EdgePresence> {
    const { always, log } = this.#options;
    return askPresence({ client: this.#client, always, log }, query, signal);
  }

  #selection({
    windowSeconds,
    namespaces,
    where = [],
  }: Pick<EdgeQuery, "windowSeconds" | "namespaces" | "where">): EdgeSelection {
    const { always } = this.#options;
    return { windowSeconds, namespaces: isTooLong(namespaces) ? undefined : namespaces, where, always };
  }

  async #answer(
    query: EdgeQuery,
    {
      asker,
      replies,
      latency,
    }: {
      readonly asker: EdgeAsker;
      readonly replies: readonly EdgeReply[];
      readonly latency: readonly LatencyReply[];
    },
    signal: AbortSignal,
  ): Promise<EdgeAnswer> {
    const all = [...replies, ...latency.map(({ reply }) => reply)];
    throwIfNone(all);
    const { withDetails = false, windowSeconds, atMillis, namespaces } = query;
    const joined = await joinEdges(rowsOf(replies, query), { withDetails, times: 1, pacer: asker.pacer }, signal);
    const { points: values, ...columns } = joined;
    return {
      edges: { ...columns, values },
      latency: latency.flatMap(({ table }) => {
        return table ? [isTooLong(namespaces) ? latencyIn(table, namespaces ?? []) : table] : [];
      }),
      ...namesOf(replies.find(({ question }) => question.labels.includes("workload"))?.series),
      provenance: this.#provenance(all, windowSeconds, atMillis),
      missing: missingOf(all),
      warnings: warningsOf(all),
      cost: { ...asker.cost, rows: joined.length },
    };
  }

  #provenance(replies: readonly EdgeReply[], windowSeconds: number, atMillis: number): readonly Provenance[] {
    const { sourceId } = this.#options;
    return replies
      .filter(({ failure }) => failure === undefined)
      .map(({ question: { query } }) => ({ sourceId, query, windowSeconds, atMillis }));
  }
}
