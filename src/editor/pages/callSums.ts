import { isError, outcomeOf } from "../../mesh/telemetry/errorRules.ts";
import type { Call } from "../../mesh/telemetry/edges/calls.ts";
import type { Details, PanelFlow, RateRow } from "../../protocol/topology/topologyContract.ts";

/** A call whose host is known; "" where it is not. */
export interface HostedCall extends Call {
  readonly host: string;
  readonly sourcePrincipal: string;
  readonly destinationPrincipal: string;
}

const mostRows = 200;

/** One row for each protocol. Error rates are of requests; NaN where there are none. */
export function flowsOf(calls: readonly Call[]): readonly PanelFlow[] {
  return [...new Set(calls.map(({ protocol }) => protocol))].map((protocol) => {
    const own = calls.filter((call) => call.protocol === protocol);
    const rps = sum(own, (call) => call.rps);
    const share = (isCounted: (call: Call) => boolean): number =>
      rps > 0 ? sum(own.filter(isCounted), (call) => call.rps) / rps : NaN;
    const isByRequests = own.some((call) => call.rps > 0);
    return {
      protocol,
      rps: isByRequests ? rps : NaN,
      errorRate: share((call) => isError(outcome(call))),
      clientErrorRate: share((call) => outcome(call) === "clientError"),
      sentBytesPerSecond: bytes(own, (call) => call.sentBytesPerSecond),
      receivedBytesPerSecond: bytes(own, (call) => call.receivedBytesPerSecond),
    };
  });
}

/** Codes × flags × hosts, the most frequent first. Shares are of the protocol's total. */
export function codeRows(calls: readonly HostedCall[]): readonly RateRow[] {
  const totals = new Map<string, number>();
  const rows = new Map<string, Omit<RateRow, "share">>();
  for (const call of calls) {
    const { protocol, flags, host } = call;
    const code = codeOf(call);
    const rate = call.rps > 0 ? call.rps : call.sentBytesPerSecond + call.receivedBytesPerSecond;
    totals.set(protocol, (totals.get(protocol) ?? 0) + rate);
    const key = JSON.stringify([protocol, code, flags, host]);
    const known = rows.get(key);
    rows.set(key, { protocol, code, flags, host, rate: (known?.rate ?? 0) + rate });
  }
  return [...rows.values()]
    .map((row) => ({ ...row, share: row.rate / (totals.get(row.protocol) ?? NaN) }))
    .sort((a, b) => b.rate - a.rate)
    .slice(0, mostRows);
}

/** Who called as whom, the most frequent first; calls without a principal are left out. */
export function principalRows(calls: readonly HostedCall[]): Details["principals"] {
  const rates = new Map<string, { source: string; destination: string; rate: number }>();
  for (const { sourcePrincipal: source, destinationPrincipal: destination, rps, ...call } of calls) {
    if (source === "" && destination === "") continue;
    const key = JSON.stringify([source, destination]);
    const rate = rps > 0 ? rps : call.sentBytesPerSecond + call.receivedBytesPerSecond;
    rates.set(key, { source, destination, rate: (rates.get(key)?.rate ?? 0) + rate });
  }
  const rows = [...rates.values()].sort((a, b) => b.rate - a.rate);
  const total = sum(rows, ({ rate }) => rate);
  return rows.slice(0, mostRows).map(({ source, destination, rate }) => ({ source, destination, share: rate / total }));
}

/** Of requests where there are any, else of bytes; NaN where no call tells. */
export function mtlsShare(calls: readonly Call[]): number {
  const isByRequests = calls.some(({ rps }) => rps > 0);
  const weight = (call: Call): number =>
    isByRequests ? call.rps : call.sentBytesPerSecond + call.receivedBytesPerSecond;
  const known = calls.filter(({ mutualTls }) => mutualTls !== "unknown");
  const yes = sum(
    known.filter(({ mutualTls }) => mutualTls === "yes"),
    weight,
  );
  return yes / sum(known, weight);
}

/** The HTTP code, and of gRPC the status besides where it is not 0. */
function codeOf({ code, grpcStatus }: Call): string {
  return grpcStatus === "" || grpcStatus === "0" ? code : `${code} / ${grpcStatus}`;
}

function outcome({ protocol, code, grpcStatus }: Call): ReturnType<typeof outcomeOf> {
  return outcomeOf(protocol, code, grpcStatus);
}

function bytes(calls: readonly Call[], of: (call: Call) => number): number {
  const isByBytes = calls.some((call) => call.sentBytesPerSecond > 0 || call.receivedBytesPerSecond > 0);
  return isByBytes ? sum(calls, of) : NaN;
}

function sum<T>(all: readonly T[], of: (each: T) => number): number {
  return all.reduce((total, each) => total + of(each), 0);
}
