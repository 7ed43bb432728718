import type { Format } from "../../src/mesh/format/format.ts";
import { say } from "../../src/mesh/message.ts";
import type { Unit } from "../../src/mesh/telemetry/levels/levelTelemetry.ts";
import { words } from "./words.ts";

/** How numbers of each unit read: "12 rps", "8.3%", "512 MB". NaN reads "–". */
export function unitText(format: Format): (value: number, unit: Unit) => string {
  const forms: Readonly<Record<Unit, (value: number) => string>> = {
    rps: format.rate,
    share: format.share,
    seconds: format.latency,
    bytes: format.bytes,
    bytesPerSecond: format.throughput,
    cores: format.cores,
    perSecond: format.perSecond,
    count: format.amount,
  };
  return (value, unit) => forms[unit](value);
}

/** "0.3 of 0.5 cores", "412 MB of 1 GB"; without a limit the value alone. */
export function limitText(
  format: Format,
  { value, limit, unit }: { value: number; limit: number; unit: Unit },
): string {
  const write = unitText(format);
  if (!(limit > 0) || Number.isNaN(value)) return write(value, unit);
  const [of, whole] = [write(value, unit), write(limit, unit)];
  // The unit is said once where both have the same one: "0.3 of 0.5 cores".
  const [number, own] = halves(of);
  const [, other] = halves(whole);
  const isSame = own !== "" && singular(own) === singular(other);
  return words(say("{0} of {1}", isSame ? number : of, whole));
}

function halves(text: string): readonly [number: string, unit: string] {
  const at = text.lastIndexOf(" ");
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}

function singular(unit: string): string {
  return unit === "core" ? "cores" : unit;
}
