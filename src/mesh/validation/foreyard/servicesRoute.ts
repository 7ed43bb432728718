import { fieldsAt, fieldsOf, listAt, textAt } from "../../model/fields.ts";
import { say } from "../../message.ts";
import { meshGateway } from "../../routing/gatewayNames.ts";
import { kinds, type KindName } from "../kinds.ts";
import type { Rule } from "../rule.ts";
import { defineQuery } from "../world/query.ts";
import type { WorldObject } from "../world/worldObject.ts";
import { isTogether } from "./facts/isTogether.ts";
import { routedVirtualService } from "./facts/virtualServices.ts";

const routeKinds: readonly KindName[] = [kinds.HTTPRoute, kinds.GRPCRoute];

const byService = defineQuery((world): ReadonlyMap<string, WorldObject> => {
  const services = new Map<string, WorldObject>();
  for (const kind of routeKinds) {
    for (const route of world.all(kind)) {
      for (const parent of listAt(fieldsAt(route.object, "spec"), "parentRefs")) {
        const group = fieldsOf(parent)["group"];
        const isService = textAt(parent, "kind") === "Service" && (group === "" || group === "core");
        // A route elsewhere is for the clients of its own namespace only.
        if (!isService || (textAt(parent, "namespace") ?? route.namespace) !== route.namespace) continue;
        const host = `${textAt(parent, "name") ?? ""}.${route.namespace}.svc.cluster.local`;
        if (!services.has(host)) services.set(host, route);
      }
    }
  }
  return services;
});

/** The route of the Gateway API that is attached to a service's host in its own namespace. */
const routeOnService = defineQuery((world, host): WorldObject | undefined => world.ask(byService).get(host));

/** VirtualServices for a service that a route of the Gateway API is attached to. */
export const servicesRoute: Rule = {
  name: "servicesRoute",
  layer: "foreyard",
  codes: [
    {
      code: "FY1032",
      severity: "warning",
      title: "Service has a route of the Gateway API",
      explanation:
        "An HTTPRoute or GRPCRoute that is attached to a Service beats every VirtualService for it, whatever their age. " +
        "Sidecars ignore this VirtualService for the host.",
      source: "corpus/routing fact 44; istio/istio pilot/pkg/model/virtualservice.go",
    },
  ],
  kinds: [kinds.VirtualService],
  reads: routeKinds,
  *check(object, world) {
    const own = world.ask(routedVirtualService, `${object.namespace}/${object.name}`);
    if (own === undefined || !own.service.gateways.includes(meshGateway) || own.service.http.length === 0) return;
    for (const [at, host] of own.service.hosts.entries()) {
      const route = world.ask(routeOnService, host);
      if (route === undefined) continue;
      yield {
        code: "FY1032",
        ...(isTogether(object, route) ? {} : { severity: "hint" as const }),
        message: say(
          "{0} {1} is attached to this service, so sidecars ignore this VirtualService for it",
          route.object.kind,
          route.name,
        ),
        path: ["spec", "hosts", at],
        related: [{ object: route, path: ["spec", "parentRefs"], message: say("Attached to the service") }],
      };
    }
  },
};
