import { meshGateway } from "./gatewayNames.ts";
import { mostSpecificPattern } from "./hostPatterns.ts";
import type { RoutingVirtualService } from "./virtualService.ts";

/** A VirtualService with its age. */
export interface AgedVirtualService {
  readonly service: RoutingVirtualService;
  /** `metadata.creationTimestamp`, Unix milliseconds; undefined where it is not known, as in files. */
  readonly createdAt: number | undefined;
}

/**
 * The order in which istiod takes VirtualServices: by creation time in whole seconds, then by name, then by namespace
 * (`configCompareByCreationTime`). What has no known time, as in files, counts as created last and together;
 * {@link isOrderKnown} tells whether that was assumed.
 */
export function compareByAge(a: AgedVirtualService, b: AgedVirtualService): number {
  const [ageA, ageB] = [a.createdAt ?? Infinity, b.createdAt ?? Infinity];
  if (ageA !== ageB) return ageA - ageB;
  return compareText(a.service.name, b.service.name) || compareText(a.service.namespace, b.service.namespace);
}

export function isOrderKnown(a: AgedVirtualService, b: AgedVirtualService): boolean {
  return a.createdAt !== undefined && b.createdAt !== undefined;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * Who sees it, as istiod orders what a namespace sees: what is exported to its own namespace only (0), to this one by name
 * (1), to all (2); undefined where it does not see it. Age decides within each (`SelectVirtualServices`).
 */
export function visibility(service: RoutingVirtualService, namespace: string): 0 | 1 | 2 | undefined {
  if (service.exportTo === undefined) return 2;
  if (!service.exportTo.includes(namespace)) return undefined;
  return service.namespace === namespace ? 0 : 1;
}

/** In the order in which a proxy of the namespace takes them; those that it does not see are left out. */
export function inOrderFor(namespace: string, services: readonly AgedVirtualService[]): readonly AgedVirtualService[] {
  return services
    .flatMap((aged) => {
      const rank = visibility(aged.service, namespace);
      return rank === undefined ? [] : [{ aged, rank }];
    })
    .sort((a, b) => a.rank - b.rank || compareByAge(a.aged, b.aged))
    .map(({ aged }) => aged);
}

/**
 * The VirtualService whose routes a sidecar of the namespace uses for a service's host, out of those bound to the mesh:
 * the most specific host counts first, then the order. It counts whole: what it does not match is answered with 404. For
 * a host that is no known service give only those that have effect on the port: 80, and the ports of known services among
 * their hosts.
 */
export function meshOwner(
  host: string,
  namespace: string,
  services: readonly AgedVirtualService[],
): AgedVirtualService | undefined {
  const candidates = inOrderFor(namespace, services).filter(({ service }) => service.gateways.includes(meshGateway));
  const pattern = mostSpecificPattern(
    host,
    candidates.flatMap(({ service }) => service.hosts),
  );
  return pattern === undefined ? undefined : candidates.find(({ service }) => service.hosts.includes(pattern));
}
