import { isAbort, MeshError } from "../../mesh/meshError.ts";
import { say, type Message } from "../../mesh/message.ts";
import type { Clock, Log, TelemetrySource } from "../../mesh/ports.ts";
import type { Capabilities, Capability } from "../../mesh/telemetry/capabilities.ts";
import type { Sample } from "../../mesh/telemetry/sample.ts";
import type { Missing, Provenance, Summaries, SummaryQuery } from "../../mesh/telemetry/summaries.ts";
import { trafficRows, type RowScope } from "../../mesh/telemetry/trafficRows.ts";
import { probeCapabilities } from "./capabilityProbe.ts";
import { latencyQuery, requestsQuery, tcpQuery, type SummaryScope } from "./istioQueries.ts";
import type { PrometheusClient } from "./prometheusClient.ts";
import { equal, isLabelName, type Matcher } from "./promql.ts";
import type { PrometheusSettings } from "./settings.ts";

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
  readonly query: string;
}

type Answered = Question & { readonly samples: readonly Sample[] | undefined };

/** A store that speaks Prometheus' API, as the mesh's telemetry. */
export class PrometheusSource implements TelemetrySource {
  readonly id: string;
  readonly label: string;
  readonly #client: PrometheusClient;
  readonly #options: SourceOptions;
  readonly #always: readonly Matcher[];
  #known: Capabilities | undefined;

  constructor(client: PrometheusClient, options: SourceOptions) {
    this.id = options.id;
    this.label = client.label;
    this.#client = client;
    this.#options = options;
    this.#always = alwaysOf(options.settings.queryLabels ?? {});
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
    const { namespaces } = query;
    const questions = namespaces?.length === 0 ? [] : questionsOf({ windowSeconds, namespaces, always: this.#always });
    const warnings = new Set<string>();
    const missing: Missing[] = known ? absences(known) : [];
    const failures: MeshError[] = [];
    const ask = async (question: Question): Promise<Answered> => {
      try {
        const answer = await this.#client.query(question.query, atMillis, signal);
        for (const warning of answer.warnings) warnings.add(warning);
        return { ...question, samples: answer.samples };
      } catch (e) {
        if (isAbort(e) || !MeshError.is(e)) throw e;
        this.#options.log.error("telemetry question failed", e, { about: question.about, scope: question.scope });
        failures.push(e);
        missing.push({ what: question.what, why: e.words });
        return { ...question, samples: undefined };
      }
    };
    const answers = await Promise.all(questions.map(ask));
    const [failure] = failures;
    if (failure && failures.length === questions.length) throw failure;
    const provenance = questions.map(({ query: text }): Provenance => {
      return { sourceId: this.id, query: text, windowSeconds, atMillis };
    });
    return {
      services: rowsOf(answers, "service"),
      workloads: rowsOf(answers, "workload"),
      provenance,
      missing,
      warnings: [...warnings],
    };
  }

  dispose(): void {
    this.#client.dispose();
  }

  /** Numbers do not wait for a store to tell about itself: without an answer, the window stays as asked. */
  async #capabilitiesIfAny(signal: AbortSignal): Promise<Capabilities | undefined> {
    if (this.#known) return this.#known;
    try {
      return await this.capabilities(signal);
    } catch (e) {
      if (isAbort(e) || !MeshError.is(e)) throw e;
      this.#options.log.error("telemetry capabilities unknown", e);
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

function questionsOf(scope: SummaryScope): readonly Question[] {
  return [
    {
      scope: "service",
      about: "requests",
      what: say("Requests of services"),
      query: requestsQuery("service", scope),
    },
    {
      scope: "workload",
      about: "requests",
      what: say("Requests of workloads"),
      query: requestsQuery("workload", scope),
    },
    { scope: "service", about: "latency", what: say("Latency of services"), query: latencyQuery("service", scope) },
    { scope: "workload", about: "latency", what: say("Latency of workloads"), query: latencyQuery("workload", scope) },
    { scope: "service", about: "tcp", what: say("TCP bytes of services"), query: tcpQuery("service", scope) },
    { scope: "workload", about: "tcp", what: say("TCP bytes of workloads"), query: tcpQuery("workload", scope) },
  ];
}

function rowsOf(answers: readonly Answered[], scope: RowScope) {
  const about = (subject: Question["about"]): readonly Sample[] | undefined =>
    answers.find((answer) => answer.scope === scope && answer.about === subject)?.samples;
  return trafficRows({ requests: about("requests"), latency: about("latency"), tcp: about("tcp") }, scope);
}

function absences(known: Capabilities): Missing[] {
  const parts: readonly (readonly [Message, Capability])[] = [
    [say("Requests"), known.http],
    [say("Latency"), known.latency],
    [say("TCP bytes"), known.tcp],
  ];
  return parts
    .filter(([, capability]) => !capability.present)
    .map(([what, { lookedFor }]) => ({ what, why: say("There is no series named {0}.", lookedFor.join(", ")) }));
}
