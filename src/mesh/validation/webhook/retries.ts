import { say } from "../../message.ts";
import { problems } from "../problems.ts";
import type { Field } from "./field.ts";
import { checkDuration, checkNotNegative } from "./scalars.ts";

/** Envoy's conditions of retries (x-envoy-retry-on, x-envoy-retry-grpc-on), and Istio's. */
const conditions = new Set([
  ...["5xx", "gateway-error", "reset", "reset-before-request", "connect-failure", "retriable-4xx", "refused-stream"],
  ...["retriable-status-codes", "retriable-headers", "envoy-ratelimited", "http3-post-connect-failure"],
  ...["cancelled", "deadline-exceeded", "internal", "resource-exhausted", "unavailable"],
]);

/** The registered status codes of HTTP (IANA), which stand for themselves. */
const statusCodes = new Set([
  ...[100, 101, 102, 103, 200, 201, 202, 203, 204, 205, 206, 207, 208, 226, 300, 301, 302, 303, 304, 305, 307, 308],
  ...[400, 401, 402, 403, 404, 405, 406, 407, 408, 409, 410, 411, 412, 413, 414, 415, 416, 417, 418, 421, 422, 423],
  ...[424, 425, 426, 428, 429, 431, 451, 500, 501, 502, 503, 504, 505, 506, 507, 508, 510, 511],
]);

/** istio.networking.v1alpha3.HTTPRetry. */
export function checkRetries(retries: Field): void {
  if (!retries.isSet) return;
  checkNotNegative(retries.at("attempts"));
  if (retries.numberAt("attempts") === 0) {
    for (const name of ["perTryTimeout", "retryOn", "retryRemoteLocalities"]) {
      if (!(name === "retryOn" ? retries.textAt(name) !== "" : retries.has(name))) continue;
      retries
        .at(name)
        .error(say("{0} does nothing with 0 attempts", name), { at: "key", problem: problems.conflictingFields });
    }
  }
  checkDuration(retries.at("perTryTimeout"));
  checkDuration(retries.at("backoff"));
  const retryOn = retries.at("retryOn");
  if (retryOn.text === "") return;
  const unknown = retryOn.text.split(",").find((one) => !conditions.has(one) && !isStatusCode(one));
  if (unknown !== undefined)
    retryOn.error(say("{0} is no condition of retries", unknown), { problem: problems.badValue });
}

function isStatusCode(text: string): boolean {
  return /^[+-]?\d{1,9}$/u.test(text) && statusCodes.has(Number(text));
}
