import { hostOf } from "../../inventory/facts/hostNames.ts";
import { fieldsAt, fieldsOf, listAt, textAt, textsAt } from "../../model/fields.ts";
import type { FieldPath } from "../../yaml/fieldPath.ts";
import { boundGateway } from "../gatewayNames.ts";
import type { ConfigObject } from "./configObject.ts";
import type { ExportTo } from "./exportTo.ts";

type Fields = Readonly<Record<string, unknown>>;

/** A rule and where it is written. */
export interface RouteRule {
  /** networking.istio.io's HTTPRoute, TLSRoute or TCPRoute, with hosts and gateways written in full. */
  readonly rule: Fields;
  /** The object that is named as the rule's source: of a delegated rule the root. */
  readonly source: ConfigObject;
  /** Index of the rule in its source. */
  readonly index: number;
  /** Where it is written: of a delegated rule in the delegate. */
  readonly written: { readonly object: ConfigObject; readonly path: FieldPath };
}

/**
 * The rules of some hosts at some gateways: a VirtualService with its delegates, or what istiod makes of routes of the
 * Gateway API, which it turns into VirtualServices of its own.
 */
export interface RouteConfig {
  readonly namespace: string;
  readonly name: string;
  readonly createdAt: number;
  /** True for routes of the Gateway API. */
  readonly isGatewayApi: boolean;
  /** As written, short names in full. */
  readonly hosts: readonly string[];
  /** "mesh" and "namespace/name". */
  readonly gateways: readonly string[];
  readonly exportTo: ExportTo;
  readonly http: readonly RouteRule[];
  readonly tls: readonly RouteRule[];
  readonly tcp: readonly RouteRule[];
}

/** A rule with hosts and gateways written in full (`ResolveVirtualServiceShortnames`). */
export function inFull(rule: unknown, namespace: string): Fields {
  const fields = fieldsOf(rule);
  const full: Record<string, unknown> = { ...fields };
  if (Array.isArray(fields["match"]))
    full["match"] = listAt(rule, "match").map((match) => matchInFull(match, namespace));
  if (Array.isArray(fields["route"]))
    full["route"] = listAt(rule, "route").map((route) => routedInFull(route, namespace));
  if (fields["mirror"] !== undefined) full["mirror"] = destinationInFull(fields["mirror"], namespace);
  if (Array.isArray(fields["mirrors"]))
    full["mirrors"] = listAt(rule, "mirrors").map((mirror) => routedInFull(mirror, namespace));
  return full;
}

function matchInFull(match: unknown, namespace: string): Fields {
  const gateways = textsAt(match, "gateways");
  if (gateways.length === 0) return fieldsOf(match);
  return { ...fieldsOf(match), gateways: gateways.map((name) => boundGateway(name, namespace)) };
}

function routedInFull(route: unknown, namespace: string): Fields {
  const { destination } = fieldsOf(route);
  return destination === undefined
    ? fieldsOf(route)
    : { ...fieldsOf(route), destination: destinationInFull(destination, namespace) };
}

function destinationInFull(destination: unknown, namespace: string): Fields {
  const host = textAt(destination, "host");
  return host === undefined ? fieldsOf(destination) : { ...fieldsOf(destination), host: hostOf(host, namespace) };
}

/** The hosts and ports that the config forwards to, for a client in the namespace; port 0 stands for none said. */
export function destinationsOf(config: RouteConfig, namespace: string): ReadonlyMap<string, ReadonlySet<number>> {
  const found = new Map<string, Set<number>>();
  const add = (destination: unknown): void => {
    const host = textAt(destination, "host");
    if (host === undefined) return;
    const port = fieldsAt(destination, "port")["number"];
    const ports = found.get(host) ?? new Set();
    found.set(host, ports.add(typeof port === "number" ? port : 0));
  };
  for (const { rule } of config.http) {
    if (!mayComeFrom(rule, namespace)) continue;
    for (const route of listAt(rule, "route")) add(fieldsAt(route, "destination"));
    add(fieldsAt(rule, "mirror"));
    for (const mirror of listAt(rule, "mirrors")) add(fieldsAt(mirror, "destination"));
  }
  for (const { rule } of [...config.tcp, ...config.tls]) {
    for (const route of listAt(rule, "route")) add(fieldsAt(route, "destination"));
  }
  return found;
}

// The last match that names a namespace decides, unless one names this (virtualServiceDestinationsFilteredBySourceNamespace).
function mayComeFrom(rule: Fields, namespace: string): boolean {
  const named = listAt(rule, "match").flatMap((match) => textAt(match, "sourceNamespace") ?? []);
  return named.length === 0 || named.includes(namespace);
}
