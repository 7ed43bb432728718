import { isAbort, MeshError } from "../../meshError.ts";
import { fill, say } from "../../message.ts";
import type { Log } from "../../ports.ts";
import type { EdgeAnswer, EdgeQuery } from "../../telemetry/edges/edgeAnswer.ts";
import type { GraphProblem } from "../graph/graph.ts";
import type { StoreToAsk } from "./storesToAsk.ts";

/** How a store answered: with rows, or why not. */
export interface Asked {
  readonly store: StoreToAsk;
  readonly answer: EdgeAnswer | undefined;
  readonly problems: readonly GraphProblem[];
}

/** Asks all stores at once; one that fails keeps none of the others waiting or without an answer. Rejects by the signal. */
export async function askStores(
  stores: readonly StoreToAsk[],
  query: EdgeQuery,
  log: Log,
  signal: AbortSignal,
): Promise<readonly Asked[]> {
  return Promise.all(stores.map((store) => askOne(store, query, log, signal)));
}

async function askOne(store: StoreToAsk, query: EdgeQuery, log: Log, signal: AbortSignal): Promise<Asked> {
  const { source } = store;
  if (!source.graph) return { store, answer: undefined, problems: [cannotTell(store)] };
  try {
    const answer = await source.graph.edges(query, signal);
    return { store, answer, problems: shortcomings(store, answer) };
  } catch (e) {
    signal.throwIfAborted();
    if (!MeshError.is(e)) log.error("A metrics store failed in a way it should not", e, { store: source.label });
    return { store, answer: undefined, problems: [failureOf(store, e)] };
  }
}

/** A failure in words. What is no MeshError is a mistake of ours, and still no reason to draw nothing. */
export function failureOf({ source }: StoreToAsk, e: unknown): GraphProblem {
  const id = `store/${source.id}`;
  if (MeshError.is(e)) {
    const told = fill(e.words);
    const words = told.startsWith(source.label) ? e.words : say("{0}: {1}", source.label, told);
    return { id, words, ...(e.hint ? { hint: e.hint } : {}), canRetry: e.kind !== "unsupported", severity: "error" };
  }
  const why = isAbort(e) ? say("the question was given up") : say("{0}", e instanceof Error ? e.message : String(e));
  return { id, words: say("{0}: {1}", source.label, fill(why)), canRetry: true, severity: "error" };
}

function cannotTell({ source }: StoreToAsk): GraphProblem {
  return {
    id: `store/${source.id}`,
    words: say("{0} cannot tell who talks to whom", source.label),
    canRetry: false,
    severity: "error",
  };
}

function shortcomings(store: StoreToAsk, answer: EdgeAnswer): readonly GraphProblem[] {
  return [
    ...missingIn(store, answer),
    ...answer.warnings.map((warning): GraphProblem => ({
      id: `warning/${store.source.id}/${warning}`,
      words: say("The answer of {0} may be incomplete: {1}", store.source.label, warning),
      canRetry: true,
      severity: "warning",
    })),
  ];
}

/** Questions that a store did not answer; what it never had is no problem. */
export function missingIn(
  { source }: StoreToAsk,
  { missing, provenance }: Pick<EdgeAnswer, "missing" | "provenance">,
): readonly GraphProblem[] {
  const failed = missing.filter(({ isAbsent }) => !isAbsent);
  return failed.map(({ what, why, about }): GraphProblem => {
    const query = provenance.find((asked) => asked.query.includes(metricOf(about)))?.query;
    return {
      id: `missing/${source.id}/${fill(what)}`,
      words: say("{0}: {1}. {2}", source.label, fill(what), fill(why)),
      ...(query === undefined ? {} : { query }),
      canRetry: true,
      severity: "warning",
    };
  });
}

function metricOf(about: "requests" | "latency" | "tcp" | undefined): string {
  if (about === "latency") return "istio_request_duration";
  return about === "tcp" ? "istio_tcp_" : "istio_requests_total";
}
