import { isTrouble } from "../../health/verdict.ts";
import type { ClusterView, GatewayView } from "../../inventory/views.ts";
import { say, type Message } from "../../message.ts";
import { refId } from "../../model/refs.ts";
import { componentsVerdict, componentVerdict } from "../clusterFacts.ts";
import type { Row } from "../trees/lazyTree.ts";
import { childId } from "../trees/nodeId.ts";
import { firstThree, plainly, readyFact, trafficFacts } from "./rowFacts.ts";
import { noteFacts, readingFacts, reasonFacts, verdictFacts } from "../tooltip.ts";
import type { ExplorerWorld } from "../world.ts";

/** The group of a cluster's gateways and waypoints; none where there are none. */
export function gatewaysRow(cluster: ClusterView, parentId: string, world: ExplorerWorld): readonly Row[] {
  const { gateways } = cluster;
  if (gateways.length === 0) return [];
  const id = childId(parentId, "gateways");
  const worst = componentsVerdict(gateways, world);
  return [
    {
      node: {
        id,
        parentId,
        kind: "group",
        label: say("Gateways"),
        facts: [plainly(world.format.count(gateways.length))],
        state: isTrouble(worst.state) ? worst.state : undefined,
        tokens: ["fy.group"],
        hasChildren: true,
      },
      open: () => (world.place(cluster.key).cluster?.gateways ?? gateways).map((one) => gatewayRow(one, id, world)),
      facts: () => (isTrouble(worst.state) ? reasonFacts(worst) : verdictFacts(worst)),
    },
  ];
}

function gatewayRow(gateway: GatewayView, parentId: string, world: ExplorerWorld): Row {
  const { ref } = gateway;
  const verdict = componentVerdict(gateway, world);
  const version = gateway.version === undefined ? say("version unknown") : plainly(gateway.version);
  const ready = readyFact(gateway.replicas, world.format);
  const { reading } = world.assessment(refId(ref));
  // Of a waypoint and of what carries TLS untouched there may be bytes that others report; here only its own word counts.
  const passes = reading.isForwarded && reading.kind !== "none" ? trafficFacts(reading, world.format) : undefined;
  const isShort = gateway.replicas.ready < gateway.replicas.desired;
  return {
    node: {
      id: childId(parentId, "gateway", ref.kind, ref.namespace, ref.name),
      parentId,
      kind: "gateway",
      label: ref.name,
      facts: firstThree([roleWords(gateway.role), ...(passes && !isShort ? passes : [plainly(ref.namespace), ready])]),
      state: verdict.state,
      ...(passes && reading.staleSince !== undefined && { staleSince: reading.staleSince }),
      ref,
      tokens: ["fy.gateway", "fy.drill", "fy.document"],
      hasChildren: false,
    },
    facts: () => [
      { name: say("Gateway"), value: say("{0} {1} in {2}", ref.kind, ref.name, ref.namespace) },
      { name: say("Role"), value: roleWords(gateway.role) },
      ...reasonFacts(verdict),
      ...(passes ? readingFacts(reading, world) : []),
      { name: say("Version"), value: version },
      { name: say("Replicas"), value: ready },
      ...noteFacts(ref, world),
    ],
  };
}

function roleWords(role: GatewayView["role"]): Message {
  switch (role) {
    case "ingress":
      return say("ingress");
    case "egress":
      return say("egress");
    case "east-west":
      return say("east-west");
    case "waypoint":
      return say("waypoint");
    case "gateway":
      return say("gateway");
  }
}
