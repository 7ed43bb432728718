import { isAbort, MeshError } from "../../mesh/meshError.ts";
import { say, type Message } from "../../mesh/message.ts";
import type { Clock, Log, TelemetrySource } from "../../mesh/ports.ts";
import type { Capabilities, Capability } from "../../mesh/telemetry/capabilities.ts";
import { labelOf, type Sample } from "../../mesh/telemetry/sample.ts";
import type {
  Missing,
  Provenance,
  Summaries,
  SummaryQuery,
  TrafficRow,
  WorkloadName,
} from "../../mesh/telemetry/summaries.ts";
import { rowLabels, trafficRows, type RowKind, type RowScope } from "../../mesh/telemetry/trafficRows.ts";
import { PrometheusGraph } from "./graph/prometheusGraph.ts";
import { probeCapabilities } from "./queries/capabilityProbe.ts";
import { requestsQuery, tcpQuery } from "./queries/istioQueries.ts";
import { LatencyAsker, type ListAnswer } from "./queries/latencyAsker.ts";
import { PrometheusLevels } from "./levels/prometheusLevels.ts";
import type { PrometheusClient } from "./http/prometheusClient.ts";
import { equal, isLabelName, type Matcher } from "./queries/promql.ts";
import type { PrometheusSettings } from "./settings.ts";
import type { SummaryScope } from "./queries/summaryScope.ts";

export interface SourceOptions {
  readonly id: string;
  readonly settings: Pick<PrometheusSettings, "queryLabels" | "scrapeIntervalSeconds">;
  readonly log: Log;
  readonly clock: Clock;
}

/** Questions are asked for times that are multiples of this, so that neighbours in time and sources agree. */
const stepMillis = 5000;
/** A rate needs two samples in its window; half an interval more forgives a scrape that came late. */
const intervalsPerWindow = 2.5;

interface Question {
  readonly scope: RowScope;
  readonly about: "requests" | "latency" | "tcp";
  readonly what: Message;
}

const questions: readonly Question[] = [
  { scope: "service", about: "requests", what: say("Requests of services") },
  { scope: "workload", about: "requests", what: say("Requests of workloads") },
  { scope: "service", about: "latency", what: say("Latency of services") },
  { scope: "workload", about: "latency", what: say("Latency of workloads") },
  { scope: "service", about: "tcp", what: say("TCP bytes of services") },
  { scope: "workload", about: "tcp", what: say("TCP bytes of workloads") },
];

interface Answered extends Question {
  readonly answer: ListAnswer | MeshError;
}

/** A store that speaks Prometheus' API, as the mesh's telemetry. */
export class PrometheusSource implements TelemetrySource {
  readonly id: string;
  readonly label: string;
  readonly graph: PrometheusGraph;
  readonly levels: PrometheusLevels;
  readonly #client: PrometheusClient;
  readonly #options: SourceOptions;
  readonly #always: readonly Matcher[];
  readonly #latency: LatencyAsker;
  #known: Capabilities | undefined;

