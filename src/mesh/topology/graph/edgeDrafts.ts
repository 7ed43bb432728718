import { isError, outcomeOf, type Outcome } from "../../telemetry/errorRules.ts";
import type { Call } from "../../telemetry/edges/calls.ts";
import { isServiceName } from "../../telemetry/specialValues.ts";
import type { RequestRates } from "../../telemetry/summaries.ts";
import type { GraphView } from "./graph.ts";
import { addRate, ratesByName, type RatesByName } from "./ratesByName.ts";
import { isUnknown, type NodeDraft, type NodeDrafts } from "./nodeDrafts.ts";

/** What flows along an edge, added up over its calls. */
export interface EdgeDraft extends RequestRates {
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
  rps: number;
  errorsPerSecond: number;
  clientErrorsPerSecond: number;
  grpcPerSecond: number;
  grpcErrorsPerSecond: number;
  noResponsePerSecond: number;
  sentBytesPerSecond: number;
  receivedBytesPerSecond: number;
  /** Bytes per second of connections with an Envoy flag. */
  flaggedBytes: number;
  /** What is known of mutual TLS: requests, and bytes where none are counted. */
  withMtls: number;
  withoutMtls: number;
  countsRequests: boolean;
  countsBytes: boolean;
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
  /** By the source's index, then by target, protocol and role as one small number: no call makes a string. */
  readonly #edges: Map<number, EdgeDraft>[] = [];
  readonly #outcomes = new Map<string, Outcome>();

  constructor(view: GraphView, nodes: NodeDrafts) {
    this.#view = view;
    this.#nodes = nodes;
  }

  add(call: Call): void {
    const { source, service, destination } = call;
    const caller = this.#nodes.workload(source);
    const callee = this.#calleeOf(call);
    this.#count(caller, callee ?? this.#nodes.beyond(service, source), { call, isFirst: true });
    if (!callee || !destination || this.#view === "namespace") return;
    const workload = this.#nodes.workload(destination);
    if (isCalledByName(callee) && runs(workload)) this.#count(callee, workload, { call, isFirst: false });
  }

  /** The node that a caller's edge leads to; undefined where neither a service nor a workload is known. */
  #calleeOf({ source, service, destination }: Call): NodeDraft | undefined {
    const reached = destination && !isUnknown(destination) ? destination : undefined;
    const isAtWaypoint = reached && (this.#nodes.isWaypoint(source) || this.#nodes.isWaypoint(reached));
    if (service && isServiceName(service.name) && isAtWaypoint !== true) return this.#nodes.service(service);
    return reached && this.#nodes.workload(reached);
  }

  #count(source: NodeDraft, target: NodeDraft, what: { readonly call: Call; readonly isFirst: boolean }): void {
    const { call } = what;
    const edge = this.#edge(source, target, what);
    edge.calls.push(call);
    if (isByBytes(call)) countBytes(edge, call);
    else this.#countRequests(edge, call);
  }

  #edge(source: NodeDraft, target: NodeDraft, { call, isFirst }: { call: Call; isFirst: boolean }): EdgeDraft {
    let protocol = this.#protocols.get(call.protocol);
    if (protocol === undefined) {
      protocol = Math.min(this.#protocols.size, mostProtocols);
      this.#protocols.set(call.protocol, protocol);
    }
    const ofSource = (this.#edges[source.index] ??= new Map<number, EdgeDraft>());
    const key = (target.index * (mostProtocols + 1) + protocol) * 2 + (isFirst ? 1 : 0);
    const known = ofSource.get(key);
    if (known) return known;
    const name = protocol === mostProtocols ? otherProtocol : call.protocol;
    const edge = newEdge({ source, target, protocol: name, protocolIndex: protocol, isFirst });
    ofSource.set(key, edge);
    this.all.push(edge);
    return edge;
  }

  #countRequests(edge: EdgeDraft, call: Call): void {
    const { rps } = call;
    const outcome = this.#outcomeOf(call);
    edge.countsRequests = true;
    edge.rps += rps;
    if (isError(outcome)) edge.errorsPerSecond += rps;
    if (outcome === "clientError") edge.clientErrorsPerSecond += rps;
    if (outcome === "noResponse") edge.noResponsePerSecond += rps;
    if (call.protocol === "grpc") {
      edge.grpcPerSecond += rps;
      if (isError(outcome)) edge.grpcErrorsPerSecond += rps;
    }
    if (call.mutualTls === "yes") edge.withMtls += rps;
    if (call.mutualTls === "no") edge.withoutMtls += rps;
    addRate((edge.codes ??= ratesByName()), call.code === "" ? "-" : call.code, rps);
    if (hasFlags(call)) addRate((edge.flags ??= ratesByName()), call.flags, rps);
  }

  #outcomeOf({ protocol, code, grpcStatus }: Call): Outcome {
    const key = `${protocol}\0${code}\0${grpcStatus}`;
    let outcome = this.#outcomes.get(key);
    if (!outcome) this.#outcomes.set(key, (outcome = outcomeOf(protocol, code, grpcStatus)));
    return outcome;
  }
}

function isCalledByName({ kind }: NodeDraft): boolean {
  return kind === "service" || kind === "serviceEntry";
}

function runs({ kind }: NodeDraft): boolean {
  return kind === "workload" || kind === "app" || kind === "gateway" || kind === "waypoint";
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

function hasFlags({ flags }: Call): boolean {
  return flags !== "" && flags !== "-";
}

type EdgeEnds = Pick<EdgeDraft, "source" | "target" | "protocol" | "protocolIndex" | "isFirst">;

function newEdge({ source, target, protocol, protocolIndex, isFirst }: EdgeEnds): EdgeDraft {
  return {
    source,
    target,
    protocol,
    protocolIndex,
    isFirst,
    calls: [],
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
