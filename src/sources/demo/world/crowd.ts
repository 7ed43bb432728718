import type { ClusterId, NamespacePlan, Plane, PortPlan } from "./blueprint.ts";
import { addCall, addService, addWorkload, grpc, http, tcp, type Draft } from "./draft.ts";
import { demand } from "./shopWorld.ts";
import { hash32, unit } from "./seed.ts";

// The same shapes as the shop's, as often as asked for: teams of 25 services, each a tree of calls behind the ingress
// gateway, with gRPC, TCP, idle and unmeshed ones, two versions here and there, and some teams in the ambient mesh.

const teamSize = 25;
const words = ["account", "address", "basket", "catalog", "coupon", "delivery", "invoice", "label", "media", "notify"];
const roles = ["api", "store", "worker", "index", "gateway", "sync", "view"];

interface Team {
  readonly cluster: ClusterId;
  readonly namespace: string;
  readonly plane: Plane;
  readonly waypoint: string | undefined;
}

/** Adds `count` services; returns the namespaces they live in, by cluster. */
export function drawCrowd(
  draft: Draft,
  count: number,
  world: { readonly seed: number; readonly clusters: readonly ClusterId[] },
): ReadonlyMap<ClusterId, readonly NamespacePlan[]> {
  const namespaces = new Map<ClusterId, NamespacePlan[]>(world.clusters.map((id) => [id, []]));
  for (let first = 0; first < count; first += teamSize) {
    const team = teamOf(first / teamSize, world.clusters);
    const labels: Record<string, string> =
      team.plane === "ambient" ? { "istio.io/dataplane-mode": "ambient" } : { "istio-injection": "enabled" };
    namespaces.get(team.cluster)?.push({ name: team.namespace, labels });
    drawTeam(draft, team, Math.min(teamSize, count - first), world.seed);
  }
  return namespaces;
}

function teamOf(index: number, clusters: readonly ClusterId[]): Team {
  const plane = index % 5 === 3 ? "ambient" : "sidecar";
  return {
    cluster: clusters[index % 3 === 2 ? clusters.length - 1 : 0] ?? "eu",
    namespace: `team-${String(index + 1).padStart(3, "0")}`,
    plane,
    waypoint: plane === "ambient" && index % 10 === 3 ? "waypoint" : undefined,
  };
}

function drawTeam(draft: Draft, team: Team, size: number, seed: number): void {
  const { cluster, namespace, waypoint } = team;
  if (waypoint) {
    const image = "docker.io/istio/proxyv2:1.29.2";
    addWorkload(draft, { cluster, namespace, name: waypoint, plane: "waypoint", replicas: 1, ports: [], image });
  }
  const members = Array.from({ length: size }, (_, i) => memberOf(team, i, seed));
  for (const [i, member] of members.entries()) {
    drawMember(draft, team, member);
    if (member.isIdle) continue;
    if (i === 0) {
      const index = cluster === "us" ? demand.storefrontUs : demand.storefrontEu;
      const own = { demand: { index, perSecond: 1 + 9 * unit(`${namespace}/demand`, seed) } };
      addCall(draft, cluster, ["istio-ingress/istio-ingressgateway", target(namespace, member)], own);
      continue;
    }
    // A tree of calls; a parent that cannot call (a database, or idle itself) leaves its children to the team's first.
    const above = members[Math.floor((i - 1) / 2)];
    const parent = above && above.canCall ? above : members[0];
    if (!parent) continue;
    const perRequest = 0.2 + 0.9 * unit(`${namespace}/${member.name}/share`, seed);
    addCall(draft, cluster, [`${namespace}/${parent.workloads[0] ?? ""}`, target(namespace, member)], { perRequest });
  }
}

interface Member {
  readonly name: string;
  readonly port: PortPlan;
  readonly workloads: readonly string[];
  readonly isIdle: boolean;
  readonly canCall: boolean;
  readonly plane: Plane;
  readonly replicas: number;
  readonly medianMillis: number;
}

function memberOf(team: Team, i: number, seed: number): Member {
  const key = `${team.namespace}/${i}`;
  const word = words[(i + hash32(team.namespace, seed)) % words.length] ?? "";
  const name = `${word}-${roles[i % roles.length] ?? ""}-${i + 1}`;
  const isIdle = i % 12 === 11;
  const port = i % 10 === 7 ? tcp(5432, "tcp-sql") : i % 10 === 5 ? grpc(50051) : http(8080);
  const hasTwo = i % 4 === 2 && port.protocol === "http";
  return {
    name,
    port,
    workloads: hasTwo ? [`${name}-v1`, `${name}-v2`] : [name],
    isIdle,
    // Only the first version's pods call on, so a caller with two versions would halve its tree.
    canCall: !isIdle && port.protocol !== "tcp" && !hasTwo && i % 24 !== 23,
    plane: i % 24 === 23 ? "none" : team.plane,
    replicas: 1 + (hash32(`${key}/replicas`, seed) % 3),
    medianMillis: [4, 9, 16, 28, 60, 140][hash32(`${key}/median`, seed) % 6] ?? 10,
  };
}

function drawMember(draft: Draft, team: Team, member: Member): void {
  const { cluster, namespace } = team;
  const waypoint = member.plane === "ambient" ? team.waypoint : undefined;
  addService(draft, { cluster, namespace, name: member.name, ports: [member.port], waypoint });
  for (const [i, name] of member.workloads.entries()) {
    addWorkload(draft, {
      cluster,
      namespace,
      name,
      app: member.name,
      version: `v${i + 1}`,
      plane: member.plane,
      kind: member.port.protocol === "tcp" ? "StatefulSet" : "Deployment",
      replicas: i === 0 ? member.replicas : 1,
      ports: [member.port],
      medianMillis: member.medianMillis,
      failingShare: member.medianMillis === 140 ? 0.01 : 0,
    });
  }
}

function target(namespace: string, member: Member): string {
  return `${namespace}/${member.name}:${member.port.port}`;
}
