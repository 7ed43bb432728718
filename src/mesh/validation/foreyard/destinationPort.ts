import { countAt, fieldsAt, listAt } from "../../model/fields.ts";
import { say } from "../../message.ts";
import { meshGateway } from "../../routing/gatewayNames.ts";
import { isWildcard } from "../../routing/hostPatterns.ts";
import type { RuleFinding } from "../finding.ts";
import { kinds } from "../kinds.ts";
import { problems } from "../problems.ts";
import type { Rule } from "../rule.ts";
import type { World } from "../world/world.ts";
import { serversOf } from "./facts/gatewayBindings.ts";
import { portsOfHost } from "./facts/servicePorts.ts";
import { routedVirtualService, type NamedDestination, type RoutedObject } from "./facts/virtualServices.ts";

/** HTTP destinations without a port that take the port of the request, which they do not have. */
export const destinationPort: Rule = {
  name: "destinationPort",
  layer: "foreyard",
  codes: [
    {
      code: "FY1050",
      severity: "warning",
      title: "Destination without a port that misses",
      explanation:
        "A destination without a port gets the port of the request: at a sidecar also where the destination has one port " +
        "only, at a gateway where it has several. The destination has no such port, so requests are answered with 503. Say " +
        "the port.",
      source: "istio/istio pilot/pkg/networking/core/route/route.go, GetDestinationCluster; corpus/routing fact 5",
    },
  ],
  kinds: [kinds.VirtualService],
  reads: [kinds.Service, kinds.ServiceEntry, kinds.Gateway],
  *check(object, world) {
    const routed = world.ask(routedVirtualService, `${object.namespace}/${object.name}`);
    if (routed === undefined || routed.object !== object || routed.service.hosts.length === 0) return;
    const listeners = listenersOf(world, routed);
    if (listeners.length === 0) return;
    for (const place of routed.destinations) {
      if (place.protocol === "http" && countAt(fieldsAt(place.destination, "port"), "number") === undefined) {
        yield* missed(world, { routed, place, listeners });
      }
    }
  },
};

/** A port that requests come to, at all sidecars or a gateway. */
interface ListenerPort {
  readonly gateway: string;
  readonly port: number;
  /** Known from a service or a server, not from what istiod does for unknown hosts. */
  readonly isSure: boolean;
}

function listenersOf(world: World, { service }: RoutedObject): readonly ListenerPort[] {
  return service.gateways.flatMap((gateway): readonly ListenerPort[] => {
    if (gateway !== meshGateway) {
      const ports = new Set(world.ask(serversOf, gateway).flatMap(({ port }) => port ?? []));
      return [...ports].map((port) => ({ gateway, port, isSure: true }));
    }
    // A wildcard takes whatever services there are.
    if (service.hosts.some(isWildcard)) return [];
    const known = service.hosts.map((host) => world.ask(portsOfHost, host)).filter((ports) => ports !== undefined);
    // Without any known service the routes are for port 80 alone (fact 6).
    if (known.length === 0) return [{ gateway, port: 80, isSure: false }];
    const ports = new Set(known.flat().flatMap(({ number, isHttp }) => (isHttp ? [number] : [])));
    return [...ports].map((port) => ({ gateway, port, isSure: true }));
  });
}

interface Question {
  readonly routed: RoutedObject;
  readonly place: NamedDestination;
  readonly listeners: readonly ListenerPort[];
}

function* missed(world: World, { routed, place, listeners }: Question): Generator<RuleFinding> {
  const ports = world.ask(portsOfHost, place.host);
  if (ports === undefined || ports.length === 0) return;
  const numbers = ports.map(({ number }) => number);
  const reached = listeners.filter((listener) => appliesAt(routed, place.rule, listener));
  const missing = reached.filter(
    ({ gateway, port }) => !numbers.includes(port) && (gateway === meshGateway || numbers.length > 1),
  );
  const [first] = missing;
  if (first === undefined) return;
  const isSure = missing.length === reached.length && missing.every((listener) => listener.isSure);
  const asked = [...new Set(missing.map(({ port }) => port))].join(", ");
  const had = [...new Set(numbers)].slice(0, mostNamed).join(", ");
  yield {
    code: "FY1050",
    ...(isSure ? {} : { severity: "hint" as const }),
    message: say("Requests to port {0} go to the same port of {1}, which has {2}", asked, place.host, had),
    path: place.path,
    problem: problems.portMissing,
  };
}

const mostNamed = 5;

function appliesAt({ object, service }: RoutedObject, rule: number, { gateway, port }: ListenerPort): boolean {
  if (listAt(fieldsAt(object.object, "spec"), "http").length <= rule) return false;
  return service.http.some(({ rule: at, match: { scope } }) => {
    if (at !== rule || (scope.port !== undefined && scope.port !== port)) return false;
    return scope.gateways.length === 0 || scope.gateways.includes(gateway);
  });
}
