import { say, type Message } from "../../../mesh/message.ts";
import type { Provenance } from "../../../mesh/telemetry/summaries.ts";
import type {
  ChartAnswer,
  ChartRange,
  ChartsAnswer,
  ChartSeries,
  ClusterRows,
  ContainerUse,
  Grouping,
  LevelTelemetry,
  NodeQuery,
  NodeUse,
  PodTrafficQuery,
  PodTrafficRow,
  ResourceChart,
  ResourceChartsQuery,
  ResourceQuery,
  RowsAnswer,
  SparkQuery,
  SparkRow,
  TrafficChart,
  TrafficChartsQuery,
  Unit,
} from "../../../mesh/telemetry/levels/levelTelemetry.ts";
import type { Missing } from "../../../mesh/telemetry/summaries.ts";
import type { Capabilities } from "../../../mesh/telemetry/capabilities.ts";
import type { PrometheusClient } from "../http/prometheusClient.ts";
import { byName, byText, trafficChartQuery } from "../queries/levelCharts.ts";
import type { PodScope } from "../queries/podQueries.ts";
import type { LevelScope } from "../queries/levelScope.ts";
import { ranked } from "./chartSeries.ts";
import { chartTimes, timesOf, untilNow } from "./chartTimes.ts";
import { containerQuestions, containerRows } from "./containerRows.ts";
import { LevelAsker, type LevelOptions, type LevelQuestion, type LevelReply } from "./levelAsker.ts";
import { nodeQuestions, nodeRows } from "./nodeRows.ts";
import { podQuestions, podRows } from "./podRows.ts";
import { resourceGrouping, resourceLines, resourceQuestion, resourceUnits } from "./resourceLines.ts";
import { sparkQuestions, sparkRows } from "./sparkRows.ts";
import { chartKinds, chartLabels, linesOf } from "./trafficQuestions.ts";

/** A rate needs two samples in its window; half an interval more forgives a scrape that came late. */
const intervalsPerWindow = 2.5;

/** Levels of a drill-down from a store that speaks Prometheus' API. */
export class PrometheusLevels implements LevelTelemetry {
  readonly #client: PrometheusClient;
  readonly #options: LevelOptions;

  constructor(client: PrometheusClient, options: LevelOptions) {
    this.#client = client;
    this.#options = options;
  }

