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

interface PathMatch {
  readonly text: TextMatch;
  /** `ignoreUriCase`; without effect on a regex. */
  readonly ignoresCase: boolean;
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

const anyPath: PathMatch = { text: { form: "prefix", text: "/" }, ignoresCase: false };

/** Reads a match of a VirtualService's rule; undefined reads as the match of a rule that has none. */
export function readHttpMatch(value: unknown, namespace: string): HttpMatch {
  const fields = fieldsOf(value);
  const uri = readTextMatch(fields["uri"]);
  const path: PathMatch =
    uri === undefined || uri.form === "present"
      ? anyPath
      : { text: uri, ignoresCase: flagAt(value, "ignoreUriCase") === true && !hasRegex(fields["uri"]) };
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

/** True if the match takes the request at the listener. */
export function takesRequest(match: HttpMatch, request: MatchedRequest, listener: Listener): boolean {
  return (
    appliesTo(match.scope, listener) &&
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

function takesPath({ text, ignoresCase }: PathMatch, path: string): boolean {
  if (!ignoresCase || text.form === "present" || text.form === "regex") return matchesText(text, path);
  return matchesText({ form: text.form, text: asciiLower(text.text) }, asciiLower(path));
}

function takesHeader(condition: TextMatch, values: readonly string[] | undefined): boolean {
  return values?.some((value) => matchesText(condition, value)) ?? false;
}

// Envoy treats a missing header as an empty one, unless presence itself is asked for.
function takesAbsence(condition: TextMatch, values: readonly string[] | undefined): boolean {
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
