import pLimit from "p-limit";
import { isAbort, MeshError } from "../../../mesh/meshError.ts";
import { say, type Message } from "../../../mesh/message.ts";
import type { Clock, GraphTelemetry, Log } from "../../../mesh/ports.ts";
import type {
  EdgeAnswer,
  EdgePresence,
  EdgeQuery,
  EdgeSeries,
  EdgeSeriesQuery,
} from "../../../mesh/telemetry/edges/edgeAnswer.ts";
import { edgeLabels, detailLabels, edgeMetrics, type EdgeTable } from "../../../mesh/telemetry/edges/edgeTable.ts";
import { labelOf, type Sample } from "../../../mesh/telemetry/sample.ts";
import type { PrometheusClient } from "../http/prometheusClient.ts";
import type { QueryAnswer } from "../http/queryApi.ts";
import { carrierMark, edgeBytesQuery, edgeRequestsQuery, metricMark, edgeNamesQuery } from "../queries/edgeQueries.ts";
import type { EdgeSelection } from "../queries/edgeSelection.ts";
import type { Matcher } from "../queries/promql.ts";

export interface GraphOptions {
  readonly sourceId: string;
  readonly always: readonly Matcher[];
  readonly log: Log;
  readonly clock: Clock;
}

const atOnce = 6;

export class PrometheusGraph implements GraphTelemetry {
  readonly #client: PrometheusClient;
  readonly #options: GraphOptions;
  readonly #limit = pLimit(atOnce);

  constructor(client: PrometheusClient, options: GraphOptions) {
    this.#client = client;
    this.#options = options;
  }

  async edges(query: EdgeQuery, signal: AbortSignal): Promise<EdgeAnswer> {
    const { windowSeconds, namespaces, where, atMillis, withIdle, withDetails = false } = query;
    const selection: EdgeSelection = {
      windowSeconds,
      namespaces,
      ...(where ? { where } : {}),
      always: this.#options.always,
    };
    const begin = this.#options.clock.now();
    const questions: readonly (readonly [Message, string])[] = [
      [say("Requests"), edgeRequestsQuery(selection, { withIdle, withDetails })],
      [say("TCP bytes"), edgeBytesQuery(selection, { withIdle, withDetails })],
      [say("Names of workloads"), edgeNamesQuery(selection)],
    ];
    const answers = await Promise.all(
      questions.map(([what, text]) => this.#limit(() => this.#ask(what, text, atMillis, signal))),
    );
    const waitMillis = this.#options.clock.now() - begin;
    const [requests, bytes, names] = answers.map(({ answer }) => (MeshError.is(answer) ? [] : answer.samples));
    const failures = answers.flatMap(({ what, answer }) => (MeshError.is(answer) ? [{ what, answer }] : []));
    const [failure] = failures;
    if (failure && failures.length === answers.length) throw failure.answer;
    const edges = tableOf([...(requests ?? []), ...(bytes ?? [])]);
    return {
      edges,
      latency: [],
      workloads: (names ?? [])
        .filter((sample) => labelOf(sample, "workload") !== "")
        .map((sample) => ({
          clusterId: labelOf(sample, "cluster"),
          namespace: labelOf(sample, "namespace"),
          workload: labelOf(sample, "workload"),
          app: labelOf(sample, "service") || labelOf(sample, "name"),
          version: labelOf(sample, "revision") || labelOf(sample, "version"),
        })),
      waypoints: (names ?? [])
        .filter((sample) => labelOf(sample, "reporter") === "waypoint")
        .map((sample) => ({
          namespace: labelOf(sample, "namespace"),
          workload: /^(.+)-[^-]+-[^-]+$/.exec(labelOf(sample, "pod"))?.[1] ?? labelOf(sample, "app"),
        })),
      provenance: answers
        .filter(({ answer }) => !MeshError.is(answer))
        .map((each) => ({ sourceId: this.#options.sourceId, query: each.text, windowSeconds, atMillis })),
      missing: failures.map(({ what, answer }) => ({ what, why: answer.words })),
      warnings: [...new Set(answers.flatMap(({ answer }) => (MeshError.is(answer) ? [] : answer.warnings)))],
      cost: { queries: answers.length, bytes: 0, rows: edges.length, waitMillis, decodeMillis: 0 },
    };
  }

  series(_query: EdgeSeriesQuery, _signal: AbortSignal): Promise<EdgeSeries> {
    return Promise.reject(new MeshError("unsupported", say("{0} cannot tell this yet.", this.#client.label)));
  }

  presence(_query: Pick<EdgeQuery, "windowSeconds" | "atMillis">, _signal: AbortSignal): Promise<EdgePresence> {
    return Promise.reject(new MeshError("unsupported", say("{0} cannot tell this yet.", this.#client.label)));
  }

  async #ask(
    what: Message,
    text: string,
    atMillis: number,
    signal: AbortSignal,
  ): Promise<{ readonly what: Message; readonly text: string; readonly answer: QueryAnswer | MeshError }> {
    try {
      signal.throwIfAborted();
      return { what, text, answer: await this.#client.query(text, atMillis, signal) };
    } catch (e) {
      if (isAbort(e) || !MeshError.is(e)) throw e;
      return { what, text, answer: e };
    }
  }
}

function tableOf(samples: readonly Sample[]): EdgeTable {
  const strings = [""];
  const indexes = new Map([["", 0]]);
  const index = (text: string): number => {
    let found = indexes.get(text);
    if (found === undefined) {
      found = strings.push(text) - 1;
      indexes.set(text, found);
    }
    return found;
  };
  const labels: Partial<Record<string, Uint32Array>> = {};
  for (const label of [...edgeLabels, ...detailLabels]) {
    labels[label] = Uint32Array.from(samples, (sample) => index(labelOf(sample, label)));
  }
  return {
    length: samples.length,
    strings,
    labels,
    metric: Uint8Array.from(samples, (sample) => {
      return Math.max(
        0,
        edgeMetrics.findIndex((metric) => metric === labelOf(sample, metricMark)),
      );
    }),
    ztunnel: Uint8Array.from(samples, (sample) => (labelOf(sample, carrierMark) === "ztunnel" ? 1 : 0)),
    values: Float64Array.from(samples, ({ value }) => value),
  };
}
