import { isError, outcomeOf } from "../../telemetry/errorRules.ts";
import type { Call } from "../../telemetry/edges/calls.ts";
import { TupleIndex } from "../../telemetry/edges/tupleIndex.ts";
import type { FlowSums } from "./flowHealth.ts";
import type { GraphView } from "./graph.ts";
import { addRate, ratesByName, type RatesByName } from "./ratesByName.ts";
import { isUnknown, type NodeDraft, type NodeDrafts } from "./nodeDrafts.ts";

/** What flows along an edge, added up over its calls. */
export interface EdgeDraft extends FlowSums {
  readonly index: number;
  readonly source: NodeDraft;
  readonly target: NodeDraft;
  readonly protocol: string;
  /** The same for the same protocol, from 0 up to `mostProtocols`. */
  readonly protocolIndex: number;
  readonly isFirst: boolean;
  readonly calls: Call[];
  /** undefined where there are none. */
  codes: RatesByName | undefined;
  flags: RatesByName | undefined;
  /** What is known of mutual TLS: requests, and bytes where none are counted. */
  withMtls: number;
  withoutMtls: number;
}

/** A page has one byte for a protocol; a mesh has a handful, unless somebody writes them at random. */
export const mostProtocols = 200;
const otherProtocol = "other";

/** True for calls that are counted in bytes. */
export function isByBytes(call: Call): boolean {
  return call.protocol === "tcp" || (call.rps === 0 && call.sentBytesPerSecond + call.receivedBytesPerSecond > 0);
}

/**
 * Calls become edges: from the caller to what it called by name, and on to the workload that answered. One edge where
 * no service was named, or where a waypoint is at either end (telemetry.md 6.3.4).
 */
export class EdgeDrafts {
  readonly all: EdgeDraft[] = [];
  readonly #view: GraphView;
  readonly #nodes: NodeDrafts;
  readonly #protocols = new Map<string, number>();
  /** Indexes of `all` by the nodes' indexes, protocol and role: no call makes a string. */
  readonly #edges: TupleIndex;

  /** `expected`: how many edges there may be, about. */
  constructor(view: GraphView, nodes: NodeDrafts, expected: number) {
    this.#view = view;
    this.#nodes = nodes;
    this.#edges = new TupleIndex(4, expected);
  }

  add(call: Call): void {
    const { source, service, destination } = call;
    const caller = this.#nodes.workload(source);
    const callee = this.#calleeOf(call);
    const count = isByBytes(call) ? countBytes : countRequests;
    count(this.#edge(caller, callee ?? this.#nodes.beyond(service, source), call, true), call);
    if (!callee || !destination || this.#view === "namespace") return;
    const workload = this.#nodes.workload(destination);
    if (isCalledByName(callee) && runs(workload)) count(this.#edge(callee, workload, call, false), call);
  }

  /** The node that a caller's edge leads to; undefined where neither a service nor a workload is known. */
  #calleeOf({ source, service, destination }: Call): NodeDraft | undefined {
    const reached = destination && !isUnknown(destination) ? destination : undefined;
    const isAtWaypoint = reached && (this.#nodes.isWaypoint(source) || this.#nodes.isWaypoint(reached));
    const called = service && isAtWaypoint !== true ? this.#nodes.service(service) : undefined;
    return called ?? (reached && this.#nodes.workload(reached));
  }

  /** The edge that a call belongs to, with the call among its calls. */
  #edge(source: NodeDraft, target: NodeDraft, call: Call, isFirst: boolean): EdgeDraft {
    const protocolIndex = this.#protocolOf(call);
    const { tuple } = this.#edges;
    tuple[0] = source.index;
    tuple[1] = target.index;
    tuple[2] = protocolIndex;
    tuple[3] = isFirst ? 1 : 0;
    const index = this.#edges.intern();
    const known = this.all[index];
    if (known) {
      known.calls.push(call);
      return known;
    }
    const protocol = protocolIndex === mostProtocols ? otherProtocol : call.protocol;
    // A list made with its only call takes a tenth of the room of one that the call is pushed to.
    const edge = newEdge({ index, source, target, protocol, protocolIndex, isFirst, calls: [call] });
    this.all.push(edge);
    return edge;
  }

  #protocolOf({ protocol }: Call): number {
    let index = this.#protocols.get(protocol);
    if (index === undefined) {
      index = Math.min(this.#protocols.size, mostProtocols);
      this.#protocols.set(protocol, index);
    }
    return index;
  }
}

function isCalledByName({ kind }: NodeDraft): boolean {
  return kind === "service" || kind === "serviceEntry";
}

function runs({ kind }: NodeDraft): boolean {
  return kind === "workload" || kind === "app" || kind === "gateway" || kind === "waypoint";
}

function countRequests(edge: EdgeDraft, call: Call): void {
  const { rps, protocol, code } = call;
  const outcome = outcomeOf(protocol, code, call.grpcStatus);
  edge.countsRequests = true;
  edge.rps += rps;
  if (isError(outcome)) edge.errorsPerSecond += rps;
  if (outcome === "clientError") edge.clientErrorsPerSecond += rps;
  if (outcome === "noResponse") edge.noResponsePerSecond += rps;
  if (protocol === "grpc") {
    edge.grpcPerSecond += rps;
    if (isError(outcome)) edge.grpcErrorsPerSecond += rps;
  }
  if (call.mutualTls === "yes") edge.withMtls += rps;
  if (call.mutualTls === "no") edge.withoutMtls += rps;
  addRate((edge.codes ??= ratesByName()), code === "" ? "-" : code, rps);
  if (hasFlags(call)) addRate((edge.flags ??= ratesByName()), call.flags, rps);
}

function countBytes(edge: EdgeDraft, call: Call): void {
  const bytes = call.sentBytesPerSecond + call.receivedBytesPerSecond;
  edge.countsBytes = true;
  edge.sentBytesPerSecond += call.sentBytesPerSecond;
  edge.receivedBytesPerSecond += call.receivedBytesPerSecond;
  if (call.mutualTls === "yes") edge.withMtls += bytes;
  if (call.mutualTls === "no") edge.withoutMtls += bytes;
  if (!hasFlags(call)) return;
  edge.flaggedBytes += bytes;
  addRate((edge.flags ??= ratesByName()), call.flags, bytes);
}

/** Envoy writes "-" for none. */
export function hasFlags({ flags }: Call): boolean {
  return flags !== "" && flags !== "-";
}

type EdgeStart = Pick<EdgeDraft, "index" | "source" | "target" | "protocol" | "protocolIndex" | "isFirst" | "calls">;

function newEdge({ index, source, target, protocol, protocolIndex, isFirst, calls }: EdgeStart): EdgeDraft {
  return {
    index,
    source,
    target,
    protocol,
    protocolIndex,
    isFirst,
    calls,
    codes: undefined,
    flags: undefined,
    rps: 0,
    errorsPerSecond: 0,
    clientErrorsPerSecond: 0,
    grpcPerSecond: 0,
    grpcErrorsPerSecond: 0,
    noResponsePerSecond: 0,
    sentBytesPerSecond: 0,
    receivedBytesPerSecond: 0,
    flaggedBytes: 0,
    withMtls: 0,
    withoutMtls: 0,
    countsRequests: false,
    countsBytes: false,
  };
}
