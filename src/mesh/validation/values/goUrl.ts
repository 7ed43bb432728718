import { isIpAddress } from "./addresses.ts";

/**
 * The scheme of a URL in lower case, "" where it has none, and undefined where Go's net/url refuses the text.
 *
 * @param isRequest As url.ParseRequestURI, which takes absolute URLs and absolute paths only and knows no fragment;
 * otherwise as url.Parse.
 */
export function goUrlScheme(text: string, isRequest: boolean): string | undefined {
  if (isRequest) return text === "" ? undefined : schemeOf(text, true);
  const [url, fragment] = cut(text, "#");
  return hasGoodEscapes(fragment) ? schemeOf(url, false) : undefined;
}

function schemeOf(text: string, isRequest: boolean): string | undefined {
  // eslint-disable-next-line no-control-regex -- these are what Go refuses
  if (/[\u0000-\u001f\u007f]/u.test(text) || text.startsWith(":")) return undefined;
  if (text === "*") return "";
  const scheme = (/^([A-Za-z][A-Za-z0-9+.-]*):/u.exec(text)?.[1] ?? "").toLowerCase();
  const [rest] = cut(scheme === "" ? text : text.slice(scheme.length + 1), "?");
  if (!rest.startsWith("/")) {
    if (scheme !== "") return scheme;
    if (isRequest || cut(rest, "/")[0].includes(":")) return undefined;
  }
  const hasAuthority = rest.startsWith("//") && (scheme !== "" || (!isRequest && !rest.startsWith("///")));
  if (!hasAuthority) return hasGoodEscapes(rest) ? scheme : undefined;
  const slash = rest.indexOf("/", 2);
  const authority = rest.slice(2, slash < 0 ? undefined : slash);
  const path = slash < 0 ? "" : rest.slice(slash);
  return isAuthority(authority, scheme) && hasGoodEscapes(path) ? scheme : undefined;
}

function isAuthority(authority: string, scheme: string): boolean {
  const at = authority.lastIndexOf("@");
  const user = authority.slice(0, Math.max(at, 0));
  const isUser = /^[-A-Za-z0-9._:~!$&'()*+,;=%@]*$/u.test(user) && hasGoodEscapes(user);
  return isUser && isHost(authority.slice(at + 1), scheme);
}

function isHost(host: string, scheme: string): boolean {
  const open = host.lastIndexOf("[");
  if (open > 0) return false;
  if (open === 0) {
    const close = host.lastIndexOf("]");
    const [address, zone] = cut(host.slice(1, close), "%25");
    return (
      close > 0 && address.includes(":") && isIpAddress(address) && hasGoodEscapes(zone) && isPort(host, close + 1)
    );
  }
  // Lists of hosts with ports, as databases write them, are refused for HTTP only.
  const colon = scheme === "http" || scheme === "https" ? host.indexOf(":") : host.lastIndexOf(":");
  if (colon >= 0 && !isPort(host, colon)) return false;
  const isText = /^(?:[-A-Za-z0-9._~!$&'()*+,;=:[\]<>"%]|[^\0-\x7f])*$/u.test(host);
  // In a host only what is not ASCII may be escaped, and the percent sign itself.
  return isText && hasGoodEscapes(host) && !/%(?!25)[0-7]/u.test(host);
}

function isPort(host: string, from: number): boolean {
  return /^(?::\d*)?$/u.test(host.slice(from));
}

function hasGoodEscapes(text: string): boolean {
  return !/%(?![0-9A-Fa-f]{2})/u.test(text);
}

function cut(text: string, sign: string): readonly [string, string] {
  const at = text.indexOf(sign);
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + sign.length)];
}
