import { grpcStatusOf } from "../../../mesh/routing/request/grpc.ts";
import type { ClusterId, Protocol, WorkloadPlan } from "../world/blueprint.ts";
import { endpointsOf, type WorldIndex } from "../world/worldIndex.ts";
import {
  qualified,
  type ClientPolicy,
  type Fault,
  type Route,
  type RouteTarget,
  type TrafficConfig,
} from "./trafficConfig.ts";

/** One caller's requests to one service and port, before configuration has its say. */
export interface Edge {
  readonly cluster: ClusterId;
  readonly isFromGateway: boolean;
  readonly namespace: string;
  readonly service: string;
  readonly protocol: Protocol;
}

/** A share of an edge and what becomes of it. */
export interface Split {
  readonly share: number;
  readonly namespace: string;
  readonly service: string;
  /** undefined: answered by the caller's own proxy, with `code` and `flags`. */
  readonly to: WorkloadPlan | undefined;
  readonly code: number;
  readonly grpcStatus: number | undefined;
  /** Envoy's response flags as the caller's proxy reports them. */
  readonly flags: string;
  readonly delaySeconds: number;
  /** A copy of requests that go elsewhere. */
  readonly isMirror: boolean;
}

/** Where a client goes on that finds endpoints in its own cluster and in another (locality weights of the world). */
const localShare = 0.9;

/**
 * Where the requests of an edge go as the configuration of its cluster says: weights and subsets of the first
 * VirtualService route that takes every request, its faults, and its mirrors. Shares add up to 1, but for the mirrors'.
 */
export function splitTraffic(config: TrafficConfig, index: WorldIndex, edge: Edge): readonly Split[] {
  const host = qualified(edge.service, edge.namespace);
  const route = routeFor(config, edge, host);
  const targets = weighted(route?.targets ?? []);
  if (targets.length === 0) targets.push({ share: 1, target: { host, subset: undefined, weight: 1 } });
  const splits = targets.flatMap(({ share, target }) => reach(config, index, { edge, target, share }));
  if (!route) return splits;
  return [...afterFaults(splits, route.fault, edge), ...mirrored(config, index, { edge, route })];
}

// What a fault aborts is not copied either. Copies that reach nobody are not told of by anybody.
function mirrored(
  config: TrafficConfig,
  index: WorldIndex,
  { edge, route }: { readonly edge: Edge; readonly route: Route },
): readonly Split[] {
  if (edge.protocol === "tcp") return [];
  const share = 1 - (route.fault.abort?.share ?? 0);
  return route.mirrors
    .flatMap((target) => reach(config, index, { edge, target, share: share * target.weight }))
    .filter(({ to, share: part }) => to !== undefined && part > 0)
    .map((split) => ({ ...split, isMirror: true }));
}

function routeFor(config: TrafficConfig, edge: Edge, host: string): Route | undefined {
  // What a gateway forwards is told apart by its destination here: the demo's clients say no host of their own.
  const applying = (edge.isFromGateway ? config.forGateways : config.forMesh).get(host) ?? [];
  for (const virtual of applying) {
    const routes = edge.protocol === "tcp" ? virtual.tcp : virtual.http;
    const isMeant = (route: Route) => !edge.isFromGateway || route.targets.some((target) => target.host === host);
    const route = routes.find((candidate) => !candidate.hasMatch && isMeant(candidate));
    if (route) return route;
  }
  return undefined;
}

// A lone destination takes everything whatever its weight (HTTPRouteDestination.weight in istio/api).
function weighted(targets: readonly RouteTarget[]): { share: number; target: RouteTarget }[] {
  const [first] = targets;
  if (targets.length === 1 && first) return [{ share: 1, target: first }];
  const total = targets.reduce((sum, target) => sum + target.weight, 0);
  if (total === 0) return [];
  return targets.filter((target) => target.weight > 0).map((target) => ({ share: target.weight / total, target }));
}

interface Reaching {
  readonly edge: Edge;
  readonly target: RouteTarget;
  readonly share: number;
}

