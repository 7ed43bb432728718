import { countAt, fieldsAt, fieldsOf, flagAt, textAt, textMapAt, textsAt } from "../model/fields.ts";
import { boundGateway } from "./gatewayNames.ts";
import { coversText, matchesText, readTextMatch, type TextMatch } from "./textMatch.ts";
import { appliesTo, coversScope, type ProxyScope, type Listener } from "./proxyScope.ts";

/** A HTTPMatchRequest of networking.istio.io: all of its conditions must hold. */
export interface HttpMatch {
  readonly scope: ProxyScope;
  readonly path: PathMatch;
  readonly method: TextMatch | undefined;
  readonly authority: TextMatch | undefined;
  readonly scheme: TextMatch | undefined;
  readonly headers: ReadonlyMap<string, TextMatch>;
  readonly withoutHeaders: ReadonlyMap<string, TextMatch>;
  readonly queryParams: ReadonlyMap<string, TextMatch>;
  /** As istiod tells what it moves to the end at a gateway: `IsCatchAllRoute`. */
  readonly isCatchAll: boolean;
}

export interface PathMatch {
  readonly text: TextMatch;
  /** `ignoreUriCase`; without effect on a regex. */
  readonly ignoresCase: boolean;
  /** A prefix of whole segments, as the Gateway API's: "/foo" takes "/foo/bar" and not "/foobar". */
  readonly bySegments: boolean;
  /** Written as a regex, which takes the whole path, also where it is read as a plain text or prefix. */
  readonly isRegex: boolean;
}

/** What of a request a match looks at. */
export interface MatchedRequest {
  readonly method: string;
  readonly scheme: string;
  /** As sent, with its port. */
  readonly authority: string;
  /** Without the query, normalized. */
  readonly path: string;
  /** By name in lower case; several lines are several values. */
  readonly headers: ReadonlyMap<string, readonly string[]>;
  /** The first value of each name. */
  readonly query: ReadonlyMap<string, string>;
}

const anyPath: PathMatch = {
  text: { form: "prefix", text: "/" },
  ignoresCase: false,
  bySegments: false,
  isRegex: false,
};

/**
 * Reads a match of a VirtualService's rule; undefined reads as the match of a rule that has none. Of the Gateway API's
 * routes, which istiod turns into such rules, prefixes are of whole segments.
 */
export function readHttpMatch(value: unknown, namespace: string, isGatewayApi = false): HttpMatch {
  const fields = fieldsOf(value);
  const path = readPath(value, isGatewayApi);
  const match = {
    scope: readScope(value, namespace),
    path,
    method: readTextMatch(fields["method"]),
    authority: readTextMatch(fields["authority"]),
    scheme: readTextMatch(fields["scheme"]),
    headers: readConditions(value, "headers"),
    withoutHeaders: readConditions(value, "withoutHeaders"),
    queryParams: readConditions(value, "queryParams", false),
  };
  return { ...match, isCatchAll: hasOpenPath(fields["uri"]) && hasNoOther(match) };
}

function readPath(match: unknown, isGatewayApi: boolean): PathMatch {
  const { uri } = fieldsOf(match);
  const text = readTextMatch(uri);
  if (text === undefined || text.form === "present") return anyPath;
  const isRegex = hasRegex(uri);
  const ignoresCase = flagAt(match, "ignoreUriCase") === true && !isRegex;
  if (!isGatewayApi || text.form !== "prefix" || isRegex || text.text === "/")
    return { text, ignoresCase, bySegments: false, isRegex };
  return { text: { ...text, text: text.text.replace(/\/$/u, "") }, ignoresCase, bySegments: true, isRegex };
}

/** Reads gateways, sourceLabels, sourceNamespace and port, which the matches of all protocols have. */
export function readScope(match: unknown, namespace: string): ProxyScope {
  const port = countAt(match, "port");
  return {
    gateways: textsAt(match, "gateways").map((name) => boundGateway(name, namespace)),
    sourceLabels: textMapAt(match, "sourceLabels"),
    sourceNamespace: textAt(match, "sourceNamespace"),
    port: port === 0 ? undefined : port,
  };
}

function readConditions(match: unknown, field: string, isLowered = true): ReadonlyMap<string, TextMatch> {
  const conditions = new Map<string, TextMatch>();
  for (const [name, value] of Object.entries(fieldsAt(match, field))) {
    conditions.set(isLowered ? name.toLowerCase() : name, readTextMatch(value) ?? { form: "present" });
  }
  return conditions;
}

function hasRegex(uri: unknown): boolean {
  return typeof fieldsOf(uri)["regex"] === "string";
}

function hasOpenPath(uri: unknown): boolean {
  const { exact, prefix, regex } = fieldsOf(uri);
  if (exact !== undefined) return false;
  return prefix === "/" || regex === ".*" || (prefix === undefined && regex === undefined);
}

