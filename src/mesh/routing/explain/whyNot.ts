import { say, type Message } from "../../message.ts";
import type { HttpMatch, MatchedRequest } from "../httpMatch.ts";
import { takesAbsence, takesHeader, takesPath } from "../httpMatch.ts";
import type { Listener, ProxyScope } from "../proxyScope.ts";
import { hasLabels } from "../../model/labelSelector.ts";
import { matchesText, type TextMatch } from "../textMatch.ts";

/** The first reason why a match does not take a request; undefined where it does. In the order in which people look. */
export function whyNotRequest(match: HttpMatch, request: MatchedRequest): Message | undefined {
  if (!takesPath(match.path, request.path)) return say("the path {0} is not {1}", request.path, pathText(match));
  const single = [
    ["method", match.method, request.method],
    ["authority", match.authority, request.authority],
    ["scheme", match.scheme, request.scheme],
  ] as const;
  for (const [name, condition, value] of single) {
    if (condition !== undefined && !matchesText(condition, value))
      return say("{0} {1} is not {2}", name, value, conditionText(condition));
  }
  return whyNotHeaders(match, request) ?? whyNotQuery(match, request);
}

function whyNotHeaders(match: HttpMatch, request: MatchedRequest): Message | undefined {
  for (const [name, condition] of match.headers) {
    const lines = request.headers.get(name);
    if (takesHeader(condition, lines)) continue;
    return lines === undefined
      ? say("there is no header {0}", name)
      : say("header {0}: {1} is not {2}", name, lines.join(", "), conditionText(condition));
  }
  for (const [name, condition] of match.withoutHeaders) {
    if (!takesAbsence(condition, request.headers.get(name)))
      return say("header {0} is {1}, which is excluded", name, conditionText(condition));
  }
  return undefined;
}

function whyNotQuery(match: HttpMatch, request: MatchedRequest): Message | undefined {
  for (const [name, condition] of match.queryParams) {
    const value = request.query.get(name);
    if (value === undefined) return say("there is no query parameter {0}", name);
    if (!matchesText(condition, value))
      return say("query parameter {0}={1} is not {2}", name, value, conditionText(condition));
  }
  return undefined;
}

/** The first reason why a rule's match is not for a listener; undefined where it is. */
export function whyNotListener(scope: ProxyScope, listener: Listener): Message | undefined {
  if (scope.port !== undefined && scope.port !== listener.port)
    return say("it is for port {0}, and this is port {1}", scope.port, listener.port);
  if (scope.gateways.length > 0) {
    if (scope.gateways.includes(listener.gateway)) return undefined;
    return say("it is for {0}, and this is {1}", scope.gateways.join(", "), listener.gateway);
  }
  if (scope.sourceNamespace !== undefined && scope.sourceNamespace !== listener.namespace)
    return say("it is for clients in {0}, and this one is in {1}", scope.sourceNamespace, listener.namespace);
  if (hasLabels(listener.labels, scope.sourceLabels)) return undefined;
  const labels = Object.entries(scope.sourceLabels).map(([key, value]) => `${key}=${value}`);
  return say("it is for clients with {0}", labels.join(", "));
}

function pathText({ path }: HttpMatch): string {
  if (path.bySegments && path.text.form === "prefix") return `${path.text.text} or below it`;
  const text = conditionText(path.text);
  return path.ignoresCase ? `${text} (in any case)` : text;
}

function conditionText(condition: TextMatch): string {
  switch (condition.form) {
    case "present":
      return "there";
    case "exact":
      return condition.text === "" ? '""' : condition.text;
    case "prefix":
      return `${condition.text}*`;
    case "regex":
      return `regex ${condition.pattern}`;
  }
}
