import { say } from "../../../message.ts";
import { listAt, textsAt } from "../../../model/fields.ts";
import type { RuleFinding } from "../../finding.ts";
import { kinds } from "../../kinds.ts";
import { problems } from "../../problems.ts";
import type { Rule } from "../../rule.ts";
import { findDestination, namespaceOfHost, portNumbersOf } from "../../world/hosts.ts";
import { defineQuery } from "../../world/query.ts";
import type { World } from "../../world/world.ts";
import type { WorldObject } from "../../world/worldObject.ts";
import { referenceNotFound } from "../referenceNotFound.ts";
import { destinationsOf, type Destination } from "./destinations.ts";

/** VirtualServices with a subset for a host that they also list, by that host as it is written. */
const subsetsOfHost = defineQuery<ReadonlyMap<string, readonly WorldObject[]>>((world) => {
  const found = new Map<string, WorldObject[]>();
  for (const object of world.all(kinds.VirtualService)) {
    const hosts = new Set(textsAt(object.object["spec"], "hosts"));
    const split = new Set(
      [...destinationsOf(object)].flatMap(({ protocol, isMirror, host, subset }) =>
        protocol === "http" && !isMirror && subset !== "" && hosts.has(host) ? [host] : [],
      ),
    );
    for (const host of split) found.set(host, [...(found.get(host) ?? []), object]);
  }
  return found;
});

const splitBy = defineQuery<readonly WorldObject[]>((world, host) => world.ask(subsetsOfHost).get(host) ?? []);

/** Hosts and ports of destinations, and gateways that a subset does not reach (istio-analysis, 3.28). */
export const destinationHost: Rule = {
  name: "virtualservice.DestinationHostAnalyzer",
  layer: "analyzer",
  codes: [
    referenceNotFound,
    {
      code: "IST0112",
      severity: "error",
      title: "Destination needs a port",
      explanation: "The host offers several ports, so the destination has to say which. Add port.number.",
      source: "istio/istio pkg/config/analysis/msg/messages.yaml, VirtualServiceDestinationPortSelectorRequired",
    },
    {
      code: "IST0140",
      severity: "warning",
      title: "Subset not applied at a gateway",
      explanation:
        "Requests that come in at the gateway are routed by this VirtualService to the host without a subset; the subsets that another VirtualService gives that host apply inside the mesh only.",
      source: "istio/istio pkg/config/analysis/msg/messages.yaml, IngressRouteRulesNotAffected",
    },
  ],
  kinds: [kinds.VirtualService],
  reads: [kinds.Service, kinds.ServiceEntry],
  *check(object, world) {
    const exportTo = textsAt(object.object["spec"], "exportTo");
    for (const destination of destinationsOf(object)) yield* reference(object, world, exportTo, destination);
    if (listAt(object.object["spec"], "gateways").length > 0) yield* notAtGateway(object, world);
  },
};

function* reference(
  object: WorldObject,
  world: World,
  exportTo: readonly string[],
  { host, port, path, isMirror }: Destination,
): Generator<RuleFinding> {
  // An empty host is the schema's and the webhook's matter; Istio looks for it all the same.
  const target = findDestination(world, object.namespace, exportTo, host);
  if (target === undefined) {
    yield {
      code: "IST0101",
      message: isMirror
        ? say("No Service or ServiceEntry has the mirror host {0}", host)
        : say("No Service or ServiceEntry has the host {0}", host),
      path: [...path, "host"],
      problem: problems.hostNotFound,
      missingIn: namespaceOfHost(object.namespace, host),
    };
    return;
  }
  const ports = portNumbersOf(target);
  if (port === undefined) {
    if (ports.length <= 1) return;
    yield {
      code: "IST0112",
      message: say("{0} has the ports {1}; say which one", host, ports.join(", ")),
      path,
      at: "key",
      problem: problems.portMissing,
      related: [{ object: target, path: ["spec", "ports"], message: say("Its ports") }],
    };
  } else if (!ports.includes(port)) {
    yield {
      code: "IST0101",
      message: say("{0} has no port {1}; it has {2}", host, port, ports.join(", ")),
      path: [...path, "port", "number"],
      problem: problems.portNotFound,
      related: [{ object: target, path: ["spec", "ports"], message: say("Its ports") }],
    };
  }
}

function* notAtGateway(object: WorldObject, world: World): Generator<RuleFinding> {
  for (const { protocol, isMirror, host, subset, path } of destinationsOf(object)) {
    if (protocol !== "http" || isMirror || subset !== "") continue;
    for (const other of world.ask(splitBy, host)) {
      yield {
        code: "IST0140",
        message: say("The subsets of VirtualService {0} do not apply to requests from this gateway", other.name),
        path: [...path, "host"],
        related: [{ object: other, path: ["metadata", "name"], message: say("Gives {0} subsets", host) }],
      };
    }
  }
}
