import { fieldsAt, fieldsOf, listAt, textAt } from "../../../model/fields.ts";
import { brokenRoute } from "./backends.ts";

type Fields = Readonly<Record<string, unknown>>;

/** An HTTPRouteMatch as HTTPMatchRequest (`createURIMatch` and its like). */
export function httpMatch(match: unknown): Fields | typeof brokenRoute {
  const path = fieldsAt(match, "path");
  const value = typeof path["value"] === "string" ? path["value"] : "/";
  const uri = uriMatch(textAt(path, "type") ?? "PathPrefix", value);
  const headers = namedMatches(listAt(match, "headers"));
  const queryParams = namedMatches(listAt(match, "queryParams"));
  if (uri === brokenRoute || headers === brokenRoute || queryParams === brokenRoute) return brokenRoute;
  const method = textAt(match, "method");
  return {
    uri,
    ...(headers === undefined ? {} : { headers }),
    ...(queryParams === undefined ? {} : { queryParams }),
    ...(method === undefined ? {} : { method: { exact: method } }),
  };
}

function uriMatch(type: string, value: string): Fields | typeof brokenRoute {
  switch (type) {
    case "PathPrefix":
      return { prefix: value === "/" ? value : value.replace(/\/$/u, "") };
    case "Exact":
      return { exact: value };
    case "RegularExpression":
      return { regex: value };
    default:
      return brokenRoute;
  }
}

// Of a name that stands twice the last counts.
function namedMatches(matches: readonly unknown[]): Fields | undefined | typeof brokenRoute {
  if (matches.length === 0) return undefined;
  const named = new Map<string, Fields>();
  for (const match of matches) {
    const value = fieldsOf(match)["value"];
    const text = typeof value === "string" ? value : "";
    const type = textAt(match, "type") ?? "Exact";
    if (type !== "Exact" && type !== "RegularExpression") return brokenRoute;
    named.set(textAt(match, "name") ?? "", type === "Exact" ? { exact: text } : { regex: text });
  }
  return Object.fromEntries(named);
}

/** A GRPCRouteMatch as HTTPMatchRequest: the method is the path (`createGRPCURIMatch`). */
export function grpcMatch(match: unknown): Fields | typeof brokenRoute {
  const headers = namedMatches(listAt(match, "headers"));
  if (headers === brokenRoute) return brokenRoute;
  const read: Record<string, unknown> = headers === undefined ? {} : { headers };
  if (fieldsOf(match)["method"] === undefined) return read;
  const uri = methodUri(fieldsAt(match, "method"));
  return uri === brokenRoute ? brokenRoute : { ...read, uri };
}

function methodUri(method: Fields): Fields | typeof brokenRoute {
  const service = textAt(method, "service");
  const name = textAt(method, "method");
  const type = textAt(method, "type") ?? "Exact";
  if (type !== "Exact" && type !== "RegularExpression") return brokenRoute;
  if (service === undefined) return name === undefined ? brokenRoute : { regex: `/[^/]+/${name}` };
  if (type === "Exact") return name === undefined ? { prefix: `/${service}/` } : { exact: `/${service}/${name}` };
  return { regex: `/${service}/${name ?? ".+"}` };
}
