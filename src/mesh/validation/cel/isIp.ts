const octet = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
const ipv4 = new RegExp(`^${octet}(?:\\.${octet}){3}$`, "u");

/** True for an IPv4 or IPv6 address as Go's netip reads it; the API server refuses zones and IPv4 inside IPv6. */
export function isIp(text: string): boolean {
  if (ipv4.test(text)) return true;
  if (text.length > 39 || !/^[0-9A-Fa-f:]+$/u.test(text)) return false;
  const halves = text.split("::");
  if (halves.length > 2) return false;
  const groups = halves.flatMap((half) => (half === "" ? [] : half.split(":")));
  if (!groups.every((group) => /^[0-9A-Fa-f]{1,4}$/u.test(group))) return false;
  return halves.length === 2 ? groups.length < 8 : groups.length === 8;
}
