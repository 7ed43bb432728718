import { fieldsAt, fieldsOf, listAt, textAt, textsAt } from "../../../model/fields.ts";
import { goDuration } from "../../../validation/values/durations.ts";

type Fields = Readonly<Record<string, unknown>>;

/** HTTPHeaderFilter as networking.istio.io's HeaderOperations; of a repeated name the first counts. */
export function headerOperations(filter: unknown): Fields {
  return { set: asMap(listAt(filter, "set")), add: asMap(listAt(filter, "add")), remove: textsAt(filter, "remove") };
}

function asMap(headers: readonly unknown[]): Fields {
  const map = new Map<string, string>();
  for (const header of headers) {
    const name = (textAt(header, "name") ?? "").toLowerCase();
    if (!map.has(name)) map.set(name, textAt(header, "value") ?? "");
  }
  return Object.fromEntries(map);
}

/** HTTPURLRewriteFilter as HTTPRewrite (`createRewriteFilter`). */
export function rewriteOf(filter: unknown): Fields | undefined {
  const path = fieldsAt(filter, "path");
  const authority = textAt(filter, "hostname");
  const rewrite: Record<string, unknown> = {};
  if (path["type"] === "ReplacePrefixMatch") {
    const uri = plainText(path["replacePrefixMatch"]).replace(/\/$/u, "");
    rewrite["uri"] = uri === "" ? "/" : uri;
  } else if (path["type"] === "ReplaceFullPath")
    rewrite["uriRegexRewrite"] = { match: "/.*", rewrite: plainText(path["replaceFullPath"]) };
  if (authority !== undefined) rewrite["authority"] = authority;
  return Object.keys(rewrite).length === 0 ? undefined : rewrite;
}

function plainText(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** HTTPRequestRedirectFilter as HTTPRedirect (`createRedirectFilter`); `prefixRewrite` is istiod's own. */
export function redirectOf(filter: unknown): Fields {
  const path = fieldsAt(filter, "path");
  const { statusCode, port } = fieldsOf(filter);
  const scheme = textAt(filter, "scheme");
  const redirect: Record<string, unknown> = { redirectCode: statusCode ?? 302 };
  const hostname = textAt(filter, "hostname");
  if (hostname !== undefined) redirect["authority"] = hostname;
  if (scheme !== undefined) redirect["scheme"] = scheme;
  if (typeof port === "number") redirect["port"] = port;
  else redirect["derivePort"] = scheme === undefined ? "FROM_REQUEST_PORT" : "FROM_PROTOCOL_DEFAULT";
  if (path["type"] === "ReplaceFullPath") redirect["uri"] = plainText(path["replaceFullPath"]);
  if (path["type"] === "ReplacePrefixMatch") redirect["prefixRewrite"] = plainText(path["replacePrefixMatch"]);
  return redirect;
}

/** HTTPCORSFilter as CorsPolicy (`createCorsFilter`). */
export function corsOf(filter: unknown): Fields {
  const maxAge = fieldsOf(filter)["maxAge"];
  return {
    allowOrigins: textsAt(filter, "allowOrigins")
      .filter((origin) => origin !== "")
      .map(originMatch),
    ...(fieldsOf(filter)["allowCredentials"] === true ? { allowCredentials: true } : {}),
    allowMethods: textsAt(filter, "allowMethods"),
    allowHeaders: textsAt(filter, "allowHeaders"),
    exposeHeaders: textsAt(filter, "exposeHeaders"),
    ...(typeof maxAge === "number" && maxAge > 0 ? { maxAge: `${maxAge}s` } : {}),
    unmatchedPreflights: "IGNORE",
  };
}

function originMatch(origin: string): Fields {
  if (origin === "*") return { regex: "^[a-zA-Z][a-zA-Z0-9+.-]*://[^/\\s?#]+$" };
  if (!origin.includes("*")) return { exact: origin };
  if (origin.indexOf("*") === origin.length - 1) return { prefix: origin.slice(0, -1) };
  return { regex: `^${quoteRegex(origin).replaceAll(String.raw`\*`, ".*")}$` };
}

/** A text as a regular expression for itself, as Go's regexp.QuoteMeta writes it. */
export function quoteRegex(text: string): string {
  return text.replaceAll(/[\\.+*?()|[\]{}^$]/gu, String.raw`\$&`);
}

/** HTTPRouteRetry as HTTPRetry. */
export function retriesOf(retry: unknown): Fields {
  const { attempts } = fieldsOf(retry);
  const count = typeof attempts === "number" ? attempts : 2;
  const codes = listAt(retry, "codes").map(String);
  const retryOn = ["connect-failure", "refused-stream", "unavailable", "cancelled", ...codes].join(",");
  return { attempts: count, retryOn: count === 0 ? "" : retryOn };
}

/** A duration of the Gateway API as proto JSON writes it; undefined for none and for zero. */
export function timeoutOf(timeouts: unknown, name: string): string | undefined {
  const nanoseconds = goDuration(textAt(timeouts, name) ?? "");
  return nanoseconds === undefined || nanoseconds === 0 ? undefined : `${nanoseconds / 1e9}s`;
}
