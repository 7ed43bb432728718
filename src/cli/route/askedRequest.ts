import { say } from "../../mesh/message.ts";
import type { Proxy } from "../../mesh/routing/proxy/proxy.ts";
import type { RoutedConnection, RoutedRequest } from "../../mesh/routing/request/request.ts";
import { UsageError } from "../usageError.ts";

/** Reads `sidecar:NAMESPACE[/k=v,...]` and `gateway:NAMESPACE/k=v[,...]`. Throws a UsageError for anything else. */
export function readFrom(text: string): Proxy {
  const [, kind, namespace = "", labels] =
    /^(sidecar|gateway):([a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?)(?:\/(.+))?$/u.exec(text) ?? [];
  const isGateway = kind === "gateway";
  if (kind === undefined || (isGateway && labels === undefined))
    throw new UsageError(
      say("--from {0} is neither sidecar:NAMESPACE[/label=value,...] nor gateway:NAMESPACE/label=value[,...].", text),
    );
  return { kind: isGateway ? "gateway" : "sidecar", namespace, labels: readLabels(text, labels) };
}

function readLabels(text: string, labels: string | undefined): Readonly<Record<string, string>> {
  if (labels === undefined) return {};
  return Object.fromEntries(
    labels.split(",").map((pair): [string, string] => {
      const equals = pair.indexOf("=");
      if (equals <= 0) throw new UsageError(say("--from {0}: {1} is no label=value.", text, pair));
      return [pair.slice(0, equals), pair.slice(equals + 1)];
    }),
  );
}

/** `name: value` lines as headers. Throws a UsageError for a line without a colon. */
export function readHeaderLines(lines: readonly string[]): Readonly<Record<string, readonly string[]>> {
  const headers = new Map<string, string[]>();
  for (const line of lines) {
    const [, name, value = ""] = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+)\s*:\s*(.*?)\s*$/u.exec(line) ?? [];
    if (name === undefined) throw new UsageError(say("--header {0} is no 'name: value'.", line));
    headers.set(name, [...(headers.get(name) ?? []), value]);
  }
  return Object.fromEntries(headers);
}

export type Asked = RoutedRequest | RoutedConnection;

/** What a requests file holds; its outcomes, if there are any, are not read. Throws a text for people. */
export function readRequests(text: string): readonly Asked[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new RequestsError(error instanceof Error ? error.message : String(error));
  }
  if (!Array.isArray(value)) throw new RequestsError("it is no list");
  return value.map((entry, index) => readAsked(entry, index));
}

/** What is wrong with a requests file. */
export class RequestsError extends Error {}

type Fields = Readonly<Record<string, unknown>>;

function readAsked(value: unknown, index: number): Asked {
  const fail = (what: string): never => {
    throw new RequestsError(`[${index}]: ${what}`);
  };
  if (!isFields(value)) return fail("is no object");
  const { from, port, destinationIP, sni, request, connection } = value;
  if (!isFields(from) || (from["kind"] !== "sidecar" && from["kind"] !== "gateway"))
    return fail('from.kind is neither "sidecar" nor "gateway"');
  const { namespace } = from;
  if (typeof namespace !== "string") return fail("from.namespace is no text");
  if (typeof port !== "number" || !Number.isInteger(port) || port < 1 || port > 65_535)
    return fail("port is no whole number from 1 to 65535");
  const labels = isFields(from["labels"]) ? textsOf(from["labels"]) : {};
  const kind: Proxy["kind"] = from["kind"];
  const shared = { from: { kind, namespace, labels }, port, destinationIP: textOf(destinationIP) };
  if (isFields(connection)) {
    const protocol = connection["protocol"] === "tls" ? "tls" : "tcp";
    return { ...shared, connection: { protocol, sni: textOf(connection["sni"]), host: textOf(connection["host"]) } };
  }
  if (!isFields(request)) return fail("there is neither a request nor a connection");
  const { method, scheme, authority, path, headers } = request;
  if (typeof authority !== "string") return fail("request.authority is no text");
  return {
    ...shared,
    sni: textOf(sni),
    request: {
      method: textOf(method) ?? "GET",
      scheme: scheme === "https" ? "https" : "http",
      authority,
      path: textOf(path) ?? "/",
      headers: isFields(headers) ? headersOf(headers) : {},
    },
  };
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function textsOf(fields: Fields): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(fields).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  );
}

function headersOf(fields: Fields): Readonly<Record<string, string | readonly string[]>> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]): [string, string | readonly string[]] => [
      name,
      Array.isArray(value) ? value.map(String) : String(value),
    ]),
  );
}
