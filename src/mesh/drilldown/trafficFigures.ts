import type { TrafficReading } from "../explorer/join/traffic.ts";
import { say, type Message } from "../message.ts";
import type { ClusterKey } from "../model/refs.ts";
import type { ChartsAnswer, TrafficChart, TrafficOf, Unit } from "../telemetry/levels/levelTelemetry.ts";
import { MeshError } from "../meshError.ts";
import type { Figure, Origin } from "./level.ts";
import type { LevelQuestion } from "./levelQuestion.ts";
import { answerOrWhy, isStore, levelStoreOf } from "./levelStore.ts";

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
  readonly origin: Origin | undefined;
}

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

/** The lists' own numbers. `origin`: of the store that gave them. */
export function listedNumbers(reading: TrafficReading, origin: Origin | undefined): TrafficNumbers {
  if (reading.kind === "none") return { ...noNumbers, why: reading.why, origin: undefined };
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
    origin,
  };
}

/** Where the lists' numbers of a cluster come from. */
export function listOrigin({ input }: LevelQuestion, cluster: ClusterKey): Origin | undefined {
  const status = input.stores.find((entry) => entry.cluster?.key === cluster)?.status?.telemetry;
  if (!status?.sourceLabel) return undefined;
  return { source: status.sourceLabel, provenance: status.provenance };
}

const asked = ["requests", "errors", "latency", "tcpBytes"] as const;

/** Of another time or window than the lists': four queries. */
export async function numbersThen(
  { input, windowSeconds, atMillis, signal }: LevelQuestion,
  cluster: ClusterKey,
  of: TrafficOf,
): Promise<TrafficNumbers> {
  const store = levelStoreOf(input, cluster);
  if (!isStore(store)) return { ...noNumbers, why: store, origin: undefined };
  const range = { fromMillis: atMillis, toMillis: atMillis, stepSeconds: 1 };
  const charts = asked.map((chart) => ({ chart, by: "none" as const }));
  const query = { of, direction: "inbound" as const, cluster: store.rows, charts, windowSeconds, range };
  const answer = await answerOrWhy(store.telemetry.trafficCharts(query, signal), signal);
  if (MeshError.is(answer)) return { ...noNumbers, why: answer.words, origin: undefined };
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
    origin: { source: store.label, provenance: answer.charts.flatMap(({ provenance }) => provenance ?? []) },
  };
}

function lastOf(answer: ChartsAnswer<TrafficChart>, chart: TrafficChart, series: string): number {
  const found = answer.charts.find((candidate) => candidate.chart === chart)?.series;
  return found?.find(({ name }) => name === series)?.points.at(-1) ?? NaN;
}

/** Requests in full; bytes only where TCP flows. */
export function trafficFigures(numbers: TrafficNumbers): readonly Figure[] {
  const { origin, isIdle } = numbers;
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
    origin: Number.isNaN(value) ? undefined : origin,
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
