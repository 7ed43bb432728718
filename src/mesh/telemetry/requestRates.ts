import { isError, outcomeOf, type Outcome } from "./errorRules.ts";
import { labelOf, type Sample } from "./sample.ts";
import { knownValue } from "./specialValues.ts";
import type { Endings, RequestRates } from "./summaries.ts";

export const noRequests: RequestRates = {
  rps: 0,
  errorsPerSecond: 0,
  clientErrorsPerSecond: 0,
  grpcPerSecond: 0,
  grpcErrorsPerSecond: 0,
  noResponsePerSecond: 0,
};

/** How requests of one protocol, code and status ended, as tolerances judge it. */
export interface Ending {
  readonly outcome: Outcome;
  readonly isGrpc: boolean;
  /**
   * Kiali's code: "-" for no response, of HTTP the response code, of gRPC the status, where the HTTP code is no error
   * itself.
   */
  readonly code: string;
}

/** By the labels `request_protocol`, `response_code` and `grpc_response_status`. */
export function endingOf(protocol: string, code: string, grpcStatus: string): Ending {
  const outcome = outcomeOf(protocol, code, grpcStatus);
  const isGrpc = protocol === "grpc";
  if (outcome === "noResponse") return { outcome, isGrpc, code: "-" };
  if (!isGrpc || outcome === "serverError" || outcome === "clientError") return { outcome, isGrpc, code };
  const status = knownValue(grpcStatus) ?? plainCodes.grpc;
  // Whatever is no status is told as UNKNOWN.
  return { outcome, isGrpc, code: outcome === "ok" || /^[1-9]\d?$/.test(status) ? status : "2" };
}

const plainCodes = { http: "200", grpc: "0" } as const;

// A row of a mesh has a handful; whoever writes codes at random shall not fill the memory.
const mostEndings = 24;
const longestCode = 8;

/** Adds requests per second of one protocol, code and gRPC status to what is there. */
export function addRequests(rates: RequestRates, sample: Sample): RequestRates {
  const ending = endingOf(
    labelOf(sample, "request_protocol"),
    labelOf(sample, "response_code"),
    labelOf(sample, "grpc_response_status"),
  );
  const rate = sample.value;
  const when = (condition: boolean): number => (condition ? rate : 0);
  const { outcome, isGrpc } = ending;
  const endings = withEnding(rates.endings, ending, rate);
  return {
    rps: rates.rps + rate,
    errorsPerSecond: rates.errorsPerSecond + when(isError(outcome)),
    clientErrorsPerSecond: rates.clientErrorsPerSecond + when(outcome === "clientError"),
    grpcPerSecond: rates.grpcPerSecond + when(isGrpc),
    grpcErrorsPerSecond: rates.grpcErrorsPerSecond + when(isGrpc && isError(outcome)),
    noResponsePerSecond: rates.noResponsePerSecond + when(outcome === "noResponse"),
    ...(endings && { endings }),
  };
}

/** Endings with one more. What has gone plainly well is what remains of the sums, so nothing is kept of it. */
export function withEnding(endings: Endings | undefined, ending: Ending, rate: number): Endings | undefined {
  if (rate === 0) return endings;
  const { isGrpc } = ending;
  const protocol = isGrpc ? "grpc" : "http";
  const code = ending.code.slice(0, longestCode);
  if (code === plainCodes[protocol]) return endings;
  const name = `${protocol} ${code}`;
  if (endings === undefined) return { [name]: rate };
  if (Object.hasOwn(endings, name)) return { ...endings, [name]: (endings[name] ?? 0) + rate };
  if (Object.keys(endings).length < mostEndings) return { ...endings, [name]: rate };
  const common = commonCode(ending);
  if (common === plainCodes[protocol]) return endings;
  const commonName = `${protocol} ${common}`;
  return { ...endings, [commonName]: (endings[commonName] ?? 0) + rate };
}

