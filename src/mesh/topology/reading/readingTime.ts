import type { TopologyQuery } from "./topologyReading.ts";

/** What Prometheus scrapes by unless told otherwise comes to this in Istio's own samples. */
const usualScrapeSeconds = 15;

/** Two samples are needed for a rate; with half an interval to spare they are always there. */
const scrapesPerWindow = 2.5;

export interface ReadingTime {
  readonly atMillis: number;
  readonly windowSeconds: number;
  /** The window asked for was shorter than two and a half scrapes. */
  readonly isWidened: boolean;
}

/** When to evaluate, and over how long. `scrapeSeconds`: of the slowest store; undefined where none tells. */
export function readingTime(query: TopologyQuery, scrapeSeconds: number | undefined, nowMillis: number): ReadingTime {
  const least = Math.ceil(scrapesPerWindow * (scrapeSeconds ?? 0));
  const windowSeconds = Math.max(query.windowSeconds, least);
  const wanted = query.atMillis ?? nowMillis;
  const step = Math.min(scrapeSeconds ?? usualScrapeSeconds, windowSeconds / 10) * 1000;
  const atMillis = query.isAligned && step >= 1 ? Math.floor(wanted / step) * step : wanted;
  return { atMillis: Math.floor(atMillis), windowSeconds, isWidened: windowSeconds > query.windowSeconds };
}
