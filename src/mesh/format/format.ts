import { say, type Message } from "../message.ts";

/** What stands where there is no data. */
export const noData = "–";

/** A quantity as a source gives it; null, undefined, NaN, infinite and negative values all read "no data". */
export type Quantity = number | null | undefined;

/** Numbers for people, in one form everywhere, with the locale's digits and separators. Units are never dropped. */
export interface Format {
  /** The locale in use, a BCP 47 tag. */
  readonly locale: string;
  /** Requests per second: "0.04 rps", "12 rps", "1.2k rps". */
  readonly rate: (rps: Quantity) => string;
  /** A fraction of 0 to 1: "0%", "<0.1%", "8.3%", "12%"; ">99%" for what is not quite all. */
  readonly share: (fraction: Quantity) => string;
  /** Seconds: "850 µs", "18 ms", "1.2 s". */
  readonly latency: (seconds: Quantity) => string;
  /** Bytes per second in powers of 1,000: "1.6 kB/s". */
  readonly throughput: (bytesPerSecond: Quantity) => string;
  /** Bytes in powers of 1,000: "512 MB". */
  readonly bytes: (bytes: Quantity) => string;
  /** CPU cores: "0.3 cores", "1 core". */
  readonly cores: (cores: Quantity) => string;
  /** So many a second of what the name beside it says: "0.4/s". */
  readonly perSecond: (perSecond: Quantity) => string;
  /** A number without a unit, two significant digits below 100: "0.42"; whole ones exactly. */
  readonly amount: (value: Quantity) => string;
  /** Received and sent, from the row's own side: "↓1.6 kB/s ↑0.9 kB/s"; the smaller in the larger's unit where it can. */
  readonly flow: (received: Quantity, sent: Quantity) => string;
  /** How many: "1,234". */
  readonly count: (howMany: Quantity) => string;
  /** A setting of so many seconds, exactly: "15 s", "90 s", "5 min", "1 h", "15 d". */
  readonly duration: (seconds: Quantity) => string;
  /** Elapsed time, rounded down to one unit: "40 s", "2 min", "3 h", "5 d". Below zero reads "0 s". */
  readonly age: (milliseconds: Quantity) => string;
  /** "40 s ago". */
  readonly ago: (milliseconds: Quantity) => Message;
}

interface Step {
  readonly factor: number;
  readonly suffix: string;
}

const rateSteps: readonly Step[] = [
  { factor: 1, suffix: " rps" },
  { factor: 1e3, suffix: "k rps" },
  { factor: 1e6, suffix: "M rps" },
  { factor: 1e9, suffix: "G rps" },
];
const latencySteps: readonly Step[] = [
  { factor: 1e-6, suffix: " µs" },
  { factor: 1e-3, suffix: " ms" },
  { factor: 1, suffix: " s" },
  { factor: 60, suffix: " min" },
  { factor: 3600, suffix: " h" },
];
const throughputSteps: readonly Step[] = [
  { factor: 1, suffix: " B/s" },
  { factor: 1e3, suffix: " kB/s" },
  { factor: 1e6, suffix: " MB/s" },
  { factor: 1e9, suffix: " GB/s" },
  { factor: 1e12, suffix: " TB/s" },
  { factor: 1e15, suffix: " PB/s" },
];
const byteSteps = throughputSteps.map(({ factor, suffix }) => ({ factor, suffix: suffix.replace("/s", "") }));
const coreSteps: readonly Step[] = [{ factor: 1, suffix: " cores" }];
const perSecondSteps: readonly Step[] = [
  { factor: 1, suffix: "/s" },
  { factor: 1e3, suffix: "k/s" },
  { factor: 1e6, suffix: "M/s" },
];
const timeUnits = [
  { seconds: 86_400, suffix: " d" },
  { seconds: 3600, suffix: " h" },
  { seconds: 60, suffix: " min" },
] as const;

