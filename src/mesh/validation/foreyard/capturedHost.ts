import { say } from "../../message.ts";
import { meshGateway } from "../../routing/gatewayNames.ts";
import { isWildcard } from "../../routing/hostPatterns.ts";
import { isOrderKnown } from "../../routing/precedence.ts";
import type { RoutingVirtualService } from "../../routing/virtualService.ts";
import type { FieldPath } from "../../yaml/fieldPath.ts";
import type { RuleFinding } from "../finding.ts";
import { kinds } from "../kinds.ts";
import { problems } from "../problems.ts";
import type { Rule } from "../rule.ts";
import type { World } from "../world/world.ts";
import { gatewayHostsOf, servicesWithinAt } from "./facts/gatewayBindings.ts";
import { meshServicesOf, meshServicesWithin } from "./facts/meshBindings.ts";
import { portsOfHost } from "./facts/servicePorts.ts";
import { routedVirtualService, type RoutedObject } from "./facts/virtualServices.ts";

/** Hosts of a VirtualService whose requests another VirtualService takes. */
export const capturedHost: Rule = {
  name: "capturedHost",
  layer: "foreyard",
  codes: [
    {
      code: "FY1030",
      severity: "warning",
      title: "Host captured by another VirtualService",
      explanation:
        "Sidecars use one VirtualService for a host, whole: the oldest of those they see, whatever its namespace; of the " +
        "same second, the first by name. This one has no effect on the host. Merge the two, or narrow exportTo.",
      source: "istio/istio pilot/pkg/model/virtualservice.go, SelectVirtualServices; corpus/routing facts 15 to 17",
    },
    {
      code: "FY1031",
      severity: "hint",
      title: "Hosts taken out of a wildcard",
      explanation:
        "A VirtualService that names a host exactly takes all its requests: what it does not match is answered with 404 and " +
        "never comes to the wildcard's rules.",
      source:
        "istio/istio pilot/pkg/model/sidecar.go, computeWildcardHostVirtualServiceIndex; corpus/routing facts 12 and 17",
    },
  ],
  kinds: [kinds.VirtualService],
  reads: [],
  *check(object, world) {
    const own = world.ask(routedVirtualService, `${object.namespace}/${object.name}`);
    if (own === undefined || own.object !== object || own.service.http.length === 0) return;
    const isInMesh = own.service.gateways.includes(meshGateway);
    const atGateways = world.ask(gatewayHostsOf, `${object.namespace}/${object.name}`);
    const seen = new Set<string>();
    for (const [at, host] of own.service.hosts.entries()) {
      if (seen.has(host)) continue;
      seen.add(host);
      const path: FieldPath = ["spec", "hosts", at];
      if (isInMesh) yield* captured(world, own, { host, path });
      if (!isWildcard(host)) continue;
      const places = atGateways.filter((place) => place.host === host).map(({ key }) => key);
      const takers = [
        ...(isInMesh ? world.ask(meshServicesWithin, host) : []),
        ...places.flatMap((key) => world.ask(servicesWithinAt, key)),
      ];
      yield* takenOut(own, [...new Set(takers)], { host, path });
    }
  },
};

interface HostPlace {
  readonly host: string;
  readonly path: FieldPath;
}

function* captured(world: World, own: RoutedObject, { host, path }: HostPlace): Generator<RuleFinding> {
  const winner = winnerOf(world, own, host);
  if (winner === undefined) return;
  const name = `${winner.object.namespace}/${winner.object.name}`;
  const where = whereBoth(winner.service, own.service) ?? [];
  // A host that is no service gets the routes on some ports only, which may be others for each.
  const isService = world.ask(portsOfHost, host) !== undefined;
  const isKnown = isOrderKnown(winner, own);
  const isEverywhere = where.length === 0;
  yield {
    code: "FY1030",
    ...(isKnown && isEverywhere && isService ? {} : { severity: "hint" as const }),
    message: !isKnown
      ? say(
          "VirtualService {0} also names {1}; created together, it wins and this one has no effect on the host",
          name,
          host,
        )
      : isEverywhere
        ? say("VirtualService {0} is older and takes all requests to {1}", name, host)
        : say("VirtualService {0} takes all requests to {1} from {2}", name, host, where.slice(0, 3).join(", ")),
    path,
    related: [{ object: winner.object, path: hostPath(winner, host), message: say("Takes the host") }],
    problem: problems.sameHostTwice,
  };
}

/** The oldest that takes the host from all who see `own`, else the oldest that takes it from some. */
function winnerOf(world: World, own: RoutedObject, host: string): RoutedObject | undefined {
  let partial: RoutedObject | undefined;
  for (const other of world.ask(meshServicesOf, host).slice(0, mostCompared)) {
    if (other.object === own.object) break;
    if (!takesSomeHttpEverywhere(other.service)) continue;
    const where = whereBoth(other.service, own.service);
    if (where?.length === 0) return other;
    if (where !== undefined) partial ??= other;
  }
  return partial;
}

const mostCompared = 200;

/**
 * Namespaces in which both are seen and `other` comes before, if it is older; [] for all, undefined for none. What is
 * exported to few comes before what is exported to all, so the wider one never captures there.
 */
function whereBoth(other: RoutingVirtualService, own: RoutingVirtualService): readonly string[] | undefined {
  if (other.exportTo === undefined) return own.exportTo === undefined ? [] : undefined;
  if (own.exportTo === undefined) return other.exportTo;
  const shared = other.exportTo.filter(
    (namespace) =>
      own.exportTo?.includes(namespace) === true && (namespace !== own.namespace || other.namespace === own.namespace),
  );
  return shared.length === 0 ? undefined : shared;
}

// Without any route for a sidecar's listener istiod takes the next VirtualService; one open match rules that out.
function takesSomeHttpEverywhere(service: RoutingVirtualService): boolean {
  return service.http.some(({ match: { scope }, isDelegated }) => {
    if (isDelegated || scope.port !== undefined) return false;
    if (scope.gateways.length > 0) return scope.gateways.includes(meshGateway);
    return scope.sourceNamespace === undefined && Object.keys(scope.sourceLabels).length === 0;
  });
}

const mostNamed = 3;

function* takenOut(
  own: RoutedObject,
  services: readonly RoutedObject[],
  { host, path }: HostPlace,
): Generator<RuleFinding> {
  const takers = services.filter(
    (other) => other.object !== own.object && other.service.exportTo === undefined && other.service.http.length > 0,
  );
  const [first] = takers;
  if (first === undefined) return;
  const names = takers.slice(0, mostNamed).map(({ object }) => `${object.namespace}/${object.name}`);
  yield {
    code: "FY1031",
    message: say(
      "{0} VirtualServices name hosts of {1} exactly and take their requests: {2}",
      takers.length,
      host,
      names.join(", "),
    ),
    path,
    related: takers
      .slice(0, mostNamed)
      .map((other) => ({ object: other.object, path: ["spec", "hosts"], message: say("Names a host exactly") })),
  };
}

function hostPath({ service }: RoutedObject, host: string): FieldPath {
  return ["spec", "hosts", Math.max(0, service.hosts.indexOf(host))];
}