function reach(config: TrafficConfig, index: WorldIndex, { edge, target, share }: Reaching): readonly Split[] {
  const [service = "", namespace = "", rest] = target.host.split(".");
  const code = edge.protocol === "tcp" ? 0 : 200;
  const named = { namespace, service, code, grpcStatus: undefined, delaySeconds: 0, isMirror: false };
  const refused = (flags: string): Split => ({ ...named, ...refusal(edge), share, to: undefined, flags });
  const endpoints = rest === "svc" ? endpointsOf(index, namespace, service) : [];
  if (endpoints.length === 0) return [refused("NC")];
  const labels = target.subset === undefined ? {} : config.subsets.get(target.host)?.get(target.subset);
  if (!labels) return [refused("NC")];
  const chosen = endpoints.filter((plan) => hasLabels(plan, labels));
  const pods = chosen.reduce((sum, plan) => sum + plan.replicas, 0);
  if (pods === 0) return [refused("UH")];
  const local = chosen.reduce((sum, plan) => sum + (plan.cluster === edge.cluster ? plan.replicas : 0), 0);
  const isSpread = local > 0 && local < pods;
  const policy = config.policies.get(target.host);
  const turnedAway = turnedAwayShare(policy);
  return chosen.flatMap((plan): Split[] => {
    const isLocal = plan.cluster === edge.cluster;
    const group = isLocal ? local : pods - local;
    const groupShare = isSpread ? (isLocal ? localShare : 1 - localShare) : 1;
    const part = (share * groupShare * plan.replicas) / group;
    // Plain text meets a proxy that takes nothing but TLS, and hangs up.
    if (policy?.isPlain && insistsOnTls(config, plan)) return [{ ...refused("UF"), share: part }];
    const answered: Split = { ...named, share: part * (1 - turnedAway), to: plan, flags: "-" };
    return turnedAway > 0 ? [answered, { ...refused("UO"), share: part * turnedAway }] : [answered];
  });
}

/** The demo's requests come a few at a time: pools of one or two turn many of them away, others none. */
function turnedAwayShare(policy: ClientPolicy | undefined): number {
  if (!policy || policy.limit > 2) return 0;
  return policy.limit === 1 ? 0.42 : 0.18;
}

// The narrowest policy counts: of the pod, of its namespace, of the mesh (PeerAuthentication in istio/api).
function insistsOnTls({ peers }: TrafficConfig, plan: WorkloadPlan): boolean {
  if (plan.plane !== "sidecar") return false;
  const own = peers.find(({ namespace, labels }) => namespace === plan.namespace && labels && hasLabels(plan, labels));
  const near = peers.find(({ namespace, labels }) => namespace === plan.namespace && !labels);
  const mesh = peers.find(({ namespace, labels }) => namespace === "istio-system" && !labels);
  return (own ?? near ?? mesh)?.isStrict === true;
}

function refusal(edge: Edge): { code: number; grpcStatus: number | undefined } {
  if (edge.protocol === "grpc") return { code: 200, grpcStatus: 14 };
  return { code: edge.protocol === "tcp" ? 0 : 503, grpcStatus: undefined };
}

// A gRPC caller gets HTTP 200 and a status made from the HTTP code.
function answerOf(abort: NonNullable<Fault["abort"]>, edge: Edge): Pick<Split, "code" | "grpcStatus"> {
  if (edge.protocol !== "grpc") return { code: abort.httpStatus, grpcStatus: undefined };
  return { code: 200, grpcStatus: abort.grpcStatus ?? grpcStatusOf(abort.httpStatus) };
}

/** Labels of the pods that subsets speak of. */
function hasLabels(plan: WorkloadPlan, labels: Readonly<Record<string, string>>): boolean {
  const own: Readonly<Record<string, string | undefined>> = {
    app: plan.app,
    version: plan.version,
    "app.kubernetes.io/name": plan.app,
    "topology.istio.io/cluster": plan.cluster,
  };
  return Object.entries(labels).every(([name, value]) => own[name] === value);
}

// Envoy's fault filter draws the delay first and the abort after it, independently.
function afterFaults(splits: readonly Split[], { abort, delay }: Fault, edge: Edge): readonly Split[] {
  const first = splits[0];
  if (edge.protocol === "tcp" || !first) return splits;
  const abortShare = abort?.share ?? 0;
  const delayShare = delay?.share ?? 0;
  const out: Split[] = [];
  for (const isDelayed of [false, true]) {
    const part = isDelayed ? delayShare : 1 - delayShare;
    if (part <= 0) continue;
    const seconds = isDelayed ? (delay?.seconds ?? 0) : 0;
    const flag = isDelayed ? ["DI"] : [];
    if (abort && abortShare > 0) {
      out.push({
        share: part * abortShare,
        namespace: edge.namespace,
        service: edge.service,
        to: undefined,
        ...answerOf(abort, edge),
        flags: [...flag, "FI"].join(","),
        delaySeconds: seconds,
        isMirror: false,
      });
    }
    if (abortShare >= 1) continue;
    for (const split of splits) {
      const flags = [...flag, ...(split.flags === "-" ? [] : [split.flags])].join(",") || "-";
      out.push({ ...split, share: split.share * part * (1 - abortShare), flags, delaySeconds: seconds });
    }
  }
  return out;
}
