// Go's url.ParseRequestURI as far as rules ask: is it one, and its scheme.

/** The scheme, lower-case, "" without one; undefined if Go cannot parse the text as the URI of a request. */
export function urlScheme(text: string): string | undefined {
  if (text === "" || hasControl(text)) return undefined;
  if (text === "*") return "";
  const [all, scheme] = /^([A-Za-z][A-Za-z0-9+.-]*):/u.exec(text) ?? [""];
  if (text.startsWith(":")) return undefined;
  const rest = text.slice(all.length).replace(/\?.*$/su, "");
  if (!rest.startsWith("/")) return scheme === undefined ? undefined : scheme.toLowerCase();
  if (!isPath(rest)) return undefined;
  if (rest.startsWith("//") && (scheme !== undefined || !rest.startsWith("///"))) {
    const authority = /^\/\/([^/]*)/u.exec(rest)?.[1] ?? "";
    if (!isAuthority(authority)) return undefined;
  }
  return scheme?.toLowerCase() ?? "";
}

function hasControl(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code < 0x20 || code === 0x7f) return true;
  }
  return false;
}

function isPath(text: string): boolean {
  return !/%(?![0-9A-Fa-f]{2})/u.test(text);
}

function isAuthority(text: string): boolean {
  const at = text.lastIndexOf("@");
  if (at >= 0 && !/^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/u.test(text.slice(0, at))) return false;
  const host = text.slice(at + 1);
  if (host.startsWith("[")) return /^\[[^\]]*\](:\d*)?$/u.test(host);
  const colon = host.lastIndexOf(":");
  if (colon >= 0 && !/^\d*$/u.test(host.slice(colon + 1))) return false;
  return /^[^\s<>"\\^`{|}#/[\]%]*$/u.test(host);
}
