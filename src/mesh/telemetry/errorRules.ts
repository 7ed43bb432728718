import { knownValue } from "./specialValues.ts";

export type Outcome = "ok" | "clientError" | "serverError" | "noResponse" | "grpcError";

/**
 * How a request ended, by the labels `request_protocol`, `response_code` and `grpc_response_status`. The HTTP code
 * decides first, also for gRPC; then any gRPC status other than 0. Code 0 (older: "-") means nobody answered.
 */
export function outcomeOf(protocol: string, code: string, grpcStatus: string): Outcome {
  if (code === "0" || code === "-") return "noResponse";
  if (/^5\d\d$/.test(code)) return "serverError";
  if (/^4\d\d$/.test(code)) return "clientError";
  if (protocol === "grpc" && knownValue(grpcStatus) !== undefined && grpcStatus !== "0") return "grpcError";
  return "ok";
}

/** 5xx, no response, and gRPC status other than 0. 4xx are the caller's and are counted apart. */
export function isError(outcome: Outcome): boolean {
  return outcome === "serverError" || outcome === "noResponse" || outcome === "grpcError";
}
