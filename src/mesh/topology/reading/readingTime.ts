import type { TopologyQuery } from "./topologyReading.ts";

/** What Prometheus scrapes by unless told otherwise comes to this in Istio's own samples. */
const usualScrapeSeconds = 15;

/** Two samples are needed for a rate; with half an interval to spare they are always there. */
const scrapesPerWindow = 2.5;

/** What Prometheus scrapes by where nobody configures it; few scrape more rarely. */
const slowScrapeSeconds = 60;

export interface ReadingTime {
  readonly atMillis: number;
  readonly windowSeconds: number;
  /** The window asked for was shorter than two and a half scrapes. */
  readonly isWidened: boolean;
}

/** When to evaluate (nothing is known of the future), and over how long. `scrapeSeconds`: of the slowest store; undefined where none tells. */
export function readingTime(query: TopologyQuery, scrapeSeconds: number | undefined, nowMillis: number): ReadingTime {
  const least = Math.ceil(scrapesPerWindow * (scrapeSeconds ?? 0));
  const windowSeconds = Math.max(query.windowSeconds, least);
  const wanted = Math.min(query.atMillis ?? nowMillis, nowMillis);
  const step = Math.min(scrapeSeconds ?? usualScrapeSeconds, windowSeconds / 10) * 1000;
  const atMillis = query.isAligned && step >= 1 ? Math.floor(wanted / step) * step : wanted;
  return { atMillis: Math.floor(atMillis), windowSeconds, isWidened: windowSeconds > query.windowSeconds };
}

export interface SeriesTime {
  readonly fromMillis: number;
  readonly toMillis: number;
  readonly stepSeconds: number;
}

/**
 * The times that all stores are asked for, and over how long each rate is: a step, so that an outage of a few minutes in a
 * day is as deep as it was, and at least two and a half scrapes. `scrapeSeconds`: of each store, undefined where it does
 * not tell; `windowSeconds`: of the reading, which was enough for it.
 */
export function seriesTime(
  { fromMillis, toMillis, stepSeconds: wanted }: SeriesTime,
  scrapeSeconds: readonly (number | undefined)[],
  windowSeconds: number,
): SeriesTime & { readonly windowSeconds: number } {
  const stepSeconds = Math.max(wanted, ...scrapeSeconds.map((seconds) => Math.ceil(seconds ?? 0)));
  const enough = scrapeSeconds.map((seconds) => {
    return seconds === undefined
      ? Math.min(windowSeconds, scrapesPerWindow * slowScrapeSeconds)
      : Math.ceil(scrapesPerWindow * seconds);
  });
  return { fromMillis, toMillis, stepSeconds, windowSeconds: Math.max(stepSeconds, ...enough) };
}
