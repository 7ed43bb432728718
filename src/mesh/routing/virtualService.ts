import { distinct, exportedTo, hostOf } from "../inventory/facts/hostNames.ts";
import { fieldsAt, listAt, textAt, textsAt } from "../model/fields.ts";
import type { KubeObject } from "../model/kubeObject.ts";
import { boundGateway, meshGateway } from "./gatewayNames.ts";
import { coversHttpMatch, readHttpMatch, type HttpMatch } from "./httpMatch.ts";
import { coversStreamMatch, readStreamMatch, type StreamMatch } from "./streamMatch.ts";

export type RouteProtocol = "http" | "tls" | "tcp";

/** One match of a rule, or the match of everything that a rule without matches has. */
export interface RoutedMatch<Match> {
  /** Index of the rule in its list. */
  readonly rule: number;
  /** Index in the rule's matches; undefined where it has none. */
  readonly index: number | undefined;
  readonly match: Match;
  /** The rule's routes come from another VirtualService, which may leave some of what it takes to later rules. */
  readonly isDelegated: boolean;
}

/** A networking.istio.io VirtualService as routing sees it. */
export interface RoutingVirtualService {
  readonly namespace: string;
  readonly name: string;
  /** By index of `spec.hosts`: in lower case, short names resolved in the object's namespace. Empty for a delegate. */
  readonly hosts: readonly string[];
  /** "mesh" and "namespace/name". */
  readonly gateways: readonly string[];
  /** Namespaces that see it; undefined for all. */
  readonly exportTo: readonly string[] | undefined;
  readonly http: readonly RoutedMatch<HttpMatch>[];
  readonly tls: readonly RoutedMatch<StreamMatch>[];
  readonly tcp: readonly RoutedMatch<StreamMatch>[];
}

/** Reads a VirtualService; `defaultExportTo` is the mesh's `defaultVirtualServiceExportTo`. */
export function readRoutingVirtualService(
  object: KubeObject,
  namespace: string,
  defaultExportTo: readonly string[] = [],
): RoutingVirtualService {
  const spec = fieldsAt(object, "spec");
  const gateways = textsAt(spec, "gateways").map((name) => boundGateway(name, namespace));
  const exportTo = textsAt(spec, "exportTo");
  return {
    namespace,
    name: textAt(fieldsAt(object, "metadata"), "name") ?? "",
    hosts: textsAt(spec, "hosts").map((host) => hostOf(host, namespace).toLowerCase()),
    gateways: gateways.length === 0 ? [meshGateway] : distinct(gateways),
    exportTo: exportedTo(exportTo.length === 0 ? defaultExportTo : exportTo, namespace),
    http: matchesOf(spec, "http", (match) => readHttpMatch(match, namespace)),
    tls: matchesOf(spec, "tls", (match) => readStreamMatch(match, namespace, "tls")),
    tcp: matchesOf(spec, "tcp", (match) => readStreamMatch(match, namespace, "tcp")),
  };
}

function matchesOf<Match>(
  spec: unknown,
  protocol: RouteProtocol,
  read: (match: unknown) => Match,
): readonly RoutedMatch<Match>[] {
  return listAt(spec, protocol).flatMap((rule, at): readonly RoutedMatch<Match>[] => {
    const matches = listAt(rule, "match");
    const isDelegated = Object.keys(fieldsAt(rule, "delegate")).length > 0;
    if (matches.length === 0) return [{ rule: at, index: undefined, match: read(undefined), isDelegated }];
    return matches.map((match, index) => ({ rule: at, index, match: read(match), isDelegated }));
  });
}

/** A match that nothing reaches, since an earlier one of the same VirtualService takes all that it would take. */
export interface CoveredMatch {
  readonly protocol: RouteProtocol;
  readonly rule: number;
  readonly index: number | undefined;
  readonly by: { readonly rule: number; readonly index: number | undefined };
}

/** How many matches are compared with each other; a list beyond that is judged in its first part only. */
const mostCompared = 2000;

/** The matches of a VirtualService that are never reached, in order. */
export function coveredMatches(service: RoutingVirtualService): readonly CoveredMatch[] {
  // A delegate applies to the gateways of whatever names it.
  const gateways = service.hosts.length === 0 ? [...service.gateways, "any"] : service.gateways;
  return [
    ...coveredIn("http", service.http, (a, b) => coversHttpMatch(a, b, gateways)),
    ...coveredIn("tls", service.tls, (a, b) => coversStreamMatch(a, b, gateways)),
    ...coveredIn("tcp", service.tcp, (a, b) => coversStreamMatch(a, b, gateways)),
  ];
}

function coveredIn<Match>(
  protocol: RouteProtocol,
  matches: readonly RoutedMatch<Match>[],
  covers: (earlier: Match, later: Match) => boolean,
): readonly CoveredMatch[] {
  const covered: CoveredMatch[] = [];
  const open: RoutedMatch<Match>[] = [];
  for (const later of matches.slice(0, mostCompared)) {
    const by = open.find((earlier) => covers(earlier.match, later.match));
    // What is covered covers nothing that its own cover does not.
    if (by === undefined) {
      if (!later.isDelegated) open.push(later);
    } else covered.push({ protocol, rule: later.rule, index: later.index, by: { rule: by.rule, index: by.index } });
  }
  return covered;
}
