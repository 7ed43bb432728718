import { fill, say, type Message } from "../message.ts";
import type { ObjectRef } from "../model/refs.ts";
import { readCodePattern, readPattern, type Pattern } from "./pattern.ts";

// How many failed requests are tolerated, as Kiali's health configuration and its annotation say it
// (kiali.io/docs/configuration/health): the first rule that matches a resource judges it, its annotation before any rule.

/** The annotation of a Service or workload that comes before all rules: "code,degraded,failure,protocol,direction;…". */
export const rateAnnotation = "health.kiali.io/rate";

export type Protocol = "http" | "grpc";
export type FlowDirection = "inbound" | "outbound";

/** Who says that something is not tolerated. */
export type ToleranceOrigin = "default" | "setting" | "annotation";

/**
 * Of the requests of one protocol, the share whose code matches is judged: from `degraded` on it is degraded, from
 * `failing` on failing. Both are fractions of 0 to 1; 0 means that any such request is enough, Infinity that none ever is.
 */
export interface Tolerance {
  /** As it was written, for reasons. */
  readonly code: string;
  readonly origin: ToleranceOrigin;
  readonly degraded: number;
  readonly failing: number;
  readonly matchesCode: (code: string) => boolean;
  readonly matchesProtocol: (protocol: Protocol) => boolean;
  readonly matchesDirection: (direction: FlowDirection) => boolean;
}

/** What a resource is judged by. */
export interface Judged {
  readonly ref: Pick<ObjectRef, "kind" | "namespace" | "name">;
  /** What a rule's `kind` may say besides the Kubernetes kind. */
  readonly is: "service" | "workload" | "app";
  /** The text of its annotation. */
  readonly healthRate?: string | undefined;
}

/** What a resource tolerates. */
export interface ToleranceSet {
  readonly tolerances: readonly Tolerance[];
  /** Some of it may judge requests that went well: nothing can be left out as spotless. */
  readonly judgesSuccess: boolean;
  /** It says the same of what comes in and of what goes out. */
  readonly isUndirected: boolean;
  /** What is wrong with the resource's annotation. */
  readonly problems: readonly Message[];
}

/** Rules that were read. */
export interface Tolerances {
  of(judged: Judged): ToleranceSet;
  /** What is wrong with the rules, and where; what is wrong is left out. */
  readonly problems: readonly Message[];
}

/** HTTP codes and the gRPC status of what went well. */
const goodCodes = [...Array.from({ length: 300 }, (_, i) => String(100 + i)), "0"];

/** The codes of the defaults: by these, reasons find their words. */
export const defaultCodes = { errors: "5XX|-", clientErrors: "4XX", grpcErrors: "5XX|-|[1-9]\\d?" } as const;

/**
 * Kiali's defaults, with two differences. 5xx and no response are added up (Kiali judges the two one by one), and 4xx are
 * degraded from 10 % on but never failing (Kiali: from 20 % on): it is the caller who is wrong. gRPC calls are judged by
 * their status (any but 0), and by the HTTP code where that is an error.
 */
export const defaultSet: ToleranceSet = setOf(
  [
    { code: defaultCodes.errors, protocol: "http", degraded: 0, failure: 10 },
    { code: defaultCodes.grpcErrors, protocol: "grpc", degraded: 0, failure: 10 },
    { code: defaultCodes.clientErrors, protocol: "", degraded: 10, failure: Infinity },
  ].flatMap((written) => toleranceOf({ direction: "", ...written }, "default", () => null) ?? []),
  [],
);

interface Rule {
  readonly matches: (judged: Judged) => boolean;
  readonly set: ToleranceSet;
}

interface ReadAnnotation {
  /** undefined: nothing of it can be read. */
  readonly set: ToleranceSet | undefined;
  readonly problems: readonly Message[];
}

