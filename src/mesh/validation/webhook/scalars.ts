import { say } from "../../message.ts";
import { problems } from "../problems.ts";
import { isIpAddress, isIpSubnet, isPort, isUnixPath } from "../values/addresses.ts";
import { millisecond } from "../values/durations.ts";
import { isDnsLabel, isFqdn, isLabelKey, isLabelValue, isWildcardDomain } from "../values/names.ts";
import { compileRe2 } from "../values/regex.ts";
import type { Field } from "./field.ts";

// Checks of single values, each on the field that holds it.

export function checkPort(field: Field): void {
  if (!isPort(field.number)) {
    field.error(say("Port {0} is not between 1 and 65535", field.number), { problem: problems.badPort });
  }
}

/** An absent duration is fine; a present one has at least a millisecond and whole ones. */
export function checkDuration(field: Field): void {
  const nanoseconds = field.duration;
  if (nanoseconds === undefined) return;
  if (nanoseconds < millisecond || nanoseconds % millisecond !== 0) {
    field.error(say("The duration {0} is not at least 1ms in whole milliseconds", field.text), {
      problem: problems.badDuration,
    });
  }
}

/** What istiod cannot decode it refuses, whether it looks at the field or not. */
export function checkReadable(field: Field): void {
  if (!field.isSet || field.duration !== undefined) return;
  field.error(say("{0} is no duration", field.text), { problem: problems.badDuration });
}

export function checkRequired(field: Field): boolean {
  if (field.isSet) return true;
  field.error(say("The field {0} is missing", String(field.path.at(-1))), { problem: problems.missingField });
  return false;
}

export function checkNotNegative(field: Field): void {
  if (field.number < 0) field.error(say("{0} is negative", field.number), { problem: problems.badValue });
}

export function checkRange(field: Field, lowest: number, highest: number): void {
  if (field.number < lowest || field.number > highest) {
    field.error(say("{0} is not between {1} and {2}", field.number, lowest, highest), { problem: problems.badValue });
  }
}

/** A percentage as istio.networking.v1alpha3.Percent: 0, or 0.0001 to 100. */
export function checkPercentage(field: Field): void {
  const { number } = field.at("value");
  if (!field.isSet) return;
  if (number < 0 || number > 100 || (number > 0 && number < 0.0001)) {
    field.at("value").error(say("{0} is no percentage: 0, or 0.0001 to 100", number), { problem: problems.badValue });
  }
}

export function checkHost(field: Field): boolean {
  if (isWildcardDomain(field.text)) return true;
  field.error(say("{0} is no domain name", field.text), { problem: problems.badHost });
  return false;
}

export function checkFqdn(field: Field): boolean {
  if (isFqdn(field.text)) return true;
  field.error(say("{0} is no domain name without wildcard", field.text), { problem: problems.badHost });
  return false;
}

export function checkDnsLabel(field: Field): void {
  if (!isDnsLabel(field.text)) field.error(say("{0} is no DNS label", field.text), { problem: problems.badName });
}

export function checkIp(field: Field): void {
  if (!isIpAddress(field.text)) field.error(say("{0} is no IP address", field.text), { problem: problems.badValue });
}

export function checkSubnet(field: Field): void {
  if (!isIpSubnet(field.text)) {
    field.error(say("{0} is no IP address or range", field.text), { problem: problems.badValue });
  }
}

/** An address that begins with `unix://`. */
export function checkUnixAddress(field: Field): void {
  if (!isUnixPath(field.text.slice("unix://".length))) {
    field.error(say("{0} is no address of a Unix socket", field.text), { problem: problems.badValue });
  }
}

export function checkLabels(field: Field): void {
  for (const [key, value] of field.entries) {
    if (!isLabelKey(key)) value.error(say("{0} is no key of a label", key), { at: "key", problem: problems.badName });
    if (!isLabelValue(value.text)) {
      value.error(say("{0} is no value of a label", value.text), { problem: problems.badValue });
    }
  }
}

export function checkRegex(field: Field): void {
  if (field.text === "") {
    field.error(say("The regular expression is empty"), { problem: problems.badRegex });
    return;
  }
  const compiled = compileRe2(field.text);
  if ("problem" in compiled) field.error(compiled.problem, { problem: problems.badRegex });
}

export function checkNotEmpty(field: Field): void {
  if (field.text === "") field.error(say("An empty text is not allowed here"), { problem: problems.missingField });
}

export function checkOneOf(field: Field, names: readonly string[]): void {
  if (!names.includes(field.text)) {
    field.error(say("{0} is none of {1}", field.text, names.join(", ")), { problem: problems.badValue });
  }
}
