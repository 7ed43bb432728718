import type { TrafficReading } from "../explorer/join/traffic.ts";
import { say, type Message } from "../message.ts";
import type { ClusterKey } from "../model/refs.ts";
import type { ChartsAnswer, TrafficChart, TrafficOf, Unit } from "../telemetry/levels/levelTelemetry.ts";
import { MeshError } from "../meshError.ts";
import type { Provenance } from "../telemetry/summaries.ts";
import type { Figure, Origin } from "./level.ts";
import type { LevelQuestion } from "./levelQuestion.ts";
import { answerOrWhy, isStore, levelStoreOf } from "./levelStore.ts";
import { onlyAsListed } from "./rowNumbers.ts";

/** What flows to a thing, in the numbers that levels show. NaN: no data, or it does not apply. */
export interface TrafficNumbers {
  readonly rps: number;
  readonly errorShare: number;
  /** Seconds. */
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly receivedBytesPerSecond: number;
  readonly sentBytesPerSecond: number;
  /** Known, and nothing flowed. */
  readonly isIdle: boolean;
  readonly why: Message | undefined;
  /** By the chart that shows the same over time. */
  readonly origins: FigureOrigins;
}

/** What figures of traffic are read like, and so are their queries. */
const asked = ["requests", "errors", "latency", "tcpBytes"] as const;

export type FigureOrigins = Readonly<Partial<Record<(typeof asked)[number], Origin>>>;

const noNumbers = {
  rps: NaN,
  errorShare: NaN,
  p50: NaN,
  p95: NaN,
  p99: NaN,
  receivedBytesPerSecond: NaN,
  sentBytesPerSecond: NaN,
  isIdle: false,
};

/** Rows of the lists under a header of another time or window: their numbers would be false there. */
export const unlisted: TrafficNumbers = { ...noNumbers, why: onlyAsListed, origins: {} };

/** The lists' own numbers. */
export function listedNumbers(reading: TrafficReading, origins: FigureOrigins): TrafficNumbers {
  if (reading.kind === "none") return { ...noNumbers, why: reading.why, origins: {} };
  const { requests, latency, tcp } = reading;
  const rps = requests?.rps ?? (reading.kind === "idle" ? 0 : NaN);
  return {
    rps,
    errorShare: requests && requests.rps > 0 ? requests.errorsPerSecond / requests.rps : NaN,
    p50: latency?.p50 ?? NaN,
    p95: latency?.p95 ?? NaN,
    p99: latency?.p99 ?? NaN,
    receivedBytesPerSecond: tcp?.receivedBytesPerSecond ?? NaN,
    sentBytesPerSecond: tcp?.sentBytesPerSecond ?? NaN,
    isIdle: reading.kind === "idle",
    why: reading.why,
    origins,
  };
}

/** Where the lists' numbers of a cluster come from. */
export function listOrigin({ input }: LevelQuestion, cluster: ClusterKey): Origin | undefined {
  const status = input.stores.find((entry) => entry.cluster?.key === cluster)?.status?.telemetry;
  if (!status?.sourceLabel) return undefined;
  return { source: status.sourceLabel, provenance: status.provenance };
}

/** Of another time or window than the lists': four queries. */
export async function numbersThen(
  { input, windowSeconds, atMillis, signal }: LevelQuestion,
  cluster: ClusterKey,
  of: TrafficOf,
): Promise<TrafficNumbers> {
  const store = levelStoreOf(input, cluster);
  if (!isStore(store)) return { ...noNumbers, why: store, origins: {} };
  const range = { fromMillis: atMillis, toMillis: atMillis, stepSeconds: 1 };
  const charts = asked.map((chart) => ({ chart, by: "none" as const }));
  const query = { of, direction: "inbound" as const, cluster: store.rows, charts, windowSeconds, range };
  const answer = await answerOrWhy(store.telemetry.trafficCharts(query, signal), signal);
  if (MeshError.is(answer)) return { ...noNumbers, why: answer.words, origins: {} };
  const rps = lastOf(answer, "requests", "");
  const missing = answer.charts.flatMap((chart) => chart.missing).find(({ isAbsent }) => !isAbsent);
  return {
    rps,
    errorShare: rps > 0 ? lastOf(answer, "errors", "") : NaN,
    p50: lastOf(answer, "latency", "p50"),
    p95: lastOf(answer, "latency", "p95"),
    p99: lastOf(answer, "latency", "p99"),
    receivedBytesPerSecond: lastOf(answer, "tcpBytes", "received"),
    sentBytesPerSecond: lastOf(answer, "tcpBytes", "sent"),
    isIdle: rps === 0,
    why: missing?.why,
    origins: originsOf(
      store.label,
      answer.charts.map(({ provenance }) => provenance),
    ),
  };
}