/** Of codes that have no more room: one that is judged alike. */
function commonCode({ outcome, isGrpc }: Ending): string {
  switch (outcome) {
    case "noResponse":
      return "-";
    case "serverError":
      return "500";
    case "clientError":
      return "400";
    case "grpcError":
      // UNKNOWN
      return "2";
    case "ok":
      return isGrpc ? plainCodes.grpc : plainCodes.http;
  }
}

/** The rates of one protocol by how they ended. */
export interface ProtocolEndings {
  readonly protocol: "http" | "grpc";
  /** All requests of the protocol per second. */
  readonly rps: number;
  readonly byCode: readonly (readonly [code: string, perSecond: number])[];
}

/** What was requested, by protocol and code. Where only sums are known, their errors count as 500 and 2 (UNKNOWN). */
export function endingsByProtocol(rates: RequestRates): readonly ProtocolEndings[] {
  const grpc = rates.grpcPerSecond;
  const endings = Object.entries(rates.endings ?? assumedEndings(rates));
  return [
    { protocol: "http" as const, rps: rates.rps - grpc },
    { protocol: "grpc" as const, rps: grpc },
  ].map(({ protocol, rps }) => {
    const start = `${protocol} `;
    const byCode = endings
      .filter(([name]) => name.startsWith(start))
      .map(([name, rate]) => [name.slice(start.length), rate] as const);
    const others = byCode.reduce((sum, [, rate]) => sum + rate, 0);
    return { protocol, rps, byCode: [...byCode, [plainCodes[protocol], Math.max(0, rps - others)] as const] };
  });
}

function assumedEndings(rates: RequestRates): Endings {
  const { rps, errorsPerSecond, clientErrorsPerSecond, grpcPerSecond, grpcErrorsPerSecond } = rates;
  const httpErrors = Math.max(0, errorsPerSecond - grpcErrorsPerSecond);
  const httpClientErrors = Math.min(clientErrorsPerSecond, Math.max(0, rps - grpcPerSecond - httpErrors));
  return {
    "http 500": httpErrors,
    "http 400": httpClientErrors,
    "grpc 2": grpcErrorsPerSecond,
    "grpc 400": clientErrorsPerSecond - httpClientErrors,
  };
}

/** Two parts of what was requested, each request in one of them. */
export function addedRequests(a: RequestRates, b: RequestRates): RequestRates {
  const endings = addedEndings(a, b);
  return {
    rps: a.rps + b.rps,
    errorsPerSecond: a.errorsPerSecond + b.errorsPerSecond,
    clientErrorsPerSecond: a.clientErrorsPerSecond + b.clientErrorsPerSecond,
    grpcPerSecond: a.grpcPerSecond + b.grpcPerSecond,
    grpcErrorsPerSecond: a.grpcErrorsPerSecond + b.grpcErrorsPerSecond,
    noResponsePerSecond: a.noResponsePerSecond + b.noResponsePerSecond,
    ...(endings && { endings }),
  };
}

function addedEndings(a: RequestRates, b: RequestRates): Endings | undefined {
  if (!a.endings && !b.endings) return undefined;
  const sum: Record<string, number> = { ...(a.endings ?? assumedEndings(a)) };
  for (const [name, rate] of Object.entries(b.endings ?? assumedEndings(b))) sum[name] = (sum[name] ?? 0) + rate;
  return sum;
}

const rateFields = [
  "rps",
  "errorsPerSecond",
  "clientErrorsPerSecond",
  "grpcPerSecond",
  "grpcErrorsPerSecond",
  "noResponsePerSecond",
] as const;

/** Whether both say the same, or both nothing. */
export function sameRequests(a: RequestRates | undefined, b: RequestRates | undefined): boolean {
  if (a === b) return true;
  if (!a || !b) return false;
  return rateFields.every((field) => a[field] === b[field]) && sameEndings(a.endings, b.endings);
}

function sameEndings(a: Endings | undefined, b: Endings | undefined): boolean {
  if (a === b) return true;
  if (!a || !b) return false;
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}
