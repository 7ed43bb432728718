import { fieldsAt, fieldsOf, textsAt } from "../../model/fields.ts";
import type { HeaderOperations, Headers } from "./route.ts";

type Texts = Readonly<Record<string, string>>;

const none: HeaderOperations = { set: {}, add: {}, remove: [] };
export const noHeaders: Headers = { request: none, response: none };

/** Reads networking.istio.io's Headers; `authority` is what a request's "host" or ":authority" is set to. */
export function readHeaders(headers: unknown): { readonly headers: Headers; readonly authority: string | undefined } {
  const request = fieldsAt(headers, "request");
  const authority = authorityOf(fieldsOf(request["set"])) ?? authorityOf(fieldsOf(request["add"]));
  return { headers: { request: operations(request), response: operations(fieldsAt(headers, "response")) }, authority };
}

function operations(side: unknown): HeaderOperations {
  return {
    set: ordinary(fieldsAt(side, "set")),
    add: ordinary(fieldsAt(side, "add")),
    remove: textsAt(side, "remove").filter((name) => !isInternal(name)),
  };
}

// Envoy keeps pseudo headers for itself (isInternalHeader).
function ordinary(headers: Readonly<Record<string, unknown>>): Texts {
  const entries = Object.entries(headers)
    .filter(([name]) => !isInternal(name))
    .map(([name, value]): [string, string] => [name, typeof value === "string" ? value : ""]);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}

function isInternal(name: string): boolean {
  return name.startsWith(":") || name.toLowerCase() === "host";
}

function authorityOf(headers: Readonly<Record<string, unknown>>): string | undefined {
  const entry = Object.entries(headers).findLast(([name]) => ["host", ":authority"].includes(name.toLowerCase()));
  const value = entry?.[1];
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** Both, the second after the first. */
export function joinedHeaders(first: Headers, second: Headers): Headers {
  return { request: joined(first.request, second.request), response: joined(first.response, second.response) };
}

function joined(first: HeaderOperations, second: HeaderOperations): HeaderOperations {
  return {
    set: { ...first.set, ...second.set },
    add: { ...first.add, ...second.add },
    remove: [...first.remove, ...second.remove],
  };
}
