import { say } from "../../message.ts";
import { problems } from "../problems.ts";
import { goDuration } from "../values/durations.ts";
import { isHttpToken } from "../values/names.ts";
import type { Field } from "./field.ts";
import { checkStringMatch } from "./httpMatch.ts";
import { checkDuration, checkOneOf, checkPercentage, checkRange } from "./scalars.ts";

const grpcStatuses = [
  ...["OK", "CANCELLED", "UNKNOWN", "INVALID_ARGUMENT", "DEADLINE_EXCEEDED", "NOT_FOUND", "ALREADY_EXISTS"],
  ...["PERMISSION_DENIED", "RESOURCE_EXHAUSTED", "FAILED_PRECONDITION", "ABORTED", "OUT_OF_RANGE", "UNIMPLEMENTED"],
  ...["INTERNAL", "UNAVAILABLE", "DATA_LOSS", "UNAUTHENTICATED"],
];

/** istio.networking.v1alpha3.HTTPFaultInjection. */
export function checkFault(fault: Field): void {
  if (!fault.isSet) return;
  if (!fault.has("abort") && !fault.has("delay")) {
    fault.error(say("A fault needs an abort or a delay"), { problem: problems.missingField });
  }
  if (fault.has("abort")) checkAbort(fault.at("abort"));
  if (fault.has("delay")) checkDelay(fault.at("delay"));
}

function checkAbort(abort: Field): void {
  checkPercentage(abort.at("percentage"));
  if (abort.has("grpcStatus")) checkOneOf(abort.at("grpcStatus"), grpcStatuses);
  else if (abort.has("http2Error")) abort.at("http2Error").error(say("http2Error is not supported"), { at: "key" });
  else if (abort.has("httpStatus")) checkRange(abort.at("httpStatus"), 200, 600);
}

function checkDelay(delay: Field): void {
  checkPercentage(delay.at("percentage"));
  if (delay.has("exponentialDelay")) {
    delay.at("exponentialDelay").error(say("exponentialDelay is not supported"), { at: "key" });
    return;
  }
  const fixed = delay.at("fixedDelay");
  if (fixed.isSet) checkDuration(fixed);
}

const corsMethods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "CONNECT", "OPTIONS", "TRACE", "*"];

/** istio.networking.v1alpha3.CorsPolicy. */
export function checkCors(policy: Field): void {
  if (!policy.isSet) return;
  for (const origin of policy.list("allowOrigins")) {
    for (const name of ["exact", "prefix", "regex"]) {
      if (!origin.has(name) || origin.textAt(name) !== "") continue;
      origin.at(name).error(say("An origin cannot be empty"), { problem: problems.badValue });
    }
    if (origin.textAt("regex") !== "") checkStringMatch(origin, true);
  }
  for (const method of policy.list("allowMethods")) checkOneOf(method, corsMethods);
  for (const list of ["allowHeaders", "exposeHeaders"]) {
    for (const header of policy.list(list)) {
      if (header.text === "*" || isHttpToken(header.text)) continue;
      header.error(say("{0} is no name of a header", header.text), { problem: problems.badName });
    }
  }
  const age = policy.at("maxAge");
  checkDuration(age);
  if ((age.duration ?? goDuration(age.text) ?? 0) % 1e9 !== 0) {
    age.error(say("maxAge is in whole seconds"), { problem: problems.badDuration });
  }
}