class ReadTolerances implements Tolerances {
  readonly problems: readonly Message[];
  readonly #rules: readonly Rule[];
  // An annotation is often the same on many; names are matched once.
  readonly #byText = new Map<string, ReadAnnotation>();
  readonly #byName = new Map<string, ToleranceSet>();

  constructor(rules: readonly Rule[], problems: readonly Message[]) {
    this.#rules = rules;
    this.problems = problems;
  }

  of(judged: Judged): ToleranceSet {
    const { healthRate = "" } = judged;
    if (healthRate.trim() === "") return this.#ruleOf(judged);
    const { set, problems } = this.#annotated(healthRate);
    if (set) return set;
    return { ...this.#ruleOf(judged), problems };
  }

  #annotated(text: string): ReadAnnotation {
    let known = this.#byText.get(text);
    if (!known) {
      if (this.#byText.size >= mostKept) this.#byText.clear();
      this.#byText.set(text, (known = readAnnotation(text)));
    }
    return known;
  }

  #ruleOf(judged: Judged): ToleranceSet {
    if (this.#rules.length === 0) return defaultSet;
    const { ref, is } = judged;
    const name = `${is}\0${ref.kind}\0${ref.namespace}\0${ref.name}`;
    let known = this.#byName.get(name);
    if (!known) {
      if (this.#byName.size >= mostKept) this.#byName.clear();
      known = this.#rules.find(({ matches }) => matches(judged))?.set ?? defaultSet;
      this.#byName.set(name, known);
    }
    return known;
  }
}

/** More than any mesh has; names come and go. */
const mostKept = 20_000;

/** Where nobody set anything. Annotations count all the same. */
export const defaultTolerances: Tolerances = new ReadTolerances([], []);

const mostRules = 200;
const mostTolerances = 50;
const longestAnnotation = 4000;

/**
 * Reads rules as settings have them: a list of `{namespace, kind, name, tolerances: [{code, degraded, failure, protocol,
 * direction}]}`, also with Kiali's `tolerance` for `tolerances`. All but `tolerances` may be left out and then matches
 * everything; `kind` is "service", "workload", "app" or a Kubernetes kind. What cannot be read is left out and said in `problems`.
 */
export function readTolerances(setting: unknown): Tolerances {
  if (setting === undefined || setting === null) return defaultTolerances;
  if (!Array.isArray(setting)) return new ReadTolerances([], [say("Health rules have to be a list")]);
  const problems: Message[] = [];
  const written: readonly unknown[] = setting;
  if (written.length > mostRules) problems.push(say("Only the first {0} health rules are read", mostRules));
  const rules = written.slice(0, mostRules).flatMap((rule, index) => readRule(rule, index + 1, problems) ?? []);
  return new ReadTolerances(rules, problems);
}

/** Says what is wrong; null stands for what cannot be read. */
type Complain = (why: Message) => null;

function readRule(rule: unknown, number: number, problems: Message[]): Rule | null {
  const fields = fieldsOf(rule);
  const complain = (field: string, why: Message): null => {
    problems.push(say("Health rule {0}, {1}: {2}", number, field, fill(why)));
    return null;
  };
  if (!fields) {
    problems.push(say("Health rule {0} has to be an object", number));
    return null;
  }
  const [namespace, kind, name] = ["namespace", "kind", "name"].map((field) =>
    matcherOf(fields[field], readPattern, (why) => complain(field, why)),
  );
  const list = fields["tolerances"] ?? fields["tolerance"];
  if (!Array.isArray(list) || list.length === 0) return complain("tolerances", say("it has to be a list"));
  if (!namespace || !kind || !name) return null;
  const tolerances = list.slice(0, mostTolerances).flatMap((one: unknown, index) => {
    const where = (why: Message) => complain(`tolerances[${index}]`, why);
    const written = fieldsOf(one);
    return (written ? toleranceOf(written, "setting", where) : where(say("it has to be an object"))) ?? [];
  });
  if (tolerances.length === 0) return null;
  const isKind = ({ ref, is }: Judged) => kind(is) || kind(ref.kind);
  const matches = (judged: Judged) => namespace(judged.ref.namespace) && name(judged.ref.name) && isKind(judged);
  return { matches, set: setOf(tolerances, []) };
}

/** The tolerances of an annotation, and what is wrong with the others. */
function readAnnotation(text: string): ReadAnnotation {
  const problems: Message[] = [];
  const parts = text
    .slice(0, longestAnnotation)
    .split(";")
    .map((part) => part.trim())
    .filter((part) => part !== "");
  const tolerances = parts.slice(0, mostTolerances).flatMap((part) => {
    const complain = (why: Message): null => {
      problems.push(say("Annotation {0}, {1}: {2}", rateAnnotation, shortened(part), fill(why)));
      return null;
    };
    const fields = part.split(",").map((field) => field.trim());
    const [code, degraded, failure, protocol, direction] = fields;
    if (fields.length !== 5) {
      complain(say("five parts are expected: code,degraded,failure,protocol,direction"));
      return [];
    }
    const written = { code, degraded: percentOf(degraded), failure: percentOf(failure), protocol, direction };
    return toleranceOf(written, "annotation", complain) ?? [];
  });
  return { set: tolerances.length > 0 ? setOf(tolerances, problems) : undefined, problems };
}

function percentOf(text: string | undefined): number {
  return text === undefined || text === "" ? NaN : Number(text);
}

function toleranceOf(
  fields: Readonly<Record<string, unknown>>,
  origin: ToleranceOrigin,
  complain: Complain,
): Tolerance | null {
  const about = (field: string) => (why: Message) => complain(say("{0}: {1}", field, fill(why)));
  const code = matcherOf(fields["code"], readCodePattern, about("code"));
  const protocol = matcherOf(fields["protocol"], readPattern, about("protocol"));
  const direction = matcherOf(fields["direction"], readPattern, about("direction"));
  const degraded = thresholdOf(fields["degraded"], about("degraded"));
  const failing = thresholdOf(fields["failure"], about("failure"));
  if (!code || !protocol || !direction || degraded === null || failing === null) return null;
  if (degraded > failing && degraded !== Infinity) return complain(say("degraded is higher than failure"));
  return {
    code: codeText(fields["code"]),
    origin,
    degraded,
    failing,
    matchesCode: code,
    matchesProtocol: protocol,
    matchesDirection: direction,
  };
}

function codeText(code: unknown): string {
  if (typeof code === "number") return String(code);
  return typeof code === "string" && code !== "" ? code : ".*";
}

/** A percentage as a fraction. Left out: never reached. */
function thresholdOf(value: unknown, complain: Complain): number | null {
  if (value === undefined || value === Infinity) return Infinity;
  if (typeof value !== "number" || Number.isNaN(value) || value < 0) {
    return complain(say("a percentage of 0 or more is expected"));
  }
  return value / 100;
}

function matcherOf(
  value: unknown,
  read: (text: string) => Pattern,
  complain: Complain,
): ((text: string) => boolean) | null {
  // Somebody may write a code as the number it is.
  const text = typeof value === "number" ? String(value) : (value ?? "");
  if (typeof text !== "string") return complain(say("a text is expected"));
  const pattern = read(text);
  return "matches" in pattern
    ? pattern.matches
    : complain(say('"{0}" is refused: {1}', shortened(text), fill(pattern.problem)));
}

function setOf(tolerances: readonly Tolerance[], problems: readonly Message[]): ToleranceSet {
  const judgesSuccess = tolerances.some(({ matchesCode }) => goodCodes.some(matchesCode));
  const isUndirected = tolerances.every((one) => one.matchesDirection("inbound") === one.matchesDirection("outbound"));
  return { tolerances, judgesSuccess, isUndirected, problems };
}

function shortened(text: string): string {
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  return value as Readonly<Record<string, unknown>>;
}