  constructor(client: PrometheusClient, options: SourceOptions) {
    this.id = options.id;
    this.label = client.label;
    this.#client = client;
    this.#latency = new LatencyAsker(client);
    this.#options = options;
    this.#always = alwaysOf(options.settings.queryLabels ?? {});
    const { id: sourceId, log, clock } = options;
    this.levels = new PrometheusLevels(client, {
      sourceId,
      always: this.#always,
      log,
      clock,
      known: (signal) => this.#capabilitiesIfAny(signal),
    });
    this.graph = new PrometheusGraph(client, {
      sourceId,
      always: this.#always,
      log,
      scrapeInterval: async (signal) => (await this.#capabilitiesIfAny(signal))?.scrapeIntervalSeconds,
    });
  }

  async capabilities(signal: AbortSignal): Promise<Capabilities> {
    const { clock, settings } = this.#options;
    const { scrapeIntervalSeconds } = settings;
    this.#known = await probeCapabilities(
      this.#client,
      clock.now(),
      { always: this.#always, scrapeIntervalSeconds },
      signal,
    );
    return this.#known;
  }

  async summaries(query: SummaryQuery, signal: AbortSignal): Promise<Summaries> {
    const known = await this.#capabilitiesIfAny(signal);
    const windowSeconds = usableWindow(query.windowSeconds, known?.scrapeIntervalSeconds);
    const atMillis = Math.floor(query.atMillis / stepMillis) * stepMillis;
    const { namespaces, gateways = [] } = query;
    const scope: SummaryScope = { windowSeconds, namespaces, gateways, always: this.#always };
    const asked = namespaces?.length === 0 ? [] : questions;
    const answers = await Promise.all(asked.map((question) => this.#answer(question, scope, atMillis, signal)));
    const failures = answers.flatMap(({ answer, ...question }) =>
      MeshError.is(answer) ? [{ ...question, answer }] : [],
    );
    const [failure] = failures;
    if (failure && failures.length === asked.length) throw failure.answer;
    const given = answers.flatMap(({ answer }) => (MeshError.is(answer) ? [] : [answer]));
    return {
      services: rowsOf(answers, "service"),
      workloads: rowsOf(answers, "workload"),
      forwarded: rowsOf(answers, "gateway").filter(isAmong(gateways)),
      provenance: given.map((each): Provenance => {
        return { sourceId: this.id, query: each.query, windowSeconds, atMillis };
      }),
      missing: [
        ...(known ? absences(known) : []),
        ...failures.map(({ what, about, scope: rows, answer }): Missing => {
          return { what, why: answer.words, about, rows: rows === "service" ? "services" : "workloads" };
        }),
      ],
      warnings: [...new Set(given.flatMap(({ warnings }) => warnings))],
    };
  }

  dispose(): void {
    this.#client.dispose();
  }

  async #answer(question: Question, scope: SummaryScope, atMillis: number, signal: AbortSignal): Promise<Answered> {
    try {
      return { ...question, answer: await this.#ask(question, scope, atMillis, signal) };
    } catch (e) {
      if (isAbort(e) || !MeshError.is(e)) throw e;
      this.#options.log.debug("no answer", { about: question.about, scope: question.scope, error: e.message });
      return { ...question, answer: e };
    }
  }

  async #ask(question: Question, about: SummaryScope, atMillis: number, signal: AbortSignal): Promise<ListAnswer> {
    if (question.about === "latency") return this.#latency.ask(question.scope, about, atMillis, signal);
    const write = question.about === "requests" ? requestsQuery : tcpQuery;
    const query = write(question.scope, about);
    return { ...(await this.#client.query(query, atMillis, signal)), query };
  }

  /** Numbers do not wait for a store to tell about itself: without an answer, the window stays as asked. */
  async #capabilitiesIfAny(signal: AbortSignal): Promise<Capabilities | undefined> {
    if (this.#known) return this.#known;
    try {
      return await this.capabilities(signal);
    } catch (e) {
      if (isAbort(e) || !MeshError.is(e)) throw e;
      this.#options.log.debug("capabilities unknown", { error: e.message });
      return undefined;
    }
  }
}

/** Matchers that the user wants in every selector. */
export function alwaysOf(queryLabels: Readonly<Record<string, string>>): readonly Matcher[] {
  return Object.entries(queryLabels).map(([label, value]) => {
    if (isLabelName(label)) return equal(label, value);
    throw new MeshError("misconfigured", say("{0} is no name for a label of Prometheus.", label));
  });
}

function usableWindow(windowSeconds: number, scrapeIntervalSeconds: number | undefined): number {
  return Math.max(windowSeconds, Math.ceil((scrapeIntervalSeconds ?? 0) * intervalsPerWindow));
}

/** Gateways come with the workloads' answers, and are named by other labels. */
function rowsOf(answers: readonly Answered[], kind: RowKind): readonly TrafficRow[] {
  const scope = kind === "gateway" ? "workload" : kind;
  const [, , nameLabel] = rowLabels[kind];
  const about = (subject: Question["about"]): readonly Sample[] | undefined => {
    const found = answers.find((each) => each.scope === scope && each.about === subject)?.answer;
    return MeshError.is(found) ? undefined : found?.samples.filter((sample) => labelOf(sample, nameLabel) !== "");
  };
  return trafficRows({ requests: about("requests"), latency: about("latency"), tcp: about("tcp") }, kind);
}

/** The question names namespaces and names apart, which also fits another workload of the name elsewhere. */
function isAmong(gateways: readonly WorkloadName[]): (row: TrafficRow) => boolean {
  const asked = new Set(gateways.map(({ namespace, name }) => `${namespace}/${name}`));
  return ({ namespace, name }) => asked.has(`${namespace}/${name}`);
}

function absences(known: Capabilities): Missing[] {
  const parts: readonly (readonly [Message, Capability])[] = [
    [say("Requests"), known.http],
    [say("Latency"), known.latency],
    [say("TCP bytes"), known.tcp],
  ];
  return parts
    .filter(([, capability]) => !capability.present)
    .map(([what, { lookedFor }]) => {
      return { what, why: say("There is no series named {0}.", lookedFor.join(", ")), isAbsent: true };
    });
}
