import type { VirtualServiceFacts } from "../facts/virtualServiceFacts.ts";
import { distinct } from "../facts/hostNames.ts";
import type { RouteFacts } from "../trafficConfig.ts";

type Route = RouteFacts & VirtualServiceFacts;

/**
 * Routes as facts. A VirtualService without hosts acts on those of the VirtualServices that delegate to it, at their
 * gateways; where none does it acts on nothing (delegates of delegates are not followed, as istiod refuses them).
 */
export function withDelegates(routes: readonly Route[]): readonly RouteFacts[] {
  const roots = new Map<string, Route[]>();
  for (const route of routes) {
    for (const delegate of route.delegates) roots.set(delegate, [...(roots.get(delegate) ?? []), route]);
  }
  return routes.map((route) => {
    const isDelegate = route.ref.kind === "VirtualService" && route.hosts.length === 0;
    const own = isDelegate ? roots.get(`${route.namespace}/${route.name}`) : undefined;
    if (!own) return route;
    const visible = own.every(({ exportTo }) => exportTo !== undefined);
    return {
      ...route,
      hosts: distinct(own.flatMap(({ hosts }) => hosts)),
      gateways: distinct(own.flatMap(({ gateways }) => gateways)),
      exportTo: visible ? distinct(own.flatMap(({ exportTo }) => exportTo ?? [])) : undefined,
    };
  });
}
