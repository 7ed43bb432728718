import { say, type Message } from "../../message.ts";
import type { SchemaNode } from "./schemaNode.ts";

/** Which bound of its schema a value breaks: size for lists and objects, code points for texts, value for numbers. */
export function boundProblem(value: unknown, node: SchemaNode): Message | undefined {
  const { bounds } = node;
  if (typeof value === "number" || typeof value === "bigint") return numberProblem(Number(value), node);
  if (typeof value === "string") return formatProblem(value, node) ?? lengthProblem(value, node);
  if (Array.isArray(value)) {
    if (value.length < least(bounds["minItems"])) return say("At least {0} items are needed.", bounds["minItems"] ?? 0);
    if (value.length > most(bounds["maxItems"])) {
      return say("{0} items are too many; at most {1} may stand here.", value.length, bounds["maxItems"] ?? 0);
    }
  } else if (typeof value === "object" && value !== null) {
    const count = Object.keys(value).length;
    if (count < least(bounds["minProperties"]))
      return say("At least {0} entries are needed.", bounds["minProperties"] ?? 0);
    if (count > most(bounds["maxProperties"])) {
      return say("{0} entries are too many; at most {1} may stand here.", count, bounds["maxProperties"] ?? 0);
    }
  }
  return undefined;
}

const least = (bound: number | undefined): number => bound ?? -Infinity;
const most = (bound: number | undefined): number => bound ?? Infinity;

function numberProblem(value: number, { bounds, isExclusive, format }: SchemaNode): Message | undefined {
  const [minimum, maximum] = [bounds["minimum"], bounds["maximum"]];
  if (minimum !== undefined && (value < minimum || (isExclusive.minimum && value === minimum))) {
    return isExclusive.minimum
      ? say("{0} is too small; it must be above {1}.", value, minimum)
      : say("{0} is too small; the least is {1}.", value, minimum);
  }
  if (maximum !== undefined && (value > maximum || (isExclusive.maximum && value === maximum))) {
    return isExclusive.maximum
      ? say("{0} is too large; it must be below {1}.", value, maximum)
      : say("{0} is too large; the most is {1}.", value, maximum);
  }
  const multiple = bounds["multipleOf"];
  if (multiple !== undefined && multiple !== 0 && value % multiple !== 0) {
    return say("{0} is no multiple of {1}.", value, multiple);
  }
  if (format === "int32" && (value < -(2 ** 31) || value >= 2 ** 31))
    return say("{0} does not fit into 32 bits.", value);
  return undefined;
}

function lengthProblem(value: string, { bounds }: SchemaNode): Message | undefined {
  const [shortest, longest] = [bounds["minLength"], bounds["maxLength"]];
  if (shortest === undefined && longest === undefined) return undefined;
  const length =
    value.length <= least(shortest) || value.length > most(longest) ? Array.from(value).length : value.length;
  if (length < least(shortest)) {
    return value === "" ? say("This may not be empty.") : say("At least {0} characters are needed.", shortest ?? 0);
  }
  if (length > most(longest)) return say("{0} characters are too many; at most {1} fit.", length, longest ?? 0);
  return undefined;
}

const dateTime = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/u;
const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/u;

function formatProblem(value: string, { format }: SchemaNode): Message | undefined {
  if (format === "date-time" && !dateTime.test(value)) return say("This must be a time such as 2026-01-02T15:04:05Z.");
  if (format === "byte" && !base64.test(value)) return say("This must be base64.");
  return undefined;
}
