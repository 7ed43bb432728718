import type { Disposable } from "../../disposer.ts";
import { say } from "../../message.ts";
import { listAt, textAt } from "../../model/fields.ts";
import type { RuleFinding } from "../finding.ts";
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
  // What others hand over is not what its type says until it was looked at.
  const { id, kinds, reads = [], check } = rule as { readonly [Field in keyof ValidationRule]?: unknown };
  if (typeof id !== "string" || id === "") throw new TypeError("A validation rule needs an id");
  if (typeof check !== "function") throw new TypeError(`The validation rule ${id} has no function check`);
  const judged = kindsOf(kinds);
  const read = kindsOf(reads);
  if (judged === undefined || judged.length === 0 || read === undefined)
    throw new TypeError(`The validation rule ${id} needs kinds as "group/Kind"`);
  const codes = listAt(rule, "codes").map((code) => readCode(code, id));
  if (codes.length === 0) throw new TypeError(`The validation rule ${id} has no codes`);
  const known = new Set(codes.map(({ code }) => code));
  return {
    name: id,
    layer: "foreyard",
    codes,
    kinds: judged,
    reads: read,
    *check(object: WorldObject, world: World): Iterable<RuleFinding> {
      let count = 0;
      for (const finding of rule.check(object.object, (kind, namespace) => found(world, read, { kind, namespace }))) {
        count += 1;
        if (count > mostFindings) return;
        yield readFinding(finding, known);
      }
    },
  };
}

function readCode(value: unknown, id: string): CodeInfo {
  const code = textAt(value, "code") ?? "";
  if (!codeForm.test(code) || ownCode.test(code))
    throw new TypeError(`The validation rule ${id} has the code ${code}, which is none that it may have`);
  const severity = severities.find((one) => one === textAt(value, "severity"));
  if (severity === undefined) throw new TypeError(`The code ${code} has no severity`);
  const title = textAt(value, "title") ?? code;
  return { code, severity, title, explanation: textAt(value, "explanation") ?? title, source: id };
}

function kindsOf(value: unknown): readonly KindName[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const kinds = value.filter((kind): kind is KindName => typeof kind === "string" && kindForm.test(kind));
  return kinds.length === value.length ? kinds : undefined;
}

function found(
  world: World,
  reads: readonly KindName[],
  { kind, namespace }: { readonly kind: string; readonly namespace: string | undefined },
): readonly WorldObject["object"][] {
  // What is read is what a rule is run again for.
  const name = reads.find((one) => one === kind);
  if (name === undefined) throw new TypeError(`${kind} is not among the kinds that the rule reads`);
  const objects = namespace === undefined ? world.all(name) : world.inNamespace(name, namespace);
  return [...objects].map(({ object }) => object);
}

function readFinding(finding: ForeignFinding, known: ReadonlySet<string>): RuleFinding {
  const { path, at, message } = finding as { readonly [Field in keyof ForeignFinding]?: unknown };
  const code = textAt(finding, "code") ?? "";
  if (!known.has(code)) throw new TypeError(`"${code}" is none of the rule's codes`);
  if (!Array.isArray(path)) throw new TypeError(`The finding ${code} has no path`);
  const steps = path.map((step: unknown) => (typeof step === "number" ? step : String(step)));
  const words = say("{0}", String(message).slice(0, longestMessage));
  return { code, message: words, path: steps, at: at === "key" ? "key" : "value" };
}
