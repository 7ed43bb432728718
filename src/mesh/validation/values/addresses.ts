import { isIpPrefix } from "./goValues.ts";
import { isFqdn } from "./names.ts";

/** netip.ParseAddr: no blanks, no leading zeros; an IPv6 address may have a zone. */
export function isIpAddress(text: string): boolean {
  if (text.includes("/")) return false;
  const zone = text.indexOf("%");
  if (zone >= 0) return zone < text.length - 1 && text.includes(":") && isIpPrefix(`${text.slice(0, zone)}/128`);
  return isIpPrefix(`${text}/${text.includes(":") ? 128 : 32}`);
}

/** An address, or a range such as "10.0.0.0/8". */
export function isIpSubnet(text: string): boolean {
  return text.split("/").length === 2 ? isIpPrefix(text) : isIpAddress(text);
}

/** The part after `unix://`: an abstract `@name`, or an absolute path of a file. */
export function isUnixPath(text: string): boolean {
  return text.startsWith("@") || (text.startsWith("/") && !text.endsWith("/"));
}

/** An IP address or a domain name. */
export function isAddressOrName(text: string): boolean {
  return isIpAddress(text) || isFqdn(text);
}

/** 1 to 65535. */
export function isPort(port: number): boolean {
  return Number.isInteger(port) && port >= 1 && port <= 65535;
}

/** net.SplitHostPort: "host:80", "[::1]:80". */
export function splitHostPort(text: string): { readonly host: string; readonly port: string } | undefined {
  const colon = text.lastIndexOf(":");
  if (colon < 0) return undefined;
  const host = text.slice(0, colon);
  const port = text.slice(colon + 1);
  if (host.startsWith("[")) return host.endsWith("]") ? { host: host.slice(1, -1), port } : undefined;
  return /[:[\]]/u.test(host) ? undefined : { host, port };
}
