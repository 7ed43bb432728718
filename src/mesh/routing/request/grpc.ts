import { duration } from "../../validation/values/durations.ts";
import type { Forward } from "../proxy/route.ts";

const byHttpStatus: Readonly<Record<number, number>> = {
  400: 13,
  401: 16,
  403: 7,
  404: 12,
  429: 14,
  502: 14,
  503: 14,
  504: 14,
};

/** The gRPC status (gRPC's http-grpc-status-mapping) that a proxy's own answer to a gRPC request has; the HTTP status is 200 then. */
export function grpcStatusOf(httpStatus: number): number {
  return byHttpStatus[httpStatus] ?? 2;
}

export function isGrpc(contentType: string | undefined): boolean {
  return contentType !== undefined && /^application\/grpc(?:$|[+;])/u.test(contentType);
}

/** The grpc-timeout that a destination is told: of one try, else of the route; undefined for none. */
export function grpcTimeout(action: Forward): string | undefined {
  const nanoseconds = duration(action.retries?.perTryTimeout ?? action.timeout) ?? 0;
  let value = Math.trunc(nanoseconds / 1e6);
  if (value <= 0) return undefined;
  for (const [unit, size] of [
    ["m", 1],
    ["S", 1000],
    ["M", 60],
    ["H", 60],
  ] as const) {
    value = Math.trunc(value / size);
    if (value <= largestValue) return `${value}${unit}`;
  }
  return `${largestValue}H`;
}

/** Eight digits, as gRPC over HTTP/2 allows. */
const largestValue = 99_999_999;
