import { RE2JS } from "re2js";
import type { HttpMatch } from "../httpMatch.ts";
import type { PathRewrite, Redirect } from "../proxy/route.ts";

/** The path that the destination gets; the query is kept. */
export function rewrittenPath(path: string, match: HttpMatch, rewrite: PathRewrite | undefined): string {
  if (rewrite === undefined) return path;
  const { own, query } = splitQuery(path);
  if (rewrite.form === "regex") return replacedByRegex(own, rewrite) + query;
  return `${rewrite.text}${own.slice(matchedLength(own, match))}${query}`;
}

// A prefix is replaced itself; what an exact or regex match took is the whole path.
function matchedLength(path: string, { path: { text, isRegex } }: HttpMatch): number {
  return text.form === "prefix" && !isRegex ? text.text.length : path.length;
}

function replacedByRegex(path: string, { pattern, substitution }: PathRewrite & { readonly form: "regex" }): string {
  try {
    // RE2 writes groups as "\1", which RE2JS knows as "$1".
    const replacement = substitution.replaceAll("$", String.raw`\$`).replaceAll(/\\(\d)/gu, "$$$1");
    return RE2JS.compile(pattern).matcher(path).replaceAll(replacement);
  } catch {
    return path;
  }
}

function splitQuery(path: string): { readonly own: string; readonly query: string } {
  const at = path.indexOf("?");
  return at < 0 ? { own: path, query: "" } : { own: path.slice(0, at), query: path.slice(at) };
}

export interface RedirectedRequest {
  readonly scheme: string;
  readonly authority: string;
  readonly path: string;
  /** The transport's own scheme, or what a trusted x-forwarded-proto says. */
  readonly forwardedProto: string;
}

/** The Location of a redirect (`RouteEntryImplBase::newUri` in Envoy). */
export function location(redirect: Redirect, match: HttpMatch, request: RedirectedRequest): string {
  const scheme = redirect.scheme ?? request.scheme;
  const port = redirect.port === 0 ? "" : `:${redirect.port}`;
  const host = redirect.authority ?? ownHost(request, scheme, port);
  return `${scheme}://${host}${port}${redirectedPath(redirect, match, request.path)}`;
}

// The port that came is dropped for a new one, and where it is the usual one of a scheme that changes.
function ownHost({ authority, forwardedProto }: RedirectedRequest, scheme: string, port: string): string {
  const colon = authority.lastIndexOf(":");
  if (colon < 0 || authority.endsWith("]")) return authority;
  const own = authority.slice(colon);
  const isUsual = (forwardedProto === "https" && own === ":443") || (forwardedProto === "http" && own === ":80");
  return port !== "" || (scheme !== forwardedProto && isUsual) ? authority.slice(0, colon) : authority;
}

function redirectedPath({ path: target }: Redirect, match: HttpMatch, path: string): string {
  if (target === undefined) return path;
  const { own, query } = splitQuery(path);
  if (target.form === "whole") {
    const whole = target.text.startsWith("/") ? target.text : `/${target.text}`;
    return whole.includes("?") ? whole : whole + query;
  }
  return `${target.text}${own.slice(matchedLength(own, match))}${query}`;
}
