const unitSeconds: Readonly<Record<string, number>> = {
  ms: 0.001,
  s: 1,
  m: 60,
  h: 3600,
  d: 86_400,
  w: 604_800,
  y: 31_536_000,
};

/** Prometheus' durations ("15s", "1h30m") in seconds; undefined for anything else and for 0. */
export function parseDuration(text: string): number | undefined {
  if (!/^(?:\d+(?:ms|[smhdwy]))+$/.test(text)) return undefined;
  let seconds = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+)(ms|[smhdwy])/g)) {
    seconds += Number(amount) * (unitSeconds[unit ?? ""] ?? 0);
  }
  return seconds > 0 ? seconds : undefined;
}

/** The different scrape intervals of a configuration file in seconds, the global one first. */
export function intervalsOf(yaml: string): readonly number[] {
  // The server prints this YAML itself, one setting a line, so a line is enough to know one by.
  const texts = [...yaml.matchAll(/^[ -]*scrape_interval:[ \t]*"?([0-9a-z]+)"?[ \t]*$/gm)].map(
    ([, text]) => text ?? "",
  );
  return [...new Set(texts.flatMap((text) => parseDuration(text) ?? []))];
}
