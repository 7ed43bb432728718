import { say } from "../mesh/message.ts";
import type { OptionName } from "./options.ts";
import { UsageError } from "./usageError.ts";

/** The values of a command line by option, checked when asked for. Throws UsageErrors. */
export class OptionReader {
  readonly #given: ReadonlyMap<OptionName, readonly string[]>;

  constructor(given: ReadonlyMap<OptionName, readonly string[]>) {
    this.#given = given;
  }

  only(command: string, allowed: readonly OptionName[]): void {
    for (const name of this.#given.keys()) {
      if (!allowed.includes(name)) throw new UsageError(say("`{0}` has no option --{1}.", command, name));
    }
  }

  has(name: OptionName): boolean {
    return this.#given.has(name);
  }

  all(name: OptionName): readonly string[] {
    return this.#given.get(name) ?? [];
  }

  one(name: OptionName): string | undefined {
    return this.all(name)[0];
  }

  oneOf<T extends string>(name: OptionName, allowed: readonly T[]): T | undefined {
    const value = this.one(name);
    if (value === undefined) return undefined;
    const known = allowed.find((candidate) => candidate === value);
    if (!known) throw new UsageError(say("--{0} {1} is not known; there are: {2}.", name, value, allowed.join(", ")));
    return known;
  }

  whole(name: OptionName, least: number, most: number): number | undefined {
    const value = this.one(name);
    if (value === undefined) return undefined;
    const number = /^\d+$/.test(value) ? Number(value) : NaN;
    if (!(number >= least && number <= most))
      throw new UsageError(say("--{0} {1} is no whole number from {2} to {3}.", name, value, least, most));
    return number;
  }

  /** Seconds, given as "60", "60s", "5m30s" or "1d12h": larger units first, as Prometheus writes them. */
  duration(name: OptionName): number | undefined {
    const value = this.one(name);
    if (value === undefined) return undefined;
    const parts = /^(-?)(?:(\d+)|(?=\d)(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?)$/.exec(value);
    if (!parts) throw new UsageError(say("--{0} {1} is no duration such as 60, 60s, 5m30s or 1h.", name, value));
    const factors = [1, 86_400, 3600, 60, 1];
    const seconds = factors.reduce((sum, factor, i) => sum + factor * Number(parts[i + 2] ?? 0), 0);
    if (parts[1] === "-" || seconds < 1 || seconds > 30 * 86_400)
      throw new UsageError(say("--{0} {1} is out of range: from 1s to 30d.", name, value));
    return seconds;
  }

  /** Milliseconds since 1970, given as ISO 8601 ("2026-08-01T12:00:00Z") or as seconds since 1970. */
  time(name: OptionName): number | undefined {
    const value = this.one(name);
    if (value === undefined) return undefined;
    const isDate = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)?)?$/.test(value);
    const millis = isDate ? Date.parse(value) : /^\d{1,10}(?:\.\d+)?$/.test(value) ? Number(value) * 1000 : NaN;
    if (Number.isNaN(millis))
      throw new UsageError(
        say("--{0} {1} is no time such as 2026-08-01T12:00:00Z, or seconds since 1970.", name, value),
      );
    return millis;
  }
}
