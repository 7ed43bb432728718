import { fieldsAt, listAt, textAt, textsAt } from "../../model/fields.ts";
import { say } from "../../message.ts";
import { boundGateway, meshGateway } from "../../routing/gatewayNames.ts";
import type { FieldPath } from "../../yaml/fieldPath.ts";
import { kinds } from "../kinds.ts";
import { problems } from "../problems.ts";
import type { Rule } from "../rule.ts";
import { defineQuery } from "../world/query.ts";
import type { World } from "../world/world.ts";
import type { WorldObject } from "../world/worldObject.ts";
import { routedVirtualService } from "./facts/virtualServices.ts";

const literalHosts = defineQuery((world): ReadonlySet<string> => {
  const hosts = new Set<string>();
  for (const entry of world.all(kinds.ServiceEntry)) {
    for (const host of textsAt(fieldsAt(entry.object, "spec"), "hosts")) hosts.add(host.toLowerCase());
  }
  return hosts;
});

/** True if a ServiceEntry has the host, as it is written or by a wildcard. */
const isLiteralHost = defineQuery((world, host): boolean => {
  const hosts = world.ask(literalHosts);
  if (hosts.has(host)) return true;
  for (let dot = host.indexOf("."); dot >= 0; dot = host.indexOf(".", dot + 1)) {
    if (hosts.has(`*${host.slice(dot)}`)) return true;
  }
  return hosts.has("*");
});

/** Hosts such as "reviews.prod", which Istio takes literally though a service of that name and namespace exists. */
export const shortHost: Rule = {
  name: "shortHost",
  layer: "foreyard",
  codes: [
    {
      code: "FY1040",
      severity: "warning",
      title: "Host looks short and is not",
      explanation:
        "Only a name without a dot is short for a service in the object's own namespace. A name with a dot is taken as it is, " +
        "so this one means an external host and not the service. Write the full name.",
      source: "istio/istio pilot/pkg/model/config.go, ResolveShortnameToFQDN; corpus/routing fact 7",
    },
  ],
  kinds: [kinds.VirtualService, kinds.DestinationRule, kinds.Sidecar],
  reads: [kinds.Service, kinds.ServiceEntry],
  *check(object, world) {
    for (const { host, path } of hostsOf(world, object)) {
      const meant = serviceMeant(world, host);
      if (meant === undefined || world.ask(isLiteralHost, host.toLowerCase())) continue;
      const full = `${meant.name}.${meant.namespace}.svc.cluster.local`;
      yield {
        code: "FY1040",
        message: say("{0} is taken literally and does not mean the service {1}", host, full),
        path,
        related: [{ object: meant, path: ["metadata", "name"], message: say("The service that may be meant") }],
        problem: problems.hostNotFound,
      };
    }
  },
};

interface HostPlace {
  readonly host: string;
  readonly path: FieldPath;
}

function hostsOf(world: World, object: WorldObject): readonly HostPlace[] {
  const spec = fieldsAt(object.object, "spec");
  if (object.kind === kinds.DestinationRule) return [{ host: textAt(spec, "host") ?? "", path: ["spec", "host"] }];
  if (object.kind === kinds.Sidecar) return egressHosts(spec);
  const routed = world.ask(routedVirtualService, `${object.namespace}/${object.name}`);
  const destinations = (routed?.destinations ?? []).map(({ destination, path }) => ({
    host: textAt(destination, "host") ?? "",
    path: [...path, "host"],
  }));
  const gateways = textsAt(spec, "gateways").map((name) => boundGateway(name, object.namespace));
  // What clients outside call may well be a name with one dot.
  if (gateways.length > 0 && !gateways.includes(meshGateway)) return destinations;
  const own = textsAt(spec, "hosts").map((host, at) => ({ host, path: ["spec", "hosts", at] as FieldPath }));
  return [...own, ...destinations];
}

function egressHosts(spec: unknown): readonly HostPlace[] {
  return listAt(spec, "egress").flatMap((listener, at) =>
    textsAt(listener, "hosts").map((entry, index): HostPlace => ({
      host: entry.slice(entry.indexOf("/") + 1),
      path: ["spec", "egress", at, "hosts", index],
    })),
  );
}

// "reviews.prod", "reviews.prod.svc" and "reviews.prod.svc.cluster" are none of the service's names for Istio.
const almostFull = /^([a-z0-9](?:[-a-z0-9]*[a-z0-9])?)\.([a-z0-9](?:[-a-z0-9]*[a-z0-9])?)(?:\.svc(?:\.cluster)?)?$/u;

function serviceMeant(world: World, host: string): WorldObject | undefined {
  const [, name, namespace] = almostFull.exec(host) ?? [];
  return name === undefined || namespace === undefined ? undefined : world.get(kinds.Service, namespace, name);
}
