import { fieldsOf, textAt } from "../../model/fields.ts";
import type { Fault } from "./route.ts";

/** Reads HTTPFaultInjection (`TranslateFault`); undefined where it injects nothing. */
export function readFault(fault: unknown): Fault | undefined {
  const { abort, delay } = fieldsOf(fault);
  const read = {
    abort: abort === undefined ? undefined : readAbort(abort),
    delay: delay === undefined ? undefined : readDelay(delay),
  };
  return read.abort === undefined && read.delay === undefined ? undefined : read;
}

function readAbort(abort: unknown): Fault["abort"] {
  const { httpStatus, grpcStatus, percentage } = fieldsOf(abort);
  const isPercentSaid = percentage !== undefined;
  const percent = isPercentSaid ? shareOf(percentage) : 100;
  if (typeof httpStatus === "number") return { httpStatus, grpcStatus: undefined, percent, isPercentSaid };
  const code = typeof grpcStatus === "string" ? grpcCodes.indexOf(grpcStatus) : -1;
  return code < 0 ? undefined : { httpStatus: undefined, grpcStatus: code, percent, isPercentSaid };
}

function readDelay(delay: unknown): Fault["delay"] {
  const fixedDelay = textAt(delay, "fixedDelay");
  if (fixedDelay === undefined) return undefined;
  const { percentage, percent } = fieldsOf(delay);
  if (percentage !== undefined) return { fixedDelay, percent: shareOf(percentage) };
  return { fixedDelay, percent: typeof percent === "number" ? percent : 0 };
}

/** A Percent as proxies have it: whole parts of a million, cut off (`translatePercentToFractionalPercent`). */
export function shareOf(percentage: unknown): number {
  const { value } = fieldsOf(percentage);
  return typeof value === "number" ? Math.trunc(value * 10_000) * 0.0001 : 0;
}

const grpcCodes = [
  "OK",
  "CANCELLED",
  "UNKNOWN",
  "INVALID_ARGUMENT",
  "DEADLINE_EXCEEDED",
  "NOT_FOUND",
  "ALREADY_EXISTS",
  "PERMISSION_DENIED",
  "RESOURCE_EXHAUSTED",
  "FAILED_PRECONDITION",
  "ABORTED",
  "OUT_OF_RANGE",
  "UNIMPLEMENTED",
  "INTERNAL",
  "UNAVAILABLE",
  "DATA_LOSS",
  "UNAUTHENTICATED",
];
