import { say } from "../../message.ts";
import type { EdgePresence } from "../../telemetry/edges/edgeAnswer.ts";
import type { EmptyExplanation } from "../graph/graph.ts";
import type { StoreToAsk } from "./storesToAsk.ts";
import type { ReadingTime } from "./readingTime.ts";
import type { TopologyQuery } from "./topologyReading.ts";

export interface Emptiness {
  readonly query: TopologyQuery;
  readonly time: ReadingTime;
  /** Milliseconds since 1970: when the question was asked, whatever time it is about. */
  readonly nowMillis: number;
  /** Stores that answered; others are problems of their own. */
  readonly answered: readonly StoreToAsk[];
  /** Any store is there, or was found before. */
  readonly hasStores: boolean;
  /** A cluster or its store failed. */
  readonly hasFailed: boolean;
  /** Rows came, and none of them is of the kind of traffic that is asked for. */
  readonly hasOtherRows: boolean;
}

const minute = 60;
/** Long enough for two samples whatever the scrape interval, as far as people set it. */
const surelyLongSeconds = 5 * minute;

/** Why there is nothing to draw, and the way out. Asks the stores what they hold. Rejects only by the signal. */
export async function explainEmpty(emptiness: Emptiness, signal: AbortSignal): Promise<EmptyExplanation> {
  const { answered, hasStores, hasFailed } = emptiness;
  if (!hasStores && !hasFailed) {
    const words = say("No Prometheus was found. Name the address of one that scrapes the mesh's proxies");
    return { cause: "noPrometheus", words, query: undefined, wayOut: "setPrometheus" };
  }
  const presences = await presenceIn(answered, emptiness.time, signal);
  if (presences.length === 0) {
    const words = say("No metrics store gave an answer");
    return { cause: "noAnswer", words, query: undefined, wayOut: "retry" };
  }
  return (
    (await explainSilence(presences, emptiness, signal)) ?? {
      cause: "noTraffic",
      words: say("No traffic flowed in the window, though series are there"),
      query: queryOf(presences),
      ...longerWindow(emptiness.time),
    }
  );
}

async function explainSilence(
  presences: readonly EdgePresence[],
  { query, time, nowMillis, answered, hasOtherRows }: Emptiness,
  signal: AbortSignal,
): Promise<EmptyExplanation | undefined> {
  const asked = queryOf(presences);
  const there = presences.filter(({ seriesExist }) => seriesExist);
  if (there.length === 0) {
    const current =
      query.atMillis === undefined ? [] : await presenceIn(answered, { ...time, atMillis: nowMillis }, signal);
    const words = current.some(({ seriesExist }) => seriesExist)
      ? say("The metrics store has no data at that time. It holds Istio's series now")
      : say("The metrics store holds none of Istio's series. Are the proxies scraped?");
    return { cause: "noSeries", words, query: asked, wayOut: "runDoctor" };
  }
  if (there.every(({ labelsFit }) => !labelsFit)) {
    const missing = [...new Set(there.flatMap(({ missingLabels }) => missingLabels))].join(", ");
    const words = say("Istio's series lack labels that say who talks to whom: {0}", missing);
    return { cause: "wrongLabels", words, query: asked, wayOut: "runDoctor" };
  }
  const flowing = [...new Set(there.flatMap(({ flowingNamespaces }) => flowingNamespaces))].sort();
  const others = flowing.filter((namespace) => !query.namespaces?.includes(namespace));
  if (query.namespaces && others.length > 0) {
    const words = say("Nothing flows in the namespaces that are chosen. Traffic flows in {0}", listOf(others));
    return { cause: "filtered", words, query: asked, wayOut: "allNamespaces" };
  }
  if (hasOtherRows) {
    const words = say("Traffic flows, and none of it is of the kind that is chosen. Choose total");
    return { cause: "filtered", words, query: asked, wayOut: "retry" };
  }
  if (time.windowSeconds >= surelyLongSeconds) return undefined;
  const later = await presenceIn(answered, { ...time, windowSeconds: surelyLongSeconds }, signal);
  if (!later.some(({ flowingNamespaces }) => flowingNamespaces.length > 0)) return undefined;
  const isKnown = answered.every(({ capabilities }) => capabilities?.scrapeIntervalSeconds !== undefined);
  return {
    cause: isKnown ? "noTraffic" : "shortWindow",
    words: isKnown
      ? say("No traffic flowed in the last {0} seconds. A longer window has some", time.windowSeconds)
      : say(
          "The window of {0} seconds may be shorter than two scrapes. A longer window has traffic",
          time.windowSeconds,
        ),
    query: asked,
    wayOut: "widenWindow",
    windowSeconds: surelyLongSeconds,
  };
}

function longerWindow({ windowSeconds }: ReadingTime): Pick<EmptyExplanation, "wayOut" | "windowSeconds"> {
  const longer = [surelyLongSeconds, 60 * minute, 24 * 60 * minute].find((seconds) => seconds > windowSeconds);
  return longer === undefined ? { wayOut: "showIdle" } : { wayOut: "widenWindow", windowSeconds: longer };
}

/** Of the stores that tell; the others have failed already or do so now, which changes nothing of what is known. */
async function presenceIn(
  stores: readonly StoreToAsk[],
  { windowSeconds, atMillis }: Pick<ReadingTime, "windowSeconds" | "atMillis">,
  signal: AbortSignal,
): Promise<readonly EdgePresence[]> {
  const asked = stores.map(async ({ source }) => source.graph?.presence({ windowSeconds, atMillis }, signal));
  const answers = await Promise.allSettled(asked);
  signal.throwIfAborted();
  return answers.flatMap((answer) => (answer.status === "fulfilled" && answer.value ? [answer.value] : []));
}

function queryOf(presences: readonly EdgePresence[]): string | undefined {
  const queries = new Set(presences.flatMap(({ queries }) => queries));
  return queries.size > 0 ? [...queries].join("\n") : undefined;
}

const named = 5;

function listOf(names: readonly string[]): string {
  return names.length > named ? `${names.slice(0, named).join(", ")} …` : names.join(", ");
}