/** The formatter for a locale; one that Intl does not know ("C.UTF-8") reads as English. */
export function createFormat(locale: string): Format {
  const tag = knownLocale(locale);
  const plain = new Intl.NumberFormat(tag, { maximumSignificantDigits: 17 });
  const percent = new Intl.NumberFormat(tag, { style: "percent", maximumSignificantDigits: 2 });

  const scaled = (value: number, step: Step) => plain.format(rounded(value / step.factor)) + step.suffix;
  const measure = (value: Quantity, steps: readonly Step[], least: number): string => {
    if (!isMeasured(value)) return noData;
    if (value > 0 && value < least) return `<${scaled(least, stepFor(least, steps))}`;
    return scaled(value, stepFor(value, steps));
  };
  const throughput = (value: Quantity) => measure(value, throughputSteps, 0.1);
  const age = (milliseconds: Quantity): string => {
    if (!isNumber(milliseconds)) return noData;
    const seconds = Math.max(0, Math.floor(milliseconds / 1000));
    const unit = timeUnits.find((candidate) => seconds >= candidate.seconds);
    return unit ? plain.format(Math.floor(seconds / unit.seconds)) + unit.suffix : `${plain.format(seconds)} s`;
  };

  return {
    locale: tag,
    rate: (rps) => measure(rps, rateSteps, 0.001),
    share(fraction) {
      if (!isMeasured(fraction)) return noData;
      if (fraction > 0 && fraction < 0.001) return `<${percent.format(0.001)}`;
      if (fraction < 1 && rounded(fraction * 100) >= 100) return `>${percent.format(0.99)}`;
      // Sums of floating-point rates may exceed their total by a hair.
      return percent.format(Math.min(1, fraction));
    },
    latency: (seconds) => (seconds === 0 ? `${plain.format(0)} ms` : measure(seconds, latencySteps, 1e-6)),
    throughput,
    bytes: (bytes) => measure(bytes, byteSteps, 1),
    cores: (cores) => (cores === 1 ? `${plain.format(1)} core` : measure(cores, coreSteps, 0.001)),
    perSecond: (perSecond) => measure(perSecond, perSecondSteps, 0.001),
    amount: (value) => (isNumber(value) ? plain.format(Number.isInteger(value) ? value : rounded(value)) : noData),
    flow(received, sent) {
      const step = stepFor(Math.max(isMeasured(received) ? received : 0, isMeasured(sent) ? sent : 0), throughputSteps);
      const side = (value: Quantity) =>
        isMeasured(value) && value >= step.factor / 10 ? scaled(value, step) : throughput(value);
      return `↓${side(received)} ↑${side(sent)}`;
    },
    count: (howMany) => (isMeasured(howMany) ? plain.format(Math.round(howMany)) : noData),
    duration(seconds) {
      if (!isMeasured(seconds)) return noData;
      const unit = timeUnits.find((candidate) => seconds > 0 && seconds % candidate.seconds === 0);
      return unit ? plain.format(seconds / unit.seconds) + unit.suffix : `${plain.format(seconds)} s`;
    },
    age,
    ago: (milliseconds) => (isNumber(milliseconds) ? say("{0} ago", age(milliseconds)) : say("–")),
  };
}

/** Two significant digits; whole numbers from 100 on. */
function rounded(value: number): number {
  return value < 99.5 ? Number(value.toPrecision(2)) : Math.round(value);
}

/** The largest step in which the rounded value does not fall below 1: 999.7 B/s is 1 kB/s. */
function stepFor(value: number, steps: readonly Step[]): Step {
  const first = steps[0] ?? { factor: 1, suffix: "" };
  let best = first;
  for (const step of steps.slice(1)) {
    // A step is left only when its number would need four digits: 120 s stays seconds, 1,000 s are minutes.
    if (rounded(value / best.factor) >= 1000) best = step;
    else break;
  }
  return best;
}

function isNumber(value: Quantity): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

function isMeasured(value: Quantity): value is number {
  return isNumber(value) && value >= 0;
}

function knownLocale(locale: string): string {
  try {
    return Intl.NumberFormat.supportedLocalesOf([locale])[0] ?? "en";
  } catch {
    // RangeError: not a language tag at all.
    return "en";
  }
}