function originsOf(source: string, provenance: readonly (Provenance | undefined)[]): FigureOrigins {
  const told = asked.map((chart, i) => [chart, provenance[i]] as const);
  return Object.fromEntries(told.flatMap(([chart, one]) => (one ? [[chart, { source, provenance: [one] }]] : [])));
}

/** Of a sum: the queries of all of its parts. */
export function originsTogether(parts: readonly Pick<TrafficNumbers, "origins">[]): FigureOrigins {
  const joined = asked.flatMap((chart) => {
    const told = parts.flatMap(({ origins }) => origins[chart] ?? []);
    if (told.length === 0) return [];
    const source = [...new Set(told.map((origin) => origin.source))].join(", ");
    return [[chart, { source, provenance: told.flatMap(({ provenance }) => provenance) }] as const];
  });
  return Object.fromEntries(joined);
}

/** Where all of a thing's numbers came in one answer. */
export function sameOrigin(origin: Origin | undefined): FigureOrigins {
  return Object.fromEntries(origin ? asked.map((chart) => [chart, origin]) : []);
}

/**
 * The query behind each of the lists' numbers of one thing: the lists ask for all rows at once, this asks for the one. Of
 * a store without a language of its own, what the lists asked it.
 */
export async function listedOrigins(
  question: LevelQuestion,
  cluster: ClusterKey,
  of: TrafficOf,
  { feed = cluster, isForwarded }: TrafficReading,
): Promise<FigureOrigins> {
  const { input, index, windowSeconds, signal } = question;
  const whole = listOrigin(question, feed);
  const store = levelStoreOf(input, feed);
  const entry = input.stores.find((each) => each.cluster?.key === feed);
  const provenance = entry?.status?.telemetry.provenance[0];
  const shared = sameOrigin(whole);
  if (!isStore(store) || !store.telemetry.trafficQueries || !provenance) return shared;
  const rows = feed === cluster ? store.rows : { id: index.cluster(cluster)?.clusterId, withUnplaced: false };
  const direction = isForwarded ? "outbound" : "inbound";
  const query = { of, direction, cluster: rows, charts: asked, windowSeconds, atMillis: provenance.atMillis } as const;
  const answer = await answerOrWhy(store.telemetry.trafficQueries(query, signal), signal);
  return MeshError.is(answer) ? shared : originsOf(store.label, answer);
}

function lastOf(answer: ChartsAnswer<TrafficChart>, chart: TrafficChart, series: string): number {
  const found = answer.charts.find((candidate) => candidate.chart === chart)?.series;
  return found?.find(({ name }) => name === series)?.points.at(-1) ?? NaN;
}

const chartOf: Readonly<Record<string, keyof FigureOrigins>> = {
  rps: "requests",
  errors: "errors",
  received: "tcpBytes",
  sent: "tcpBytes",
};

/** Requests in full; bytes only where TCP flows. */
export function trafficFigures(numbers: TrafficNumbers): readonly Figure[] {
  const { origins, isIdle } = numbers;
  const noData = numbers.why ?? say("Nothing tells of requests to it");
  // Some readings, as those of pods, do not hold every quantile.
  const noNumber = numbers.rps > 0 ? say("Not read for this level: see the charts") : say("No requests in the window");
  const figure = (id: string, title: Message, value: number, unit: Unit): Figure => ({
    id,
    title,
    value,
    unit,
    ...(isIdle ? { isIdle: true } : {}),
    why: Number.isNaN(value) ? (numbers.rps >= 0 && id !== "rps" ? noNumber : noData) : numbers.why,
    origin: Number.isNaN(value) ? undefined : origins[chartOf[id] ?? "latency"],
  });
  const bytes = numbers.receivedBytesPerSecond + numbers.sentBytesPerSecond;
  const requested = numbers.rps > 0 || !(bytes > 0);
  return [
    ...(requested
      ? [
          figure("rps", say("Requests"), numbers.rps, "rps"),
          figure("errors", say("Errors"), numbers.errorShare, "share"),
          figure("p50", say("p50"), numbers.p50, "seconds"),
          figure("p95", say("p95"), numbers.p95, "seconds"),
          figure("p99", say("p99"), numbers.p99, "seconds"),
        ]
      : []),
    ...(bytes > 0
      ? [
          figure("received", say("TCP received"), numbers.receivedBytesPerSecond, "bytesPerSecond"),
          figure("sent", say("TCP sent"), numbers.sentBytesPerSecond, "bytesPerSecond"),
        ]
      : []),
  ];
}
