const second = 1e9;
const goUnits: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  μs: 1e3,
  ms: 1e6,
  s: second,
  m: 60 * second,
  h: 3600 * second,
};

/** Nanoseconds of a duration as proto JSON writes it ("1.5s"); undefined for any other text. */
export function protoDuration(text: string): number | undefined {
  const [, digits] = /^(-?\d{1,12}(?:\.\d{1,9})?)s$/u.exec(text) ?? [];
  return digits === undefined ? undefined : Math.round(Number(digits) * second);
}

/** Nanoseconds of a duration as Go's time.ParseDuration reads it ("1h30m", "100us"); undefined for any other text. */
export function goDuration(text: string): number | undefined {
  const [, sign, body = ""] = /^([+-]?)(.*)$/su.exec(text) ?? [];
  if (body === "0") return 0;
  if (!/^(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+$/u.test(body)) return undefined;
  let nanoseconds = 0;
  for (const [, amount, unit = ""] of body.matchAll(/([\d.]+)([^\d.]+)/gu)) {
    nanoseconds += Number(amount) * (goUnits[unit] ?? 0);
  }
  if (nanoseconds > 2 ** 63) return undefined;
  return sign === "-" ? -nanoseconds : nanoseconds;
}

/** Either way of writing it: the API server takes Go's, and turns it into proto's before istiod reads it. */
export function duration(text: string): number | undefined {
  return protoDuration(text) ?? goDuration(text);
}

export const millisecond = 1e6;
