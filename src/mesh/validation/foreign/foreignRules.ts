import type { Disposable } from "../../disposer.ts";
import { say } from "../../message.ts";
import type { RuleFinding, Severity } from "../finding.ts";
import { severities } from "../finding.ts";
import type { KindName } from "../kinds.ts";
import type { CodeInfo, Rule } from "../rule.ts";
import type { World } from "../world/world.ts";
import type { WorldObject } from "../world/worldObject.ts";
import type { ForeignFinding, ValidationRule } from "./validationRule.ts";

/** Findings of one rule on one object; what comes after is left out. */
const mostFindings = 100;
const longestMessage = 2000;
const codeForm = /^[A-Z]{2,8}\d{3,5}$/u;
const ownCode = /^(?:IST|KIA|FY)\d/u;
const kindForm = /^[a-z0-9.-]+\/[A-Z][A-Za-z0-9]*$/u;

/** The rules that other extensions have registered in this window. */
export class ForeignRules {
  readonly #rules = new Map<string, Rule>();
  readonly #changed: () => void;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  get rules(): readonly Rule[] {
    return [...this.#rules.values()];
  }

  /** Throws a TypeError for what is no rule, and for an id or a code that is taken. */
  register(rule: ValidationRule): Disposable {
    const read = readRule(rule);
    const taken = new Set(this.rules.flatMap(({ codes }) => codes.map(({ code }) => code)));
    const twice = read.codes.find(({ code }) => taken.has(code));
    if (this.#rules.has(read.name)) throw new TypeError(`There is a validation rule ${read.name} already`);
    if (twice !== undefined) throw new TypeError(`Another validation rule has the code ${twice.code}`);
    this.#rules.set(read.name, read);
    this.#changed();
    return {
      dispose: () => {
        if (this.#rules.get(read.name) !== read) return;
        this.#rules.delete(read.name);
        this.#changed();
      },
    };
  }
}

function readRule(rule: ValidationRule): Rule {
  const { id, codes, kinds, reads = [] } = rule;
  if (typeof id !== "string" || id === "") throw new TypeError("A validation rule needs an id");
  if (typeof rule.check !== "function") throw new TypeError(`The validation rule ${id} has no function check`);
  if (!Array.isArray(kinds) || kinds.length === 0 || ![...kinds, ...reads].every(isKind))
    throw new TypeError(`The validation rule ${id} needs kinds as "group/Kind"`);
  if (!Array.isArray(codes) || codes.length === 0) throw new TypeError(`The validation rule ${id} has no codes`);
  const infos = codes.map((code): CodeInfo => {
    if (!codeForm.test(code.code) || ownCode.test(code.code))
      throw new TypeError(
        `The validation rule ${id} has the code ${String(code.code)}, which is none that it may have`,
      );
    const severity = severityOf(code.severity);
    if (severity === undefined) throw new TypeError(`The code ${code.code} has no severity`);
    return { ...code, severity, title: String(code.title), explanation: String(code.explanation), source: id };
  });
  const known = new Set(infos.map(({ code }) => code));
  return {
    name: id,
    layer: "foreyard",
    codes: infos,
    kinds: kinds as readonly KindName[],
    reads: reads as readonly KindName[],
    *check(object: WorldObject, world: World): Iterable<RuleFinding> {
      let count = 0;
      for (const finding of rule.check(object.object, (kind, namespace) => found(world, reads, { kind, namespace }))) {
        count += 1;
        if (count > mostFindings) return;
        yield readFinding(finding, known);
      }
    },
  };
}

function found(
  world: World,
  reads: readonly string[],
  { kind, namespace }: { readonly kind: string; readonly namespace: string | undefined },
): readonly WorldObject["object"][] {
  // What is read is what a rule is run again for.
  if (!reads.includes(kind)) throw new TypeError(`${kind} is not among the kinds that the rule reads`);
  const name = kind as KindName;
  const objects = namespace === undefined ? world.all(name) : world.inNamespace(name, namespace);
  return [...objects].map(({ object }) => object);
}

function readFinding({ code, message, path, at }: ForeignFinding, known: ReadonlySet<string>): RuleFinding {
  if (!known.has(code)) throw new TypeError(`${String(code)} is none of the rule's codes`);
  if (!Array.isArray(path)) throw new TypeError(`The finding ${code} has no path`);
  const steps = (path as readonly unknown[]).map((step) => (typeof step === "number" ? step : String(step)));
  return {
    code,
    message: say("{0}", String(message).slice(0, longestMessage)),
    path: steps,
    at: at === "key" ? at : "value",
  };
}

function isKind(kind: unknown): boolean {
  return typeof kind === "string" && kindForm.test(kind);
}

function severityOf(value: unknown): Severity | undefined {
  return severities.find((severity) => severity === value);
}
