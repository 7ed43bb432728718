import type { Call } from "../../telemetry/edges/calls.ts";
import type { DetailedCall } from "../../telemetry/edges/foldCalls.ts";
import { isError, outcomeOf } from "../../telemetry/errorRules.ts";
import { knownValue } from "../../telemetry/specialValues.ts";
import { hasFlags, isByBytes } from "./edgeDrafts.ts";

/** What flows in one protocol. Rates that are not of its kind are NaN. */
export interface ProtocolFlow {
  readonly protocol: string;
  readonly rps: number;
  /** Of rps, 0 to 1; as for edges, of TCP the share of bytes with a response flag. */
  readonly errorRate: number;
  readonly clientErrorRate: number;
  /** From the callers' side. */
  readonly sentBytesPerSecond: number;
  readonly receivedBytesPerSecond: number;
}

/** Codes, flags and hosts, and how much of their protocol's total they are. */
export interface EndingRate {
  readonly protocol: string;
  /** "-" for TCP; with the gRPC status where that says more. */
  readonly code: string;
  readonly flags: string;
  readonly host: string;
  /** Requests per second; TCP: bytes per second in both directions. */
  readonly rate: number;
  readonly share: number;
}

export interface PrincipalPair {
  readonly source: string;
  readonly destination: string;
  /** Of what is known, 0 to 1. */
  readonly share: number;
}

/** By protocol, most first. */
export function protocolFlows(calls: readonly Call[]): readonly ProtocolFlow[] {
  const flows = groupBy(calls, ({ protocol }) => protocol).map(([protocol, group]) => {
    const requests = group.filter((call) => !isByBytes(call));
    const bytes = group.filter(isByBytes);
    const rps = sum(requests, rate);
    const outcomes = requests.map((call) => ({ call, outcome: outcomeOf(protocol, call.code, call.grpcStatus) }));
    const failed = outcomes.filter(({ outcome }) => isError(outcome)).map(({ call }) => call);
    const refused = outcomes.filter(({ outcome }) => outcome === "clientError").map(({ call }) => call);
    return {
      protocol,
      rps: requests.length > 0 ? rps : NaN,
      errorRate: requests.length > 0 ? shareOf(sum(failed, rate), rps) : flaggedShare(bytes),
      clientErrorRate: rps > 0 ? sum(refused, rate) / rps : NaN,
      sentBytesPerSecond: bytes.length > 0 ? sum(bytes, (call) => call.sentBytesPerSecond) : NaN,
      receivedBytesPerSecond: bytes.length > 0 ? sum(bytes, (call) => call.receivedBytesPerSecond) : NaN,
    };
  });
  const volume = ({ rps, sentBytesPerSecond }: ProtocolFlow): number => (Number.isNaN(rps) ? sentBytesPerSecond : rps);
  return flows.sort((a, b) => Number(Number.isNaN(a.rps)) - Number(Number.isNaN(b.rps)) || volume(b) - volume(a));
}

function shareOf(part: number, all: number): number {
  return all > 0 ? part / all : NaN;
}

function flaggedShare(calls: readonly Call[]): number {
  return shareOf(sum(calls.filter(hasFlags), rate), sum(calls, rate));
}

/** Most first within a protocol. Hosts are told only by calls that were read for this selection. */
export function endingRates(calls: readonly (Call | DetailedCall)[]): readonly EndingRate[] {
  return groupBy(calls, ({ protocol }) => protocol).flatMap(([protocol, ofProtocol]) => {
    const total = sum(ofProtocol, rate);
    const keyOf = (call: Call | DetailedCall): string => JSON.stringify([codeOf(call), flagsOf(call), hostOf(call)]);
    return groupBy(ofProtocol, keyOf)
      .flatMap(([, group]) => {
        const [first] = group;
        if (!first) return [];
        const part = sum(group, rate);
        const ending = { code: codeOf(first), flags: flagsOf(first), host: hostOf(first) };
        return [{ protocol, ...ending, rate: part, share: total > 0 ? part / total : NaN }];
      })
      .sort((a, b) => b.rate - a.rate);
  });
}

/** Share of mutual TLS among the requests of which it is known, else among the bytes; NaN where nothing is known. */
export function mtlsShare(calls: readonly Call[]): number {
  const known = calls.filter(({ mutualTls }) => mutualTls !== "unknown");
  const requests = known.filter((call) => !isByBytes(call));
  const judged = sum(requests, rate) > 0 ? requests : known.filter(isByBytes);
  const all = sum(judged, rate);
  const withTls = judged.filter(({ mutualTls }) => mutualTls === "yes");
  return all > 0 ? sum(withTls, rate) / all : NaN;
}

/** Who talks to whom by identity, most first; weighed by requests, and by bytes where no requests are known of. */
export function principalPairs(calls: readonly DetailedCall[]): readonly PrincipalPair[] {
  const known = calls.filter(
    ({ sourcePrincipal, destinationPrincipal }) => knownValue(sourcePrincipal) ?? knownValue(destinationPrincipal),
  );
  const requests = known.filter((call) => !isByBytes(call));
  const judged = sum(requests, rate) > 0 ? requests : known.filter(isByBytes);
  const all = sum(judged, rate);
  const keyOf = (call: DetailedCall): string => JSON.stringify([call.sourcePrincipal, call.destinationPrincipal]);
  return groupBy(judged, keyOf)
    .flatMap(([, group]) => {
      const [first] = group;
      if (!first) return [];
      const share = all > 0 ? sum(group, rate) / all : NaN;
      return [{ source: first.sourcePrincipal, destination: first.destinationPrincipal, share }];
    })
    .sort((a, b) => b.share - a.share);
}

function rate(call: Call): number {
  return isByBytes(call) ? call.sentBytesPerSecond + call.receivedBytesPerSecond : call.rps;
}

function codeOf({ code, grpcStatus, protocol }: Call): string {
  const shown = code === "" ? "-" : code;
  const status = protocol === "grpc" ? knownValue(grpcStatus) : undefined;
  return status === undefined || status === "0" ? shown : `${shown} · gRPC ${status}`;
}

function flagsOf({ flags }: Call): string {
  return flags === "" ? "-" : flags;
}

function hostOf(call: Call | DetailedCall): string {
  const told = "host" in call ? knownValue(call.host) : undefined;
  return told ?? call.service?.name ?? "-";
}

function sum<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((total, item) => total + value(item), 0);
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): [string, T[]][] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return [...groups];
}
