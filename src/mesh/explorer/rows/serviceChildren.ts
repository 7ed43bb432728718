import type { ServicePort, ServiceView } from "../../inventory/views.ts";
import { say } from "../../message.ts";
import type { Row } from "../trees/lazyTree.ts";
import { childId } from "../trees/nodeId.ts";
import { firstThree, plainly } from "./rowFacts.ts";
import type { ExplorerWorld } from "../world.ts";
import { workloadRow } from "../trees/workloadListing.ts";

/** What is below a service of one cluster: its workloads, the names it answers to, its ports. */
export function serviceChildren(view: ServiceView, parentId: string, world: ExplorerWorld): readonly Row[] {
  const workloads = view.workloads.flatMap((id) => {
    const workload = world.workloads.get(id);
    return workload ? [workloadRow(workload, parentId, world)] : [];
  });
  workloads.sort((a, b) => (a.node.id < b.node.id ? -1 : 1));
  const groups = [];
  if (view.hosts.length > 0) groups.push(hostGroup(view.hosts, parentId));
  if (view.ports.length > 0) groups.push(portGroup(view.ports, parentId));
  return [...workloads, ...groups];
}

function hostGroup(all: readonly string[], parentId: string): Row {
  const id = childId(parentId, "hosts");
  const hosts = [...new Set(all)];
  return {
    node: {
      id,
      parentId,
      kind: "group",
      label: say("Hosts"),
      facts: hosts.slice(0, 1).map(plainly),
      state: undefined,
      tokens: ["fy.group"],
      hasChildren: true,
    },
    open: () =>
      hosts.map((host) => ({
        node: {
          id: childId(id, "host", host),
          parentId: id,
          kind: "host",
          label: host,
          facts: [],
          state: undefined,
          tokens: ["fy.host"],
          hasChildren: false,
        },
      })),
  };
}

function portGroup(ports: readonly ServicePort[], parentId: string): Row {
  const id = childId(parentId, "ports");
  return {
    node: {
      id,
      parentId,
      kind: "group",
      label: say("Ports"),
      facts: firstThree(ports.map(({ port, protocol }) => say("{0} {1}", String(port), protocol))),
      state: undefined,
      tokens: ["fy.group"],
      hasChildren: true,
    },
    // A port's number is not its identity: 53 may be there for UDP and for TCP.
    open: () =>
      ports.map(({ name, port, protocol }, index) => ({
        node: {
          id: childId(id, "port", String(port), name, String(index)),
          parentId: id,
          kind: "port",
          label: String(port),
          facts: [plainly(protocol), ...(name === "" ? [] : [plainly(name)])],
          state: undefined,
          tokens: ["fy.port"],
          hasChildren: false,
        },
      })),
  };
}
