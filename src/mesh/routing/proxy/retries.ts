import { fieldsOf, textAt } from "../../model/fields.ts";
import type { Retries } from "./route.ts";

const builtInRetryOn = "connect-failure,refused-stream,unavailable,cancelled,retriable-status-codes";

/** The retry policy of an HTTPRetry; undefined reads as Istio's own, and no attempts as none (`ConvertPolicy`). */
export function readRetries(retries: Readonly<Record<string, unknown>> | undefined): Retries | undefined {
  if (retries === undefined) return { attempts: 2, perTryTimeout: undefined, retryOn: builtInRetryOn, statusCodes: [] };
  const { attempts } = fieldsOf(retries);
  if (typeof attempts !== "number" || attempts <= 0) return undefined;
  return { attempts, perTryTimeout: textAt(retries, "perTryTimeout"), ...readRetryOn(textAt(retries, "retryOn")) };
}

function readRetryOn(text: string | undefined): Pick<Retries, "retryOn" | "statusCodes"> {
  if (text === undefined) return { retryOn: builtInRetryOn, statusCodes: [] };
  const statusCodes: number[] = [];
  const conditions: string[] = [];
  for (const part of text.split(",").map((one) => one.trim())) {
    if (part === "") continue;
    if (/^[1-5]\d\d$/u.test(part) && isHttpStatus(Number(part))) statusCodes.push(Number(part));
    else conditions.push(part);
  }
  if (statusCodes.length > 0 && !conditions.some((condition) => condition.includes("retriable-status-codes")))
    conditions.push("retriable-status-codes");
  return { retryOn: conditions.join(","), statusCodes };
}

// Those that Go's net/http names.
const named = new Set(
  [
    [100, 103],
    [200, 208],
    [226, 226],
    [300, 305],
    [307, 308],
    [400, 418],
    [421, 426],
    [428, 429],
    [431, 431],
    [451, 451],
  ]
    .concat([
      [500, 508],
      [510, 511],
    ])
    .flatMap(([from = 0, to = 0]) => Array.from({ length: to - from + 1 }, (_, at) => from + at)),
);

function isHttpStatus(code: number): boolean {
  return named.has(code);
}
