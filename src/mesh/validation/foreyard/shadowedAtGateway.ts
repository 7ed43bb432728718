import { say } from "../../message.ts";
import { meshGateway } from "../../routing/gatewayNames.ts";
import { coversRequest, type HttpMatch } from "../../routing/httpMatch.ts";
import { isOrderKnown } from "../../routing/precedence.ts";
import { coversScope } from "../../routing/proxyScope.ts";
import { coveredMatches, type RoutedMatch } from "../../routing/virtualService.ts";
import type { RuleFinding } from "../finding.ts";
import { kinds } from "../kinds.ts";
import { problems } from "../problems.ts";
import type { Rule } from "../rule.ts";
import type { World } from "../world/world.ts";
import { gatewayHostsOf, servicesAt, type GatewayHost } from "./facts/gatewayBindings.ts";
import { routedVirtualService, type RoutedObject } from "./facts/virtualServices.ts";

/** Matches that another VirtualService of the same gateway host takes everything from. */
export const shadowedAtGateway: Rule = {
  name: "shadowedAtGateway",
  layer: "foreyard",
  codes: [
    {
      code: "FY1011",
      severity: "warning",
      title: "Route never reached at its gateways",
      explanation:
        "A gateway merges the VirtualServices of a host, the oldest first, and puts routes that take everything last. " +
        "Another VirtualService comes first and takes every request that this match asks for.",
      source: "istio/istio pilot/pkg/networking/core/gateway.go, SortVHostRoutes; corpus/routing fact 18",
    },
  ],
  kinds: [kinds.VirtualService],
  reads: [kinds.Gateway],
  *check(object, world) {
    const own = world.ask(routedVirtualService, `${object.namespace}/${object.name}`);
    if (own === undefined || own.object !== object || own.service.gateways.includes(meshGateway)) return;
    if (own.service.exportTo !== undefined || own.service.http.length === 0) return;
    const places = world.ask(gatewayHostsOf, `${object.namespace}/${object.name}`);
    const before = places.map((place) => ({ place, older: olderAt(world, place, own) }));
    if (before.length === 0 || before.some(({ older }) => older.length === 0)) return;
    const inside = new Set(coveredMatches(own.service).map(({ rule, index }) => `${rule} ${index ?? ""}`));
    for (const match of own.service.http) {
      if (!inside.has(`${match.rule} ${match.index ?? ""}`)) yield* shadowed(own, match, before);
    }
  },
};

const mostCompared = 50;

function olderAt(world: World, place: GatewayHost, own: RoutedObject): readonly RoutedObject[] {
  const older: RoutedObject[] = [];
  for (const other of world.ask(servicesAt, place.key)) {
    if (other.object === own.object || older.length === mostCompared) break;
    if (other.service.exportTo === undefined) older.push(other);
  }
  return older;
}

interface Place {
  readonly place: GatewayHost;
  readonly older: readonly RoutedObject[];
}

function* shadowed(own: RoutedObject, match: RoutedMatch<HttpMatch>, places: readonly Place[]): Generator<RuleFinding> {
  const { gateways } = match.match.scope;
  const reached = places.filter(({ place }) => gateways.length === 0 || gateways.includes(place.gateway));
  const covers = reached.map(({ place, older }) => findCover(match.match, place.gateway, older));
  const [first] = covers;
  if (first === undefined || covers.includes(undefined)) return;
  const isKnown = covers.every((cover) => cover !== undefined && isOrderKnown(cover.by, own));
  const name = `${first.by.object.namespace}/${first.by.object.name}`;
  yield {
    code: "FY1011",
    ...(isKnown ? {} : { severity: "hint" as const }),
    message: isKnown
      ? say(
          "This match is never reached: the older VirtualService {0} has the same host and takes all that it asks for",
          name,
        )
      : say(
          "VirtualService {0} has the same host; created together, it comes first and takes all that this match asks for",
          name,
        ),
    path: ["spec", "http", match.rule, ...(match.index === undefined ? [] : ["match", match.index])],
    related: [
      {
        object: first.by.object,
        path: [
          "spec",
          "http",
          first.match.rule,
          ...(first.match.index === undefined ? [] : ["match", first.match.index]),
        ],
        message: say("Takes its requests"),
      },
    ],
    problem: problems.unreachableRoute,
    tags: isKnown ? ["unnecessary"] : [],
  };
}

function findCover(
  later: HttpMatch,
  gateway: string,
  older: readonly RoutedObject[],
): { readonly by: RoutedObject; readonly match: RoutedMatch<HttpMatch> } | undefined {
  for (const by of older) {
    const match = by.service.http.find(
      ({ match: earlier, isDelegated }) =>
        !isDelegated &&
        // What takes everything is moved behind all that does not.
        (!earlier.isCatchAll || later.isCatchAll) &&
        coversScope(earlier.scope, later.scope, [gateway]) &&
        coversRequest(earlier, later),
    );
    if (match !== undefined) return { by, match };
  }
  return undefined;
}
