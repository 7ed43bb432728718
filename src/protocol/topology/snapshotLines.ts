import { emptyCauses } from "../../mesh/topology/graph/graph.ts";
import { fieldsOf } from "../../mesh/model/fields.ts";
import type { EmptyLine, GraphSnapshot, ProblemLine, StoreLine } from "./graphSnapshot.ts";
import { unreadable } from "./unreadable.ts";

// The few words and numbers of a picture besides its columns.

type Lines = Omit<GraphSnapshot, "view" | "strings" | "protocols" | "nodes" | "boxes" | "edges">;

const severities = ["info", "warning", "error"] as const;
const storeStates = ["ready", "none", "error", "stale"] as const;
const waysOut = ["setPrometheus", "runDoctor", "widenWindow", "allNamespaces", "showIdle", "retry"] as const;

/** Reads what a picture says in words. Throws what `unreadable` makes. */
export function readLines(value: unknown): Lines {
  const read = reader(value, "snapshot");
  const findError = optional(read.field("findError"), (error) => {
    const part = reader(error, "findError");
    return { which: part.oneOf("which", ["find", "hide"] as const), words: part.text("words"), at: part.number("at") };
  });
  const spent = reader(read.field("spent"), "spent");
  return {
    serial: read.number("serial"),
    atMillis: read.number("atMillis"),
    windowSeconds: read.number("windowSeconds"),
    problems: read.list("problems").map(readProblem),
    stores: read.list("stores").map(readStore),
    empty: optional(read.field("empty"), readEmpty),
    findError,
    spent: {
      wait: spent.number("wait"),
      decode: spent.number("decode"),
      graph: spent.number("graph"),
      queries: spent.number("queries"),
      bytes: spent.number("bytes"),
    },
  };
}

function readProblem(value: unknown): ProblemLine {
  const read = reader(value, "problems");
  const hint = read.maybeText("hint");
  const query = read.maybeText("query");
  return {
    id: read.text("id"),
    words: read.text("words"),
    ...(hint !== null && { hint }),
    ...(query !== null && { query }),
    canRetry: read.flag("canRetry"),
    severity: read.oneOf("severity", severities),
  };
}

function readStore(value: unknown): StoreLine {
  const read = reader(value, "stores");
  return {
    cluster: read.text("cluster"),
    label: read.maybeText("label"),
    state: read.oneOf("state", storeStates),
    measuredAt: read.maybeNumber("measuredAt"),
    isDerived: read.flag("isDerived"),
    dialects: read.list("dialects").map((dialect) => {
      if (typeof dialect !== "string") throw unreadable("stores.dialects");
      return dialect;
    }),
    scrapeIntervalSeconds: read.maybeNumber("scrapeIntervalSeconds"),
  };
}

function readEmpty(value: unknown): EmptyLine {
  const read = reader(value, "empty");
  const windowSeconds = read.maybeNumber("windowSeconds");
  return {
    cause: read.oneOf("cause", emptyCauses),
    words: read.text("words"),
    query: read.maybeText("query"),
    wayOut: read.oneOf("wayOut", waysOut),
    ...(windowSeconds !== null && { windowSeconds }),
  };
}

function optional<T>(value: unknown, read: (value: unknown) => T): T | null {
  return value === null ? null : read(value);
}

interface Reader {
  field(name: string): unknown;
  text(name: string): string;
  maybeText(name: string): string | null;
  number(name: string): number;
  maybeNumber(name: string): number | null;
  flag(name: string): boolean;
  list(name: string): readonly unknown[];
  oneOf<T extends string>(name: string, choices: readonly T[]): T;
}

function reader(value: unknown, part: string): Reader {
  const fields = fieldsOf(value);
  const field = (name: string): unknown => (Object.hasOwn(fields, name) ? fields[name] : undefined);
  const text = (name: string): string => {
    const found = field(name);
    if (typeof found !== "string") throw unreadable(`${part}.${name}`);
    return found;
  };
  const number = (name: string): number => {
    const found = field(name);
    if (typeof found !== "number" || !Number.isFinite(found)) throw unreadable(`${part}.${name}`);
    return found;
  };
  return {
    field,
    text,
    number,
    maybeText: (name) => (field(name) === null || field(name) === undefined ? null : text(name)),
    maybeNumber: (name) => (field(name) === null || field(name) === undefined ? null : number(name)),
    flag: (name) => {
      const found = field(name);
      if (typeof found !== "boolean") throw unreadable(`${part}.${name}`);
      return found;
    },
    list: (name) => {
      const found = field(name);
      if (!Array.isArray(found)) throw unreadable(`${part}.${name}`);
      return found as readonly unknown[];
    },
    oneOf: (name, choices) => {
      const found = choices.find((choice) => choice === field(name));
      if (found === undefined) throw unreadable(`${part}.${name}`);
      return found;
    },
  };
}