function hasNoOther(match: Omit<HttpMatch, "isCatchAll">): boolean {
  const { headers, withoutHeaders, queryParams } = match;
  const isPlain = match.method === undefined && match.authority === undefined && match.scheme === undefined;
  return isPlain && headers.size + withoutHeaders.size + queryParams.size === 0;
}

/** True if the match takes the request, and is for the listener where one is given. */
export function takesRequest(match: HttpMatch, request: MatchedRequest, listener: Listener | undefined): boolean {
  return (
    (listener === undefined || appliesTo(match.scope, listener)) &&
    takesPath(match.path, request.path) &&
    (match.method === undefined || matchesText(match.method, request.method)) &&
    (match.authority === undefined || matchesText(match.authority, request.authority)) &&
    (match.scheme === undefined || matchesText(match.scheme, request.scheme)) &&
    every(match.headers, (name, condition) => takesHeader(condition, request.headers.get(name))) &&
    every(match.withoutHeaders, (name, condition) => takesAbsence(condition, request.headers.get(name))) &&
    every(match.queryParams, (name, condition) => {
      const value = request.query.get(name);
      return value !== undefined && matchesText(condition, value);
    })
  );
}

export function takesPath({ text, ignoresCase, bySegments }: PathMatch, path: string): boolean {
  if (bySegments && text.form === "prefix") return path === text.text || path.startsWith(`${text.text}/`);
  if (!ignoresCase || text.form === "present" || text.form === "regex") return matchesText(text, path);
  return matchesText({ form: text.form, text: asciiLower(text.text) }, asciiLower(path));
}

export function takesHeader(condition: TextMatch, values: readonly string[] | undefined): boolean {
  return values?.some((value) => matchesText(condition, value)) ?? false;
}

// Envoy treats a missing header as an empty one, unless presence itself is asked for.
export function takesAbsence(condition: TextMatch, values: readonly string[] | undefined): boolean {
  if (values === undefined) return condition.form === "present" || !matchesText(condition, "");
  return !values.some((value) => matchesText(condition, value));
}

/**
 * True if every request that `later` takes is taken by `earlier`, at every listener of the VirtualService that `later`
 * applies to; `gateways` are those the VirtualService is bound to. False where it cannot be told.
 */
export function coversHttpMatch(earlier: HttpMatch, later: HttpMatch, gateways: readonly string[]): boolean {
  return coversScope(earlier.scope, later.scope, gateways) && coversRequest(earlier, later);
}

/** As {@link coversHttpMatch}, of what the request itself is asked for. */
export function coversRequest(earlier: HttpMatch, later: HttpMatch): boolean {
  return (
    coversPath(earlier.path, later.path) &&
    coversOptional(earlier.method, later.method) &&
    coversOptional(earlier.authority, later.authority) &&
    coversOptional(earlier.scheme, later.scheme) &&
    every(earlier.headers, (name, condition) => isCovered(condition, later.headers.get(name))) &&
    every(earlier.queryParams, (name, condition) => isCovered(condition, later.queryParams.get(name))) &&
    every(earlier.withoutHeaders, (name, condition) => coversAbsence(condition, later.withoutHeaders.get(name)))
  );
}

function isCovered(earlier: TextMatch, later: TextMatch | undefined): boolean {
  return later !== undefined && coversText(earlier, later);
}

function coversOptional(earlier: TextMatch | undefined, later: TextMatch | undefined): boolean {
  return earlier === undefined || earlier.form === "present" || isCovered(earlier, later);
}

// What the later match excludes must hold all that the earlier one excludes.
function coversAbsence(earlier: TextMatch, later: TextMatch | undefined): boolean {
  if (later === undefined || !coversText(later, earlier)) return false;
  return earlier.form === "present" || later.form !== "present" || !matchesText(earlier, "");
}

function coversPath(earlier: PathMatch, later: PathMatch): boolean {
  if (earlier.text.form === "prefix" && earlier.text.text === "/") return true;
  if (!earlier.ignoresCase && !later.ignoresCase) return coversText(earlier.text, later.text);
  const [a, b] = [earlier.text, later.text];
  if (a.form === "regex" || a.form === "present" || b.form === "regex" || b.form === "present") return false;
  // A path in any case is within a case-sensitive one only where that has no letters.
  if (!earlier.ignoresCase && /[A-Za-z]/u.test(a.text)) return false;
  return coversText({ form: a.form, text: asciiLower(a.text) }, { form: b.form, text: asciiLower(b.text) });
}

function asciiLower(text: string): string {
  return text.replaceAll(/[A-Z]/gu, (letter) => letter.toLowerCase());
}

function every(
  conditions: ReadonlyMap<string, TextMatch>,
  holds: (name: string, condition: TextMatch) => boolean,
): boolean {
  for (const [name, condition] of conditions) if (!holds(name, condition)) return false;
  return true;
}
