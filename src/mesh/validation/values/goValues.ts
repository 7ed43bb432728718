// Values as Go's standard library reads them.

const booleans: ReadonlySet<string> = new Set([
  ...["1", "t", "T", "TRUE", "true", "True"],
  ...["0", "f", "F", "FALSE", "false", "False"],
]);

/** strconv.ParseBool. */
export function isGoBoolean(text: string): boolean {
  return booleans.has(text);
}

/** netip.ParsePrefix: "10.0.0.0/8", "fd00::/8"; no zone, no blanks, no leading zeros. */
export function isIpPrefix(text: string): boolean {
  const slash = text.lastIndexOf("/");
  if (slash < 0) return false;
  const address = text.slice(0, slash);
  const bits = text.slice(slash + 1);
  if (!/^(0|[1-9]\d{0,2})$/u.test(bits)) return false;
  if (isIpv4(address)) return Number(bits) <= 32;
  return isIpv6(address) && Number(bits) <= 128;
}

function isIpv4(text: string): boolean {
  const parts = text.split(".");
  return parts.length === 4 && parts.every((part) => /^(0|[1-9]\d{0,2})$/u.test(part) && Number(part) <= 255);
}

function isIpv6(text: string): boolean {
  if (text.length > 45 || !text.includes(":")) return false;
  const halves = text.split("::");
  if (halves.length > 2) return false;
  const groups = halves.flatMap((half) => (half === "" ? [] : half.split(":")));
  const last = groups.at(-1) ?? "";
  const hasIpv4 = last.includes(".") && !text.endsWith("::");
  if (hasIpv4 && !isIpv4(last)) return false;
  const hex = hasIpv4 ? groups.slice(0, -1) : groups;
  if (!hex.every((group) => /^[0-9a-fA-F]{1,4}$/u.test(group))) return false;
  const size = hex.length + (hasIpv4 ? 2 : 0);
  // netip lets "::" stand for one group or more, not for none.
  return halves.length === 2 ? size < 8 : size === 8;
}