  async trafficCharts(query: TrafficChartsQuery, signal: AbortSignal): Promise<ChartsAnswer<TrafficChart>> {
    const { of, direction, cluster, charts } = query;
    const known = await this.#options.known(signal);
    const windowSeconds = usableWindow(query.windowSeconds, known?.scrapeIntervalSeconds);
    const scope: LevelScope = { of, direction, cluster, windowSeconds, always: this.#options.always };
    const repeat = isVictoriaMetrics(known) ? byName : byText;
    const refused = refusal(query);
    const questions = charts.map(({ chart, by }): LevelQuestion | Message => {
      if (refused) return refused;
      const { what, lookedFor } = chartKinds[chart];
      const text = trafficChartQuery(chart, by, scope, repeat);
      return { what, query: text, labels: chartLabels(chart, by), lookedFor };
    });
    return await this.#charts(query.range, { questions, known, windowSeconds }, signal, (reply, index) => {
      const { chart, by } = charts[index] ?? { chart: "requests", by: "none" };
      const { unit, sumsMean } = chartKinds[chart];
      return { chart, by, unit, sumsMean, isRanked: by !== "none", lines: linesOf(chart, by, reply?.series ?? []) };
    });
  }

  async trafficQueries(
    query: Parameters<NonNullable<LevelTelemetry["trafficQueries"]>>[0],
    signal: AbortSignal,
  ): Promise<readonly Provenance[]> {
    const { of, direction, cluster, charts, atMillis } = query;
    const known = await this.#options.known(signal);
    const windowSeconds = usableWindow(query.windowSeconds, known?.scrapeIntervalSeconds);
    const scope: LevelScope = { of, direction, cluster, windowSeconds, always: this.#options.always };
    const repeat = isVictoriaMetrics(known) ? byName : byText;
    return charts.map((chart) => {
      const text = trafficChartQuery(chart, "none", scope, repeat);
      return { sourceId: this.#options.sourceId, query: text, windowSeconds, atMillis };
    });
  }

  async containers(query: ResourceQuery, signal: AbortSignal): Promise<RowsAnswer<ContainerUse>> {
    const { of, cluster, atMillis } = query;
    if (of.what === "pods" && of.pods.length === 0) return { rows: [], provenance: [], missing: [] };
    const { asker, windowSeconds } = await this.#instant(query.windowSeconds, atMillis, signal);
    const questions = containerQuestions({ of, cluster, windowSeconds, always: this.#options.always });
    return containerRows(await asker.askAll(questions, signal), query);
  }

  async podTraffic(query: PodTrafficQuery, signal: AbortSignal): Promise<RowsAnswer<PodTrafficRow>> {
    const { namespace, pods, atMillis, cluster = anyCluster, areGateways = false } = query;
    if (pods.length === 0) return { rows: [], provenance: [], missing: [] };
    const { asker, windowSeconds } = await this.#instant(query.windowSeconds, atMillis, signal);
    const { always } = this.#options;
    const scope: PodScope = { namespace, pods, cluster, areGateways, windowSeconds, always };
    return podRows(await asker.askAll(podQuestions(scope), signal), scope);
  }

  async nodes(query: NodeQuery, signal: AbortSignal): Promise<RowsAnswer<NodeUse>> {
    const { nodes, cluster, atMillis } = query;
    if (nodes.length === 0) return { rows: [], provenance: [], missing: [] };
    const { asker, windowSeconds } = await this.#instant(query.windowSeconds, atMillis, signal);
    const questions = nodeQuestions({ cluster, windowSeconds, always: this.#options.always });
    return nodeRows(await asker.askAll(questions, signal), query);
  }

  async resourceCharts(query: ResourceChartsQuery, signal: AbortSignal): Promise<ChartsAnswer<ResourceChart>> {
    const { of, cluster, charts } = query;
    const known = await this.#options.known(signal);
    const windowSeconds = usableWindow(query.windowSeconds, known?.scrapeIntervalSeconds);
    const scope = { cluster, windowSeconds, always: this.#options.always };
    const questions = charts.map((chart) => resourceQuestion(chart, of, scope));
    return await this.#charts(query.range, { questions, known, windowSeconds }, signal, (reply, index) => {
      const chart = charts[index] ?? "cpu";
      const by = resourceGrouping(chart, of);
      const { lines, missing } = resourceLines(chart, query, reply);
      const sumsMean = chart === "cpu" || chart === "memory";
      return { chart, by, unit: resourceUnits[chart], sumsMean, isRanked: chart !== "nodeNetwork", lines, missing };
    });
  }

  async sparks(
    query: SparkQuery,
    signal: AbortSignal,
  ): Promise<RowsAnswer<SparkRow> & { readonly times: Float64Array }> {
    const { rows, namespaces } = query;
    const known = await this.#options.known(signal);
    const grid = chartTimes(query.range, known?.scrapeIntervalSeconds);
    const none = { rows: [], provenance: [], missing: [] };
    if (!grid) return { ...none, times: new Float64Array(0), missing: [{ what: sparkWords, why: reversed }] };
    const times = timesOf(grid);
    if (namespaces?.length === 0) return { ...none, times };
    const asked = untilNow(grid, this.#options.clock.now());
    if (!asked) return { ...none, times, missing: [{ what: sparkWords, why: inFuture }] };
    const windowSeconds = usableWindow(query.windowSeconds, known?.scrapeIntervalSeconds);
    const when = { grid: asked, total: grid.count };
    const asker = new LevelAsker(this.#client, this.#options, { known, windowSeconds, when });
    const scope = rows === "services" ? "service" : "workload";
    const summary = { windowSeconds, namespaces, gateways: [], always: this.#options.always };
    const replies = await asker.askAll(sparkQuestions(scope, summary), signal);
    return {
      times,
      rows: sparkRows(replies, scope),
      provenance: replies.map(({ provenance }) => provenance),
      missing: replies.flatMap(({ missing }) => missing),
    };
  }

  async #instant(wanted: number, atMillis: number, signal: AbortSignal) {
    const known = await this.#options.known(signal);
    const windowSeconds = usableWindow(wanted, known?.scrapeIntervalSeconds);
    const asker = new LevelAsker(this.#client, this.#options, { known, windowSeconds, when: { atMillis } });
    return { asker, windowSeconds };
  }

  async #charts<Name extends string>(
    range: ChartRange,
    { questions, known, windowSeconds }: Asking,
    signal: AbortSignal,
    shape: (reply: LevelReply | undefined, index: number) => Shape<Name>,
  ): Promise<ChartsAnswer<Name>> {
    const grid = chartTimes(range, known?.scrapeIntervalSeconds);
    const asked = grid && untilNow(grid, this.#options.clock.now());
    const times = grid ? timesOf(grid) : new Float64Array(0);
    const why = grid ? inFuture : reversed;
    const replies: readonly LevelReply[] =
      grid && asked
        ? await this.#askFor(questions, { known, windowSeconds, when: { grid: asked, total: grid.count } }, signal)
        : [];
    const byQuestion = new Map(replies.map((reply) => [reply.question, reply]));
    return {
      times,
      charts: questions.map((question, index): ChartAnswer<Name> => {
        if ("text" in question)
          return chartOf(shape(undefined, index), undefined, [{ what: chartWords, why: question }]);
        const reply = byQuestion.get(question);
        const shaped = shape(reply, index);
        return chartOf(shaped, reply, reply ? reply.missing : [{ what: question.what, why }]);
      }),
    };
  }

  async #askFor(
    questions: readonly (LevelQuestion | Message)[],
    about: ConstructorParameters<typeof LevelAsker>[2],
    signal: AbortSignal,
  ): Promise<readonly LevelReply[]> {
    const asker = new LevelAsker(this.#client, this.#options, about);
    const real = questions.filter((question): question is LevelQuestion => !("text" in question));
    return real.length > 0 ? await asker.askAll(real, signal) : [];
  }
}

const anyCluster: ClusterRows = { id: undefined, withUnplaced: true };
const reversed = say("The range ends before it begins.");
const inFuture = say("The range lies in the future.");
const chartWords = say("Chart");
const sparkWords = say("Lines of a list");

interface Asking {
  /** A message: nothing is asked, for this reason. */
  readonly questions: readonly (LevelQuestion | Message)[];
  readonly known: Capabilities | undefined;
  readonly windowSeconds: number;
}

interface Shape<Name extends string> {
  readonly chart: Name;
  readonly by: Grouping;
  readonly unit: Unit;
  readonly lines: readonly ChartSeries[];
  /** Groups may be added up. */
  readonly sumsMean: boolean;
  /** Its lines have no order of their own. */
  readonly isRanked: boolean;
  readonly missing?: readonly Missing[];
}

function chartOf<Name extends string>(
  { chart, by, unit, lines, sumsMean, isRanked, missing = [] }: Shape<Name>,
  reply: LevelReply | undefined,
  told: readonly Missing[],
): ChartAnswer<Name> {
  const { series, left } = isRanked ? ranked(lines, sumsMean) : { series: lines, left: 0 };
  const rest =
    left > 0 && reply ? [{ what: reply.question.what, why: say("{0} more series are left out.", left) }] : [];
  return { chart, by, unit, series, provenance: reply?.provenance, missing: [...told, ...missing, ...rest] };
}

function usableWindow(windowSeconds: number, scrapeIntervalSeconds: number | undefined): number {
  return Math.max(windowSeconds, Math.ceil((scrapeIntervalSeconds ?? 0) * intervalsPerWindow));
}

function isVictoriaMetrics(known: Capabilities | undefined): boolean {
  return known?.engine?.startsWith("VictoriaMetrics") ?? false;
}

/** Why there is nothing to ask; undefined where there is. */
function refusal({ of, direction }: TrafficChartsQuery): Message | undefined {
  if (of.what === "service" && direction === "outbound")
    return say("A service sends nothing itself: its workloads do.");
  return of.what === "workload" && of.names.length === 0 ? say("The metrics have no name for it.") : undefined;
}
