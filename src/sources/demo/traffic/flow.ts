import type { ClusterId, ExternalPlan, Protocol, WorkloadPlan } from "../world/blueprint.ts";
import type { Masses } from "./buckets.ts";

/** What one part of the requests of one caller to one destination comes to, while the configuration stays the same. */
export interface Flow {
  readonly from: WorkloadPlan;
  readonly namespace: string;
  readonly service: string;
  /** The workload that answers; undefined where the caller's proxy (or nothing we know) does. */
  readonly to: WorkloadPlan | undefined;
  readonly external: ExternalPlan | undefined;
  /** Of the service's member that answers; the caller's where none does. */
  readonly cluster: ClusterId;
  /** The waypoint that requests pass on this way. */
  readonly waypoint: WorkloadPlan | undefined;
  readonly protocol: Protocol;
  readonly code: number;
  readonly grpcStatus: number | undefined;
  /** Response flags as the caller's proxy and as the answering side's proxy report them. */
  readonly sourceFlags: string;
  readonly destinationFlags: string;
  /** Per wave: requests (TCP: round trips) per second for each unit of it. */
  readonly rates: Float64Array;
  /** Pods of `to` that answer, each an equal share; undefined for all of them. */
  readonly pods: readonly number[] | undefined;
  /** Per mood, as the answering side measures. */
  readonly millis: readonly [Masses, Masses];
  /** Per mood, as the caller's proxy measures: injected delays included. */
  readonly sourceMillis: readonly [Masses, Masses];
  readonly requestBytes: number;
  readonly responseBytes: number;
  /** A copy that the caller's proxy sends and forgets: only who gets it tells of it. */
  readonly isMirrored: boolean;
}

/** TCP connections opened for each round trip. */
export const connectionsPerTrip = 0.02;

/** The proxy whose report of a request counts; undefined where no proxy reads the protocol. */
export type Observer = "destination" | "waypoint" | "source";

/**
 * Of the proxies on the way, the one nearest to the answer: its report counts once for the request, the others repeat it.
 * Gateways and sidecars pass a waypoint by; ztunnel sees bytes only.
 */
export function observerOf(flow: Flow): Observer | undefined {
  if (flow.to?.plane === "sidecar") return "destination";
  if (flow.waypoint) return "waypoint";
  return reportsAtSource(flow) ? "source" : undefined;
}

/** The caller has a proxy that reads the protocol, and tells of this flow. */
export function reportsAtSource({ from, isMirrored }: Flow): boolean {
  return hasEnvoy(from) && !isMirrored;
}

/** ztunnel carries the bytes out. What goes to hosts that nobody declared is left out: it has no name for them. */
export function leavesByZtunnel({ from, to, waypoint, external }: Flow): boolean {
  const isKnown = to ?? waypoint ?? (external?.requestedHost === undefined ? external : undefined);
  return from.plane === "ambient" && isKnown !== undefined;
}

/** True where ztunnel carries the bytes at either end. */
export function passesZtunnel(flow: Flow): boolean {
  return leavesByZtunnel(flow) || flow.to?.plane === "ambient";
}

export function hasEnvoy(plan: WorkloadPlan): boolean {
  return plan.plane === "sidecar" || plan.plane === "gateway";
}

export function dot(rates: Float64Array, waves: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < rates.length; i++) sum += (rates[i] ?? 0) * (waves[i] ?? 0);
  return sum;
}
