import { isError, outcomeOf } from "./errorRules.ts";
import { labelOf, type Sample } from "./sample.ts";
import type { RequestRates } from "./summaries.ts";

export const noRequests: RequestRates = {
  rps: 0,
  errorsPerSecond: 0,
  clientErrorsPerSecond: 0,
  grpcPerSecond: 0,
  grpcErrorsPerSecond: 0,
  noResponsePerSecond: 0,
};

/** Adds requests per second of one protocol, code and gRPC status to what is there. */
export function addRequests(rates: RequestRates, sample: Sample): RequestRates {
  const protocol = labelOf(sample, "request_protocol");
  const outcome = outcomeOf(protocol, labelOf(sample, "response_code"), labelOf(sample, "grpc_response_status"));
  const rate = sample.value;
  const when = (condition: boolean): number => (condition ? rate : 0);
  const isGrpc = protocol === "grpc";
  return {
    rps: rates.rps + rate,
    errorsPerSecond: rates.errorsPerSecond + when(isError(outcome)),
    clientErrorsPerSecond: rates.clientErrorsPerSecond + when(outcome === "clientError"),
    grpcPerSecond: rates.grpcPerSecond + when(isGrpc),
    grpcErrorsPerSecond: rates.grpcErrorsPerSecond + when(isGrpc && isError(outcome)),
    noResponsePerSecond: rates.noResponsePerSecond + when(outcome === "noResponse"),
  };
}
