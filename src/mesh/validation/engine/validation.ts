import type { Against, Finding } from "../finding.ts";
import type { Rule } from "../rule.ts";
import { Computed } from "../world/tracker.ts";
import type { WorldObject } from "../world/worldObject.ts";
import type { WorldStore } from "../world/worldStore.ts";
import { docsOf } from "./docs.ts";
import { mergeFindings, type MergedFinding } from "./mergeFindings.ts";
import { rulesByKind, runRules, type RawFinding, type RulesByKind } from "./runRules.ts";
import { severityOf, type Grading } from "./severity.ts";
import { isSuppressedByObject } from "./suppression.ts";

export interface ValidationOptions {
  readonly store: WorldStore;
  readonly rules: readonly Rule[];
  readonly grading: Grading;
  /** What an object's findings were checked against. */
  readonly against: (object: WorldObject) => Against;
}

/** What is kept of an object: its findings, and what they were computed from. */
type Checked = Computed<readonly Finding[]>;

/**
 * The findings of a store's objects, kept up to date: after a change only the rules run again that read what changed.
 * Findings of an object that did not change stay the same list.
 */
export class Validation {
  readonly #options: ValidationOptions;
  readonly #rules: RulesByKind;
  #checked = new Map<WorldObject, Checked>();

  constructor(options: ValidationOptions) {
    this.#options = options;
    this.#rules = rulesByKind(options.rules);
  }

  /**
   * Brings every object's findings up to date. It yields after each object, so that the caller may pause; if the store
   * changes in between, run it again. The value is the objects whose findings changed or that are new.
   */
  *update(): Generator<undefined, ReadonlySet<WorldObject>> {
    if (this.#checked.size === 0) yield* this.#prime();
    const changed = new Set<WorldObject>();
    const before = this.#checked;
    const now = new Map<WorldObject, Checked>();
    for (const object of this.#options.store.declarations()) {
      // Of what is assumed nobody wants to hear; of what is half written only that it does not parse.
      if (object.origin.from === "assumed" || isBroken(object)) continue;
      const checked = before.get(object) ?? this.#check(object);
      const changedAt = before.has(object) ? checked.changedAt : -1;
      checked.refresh();
      if (checked.changedAt !== changedAt) changed.add(object);
      now.set(object, checked);
      yield;
    }
    this.#checked = now;
    return changed;
  }

  /** The findings of an object; none if it is not in the store or was never checked. */
  of(object: WorldObject): readonly Finding[] {
    return this.#checked.get(object)?.read() ?? [];
  }

  /** The findings of everything that a source declares. */
  ofSource(source: string): readonly Finding[] {
    return this.#options.store.of(source).flatMap((object) => this.of(object));
  }

  /**
   * Runs each rule once, so that the indexes which it needs of the whole world are built one after the other and not all
   * with the first object.
   */
  *#prime(): Generator<undefined> {
    const { store } = this.#options;
    const seen = new Set<string>();
    for (const object of store.declarations()) {
      if (seen.has(object.kind)) continue;
      seen.add(object.kind);
      const world = store.world(object.cluster);
      for (const rule of [...this.#rules.declaration(object.kind), ...this.#rules.object(object.kind)]) {
        runRules([rule], object, world);
        yield;
      }
    }
  }

  // What depends on the object alone is kept apart: it is not found again because another object changed.
  #check(object: WorldObject): Checked {
    const { store } = this.#options;
    const world = store.world(object.cluster);
    const rules = this.#rules.declaration(object.kind);
    const declaration = new Computed(store.tracker, () => runRules(rules, object, world), sameList);
    return new Computed(
      store.tracker,
      () => {
        const own = declaration.read();
        const counts = world.get(object.kind, object.namespace, object.name) === object;
        const whole = counts ? runRules(this.#rules.object(object.kind), object, world) : [];
        return this.#graded(object, whole.length === 0 ? own : [...own, ...whole]);
      },
      sameList,
    );
  }

  #graded(object: WorldObject, raw: readonly RawFinding[]): readonly Finding[] {
    return mergeFindings(raw).flatMap((merged) => {
      if (isSuppressedByObject(merged.shown.info.code, object)) return [];
      return this.#finding(object, merged);
    });
  }

  #finding(object: WorldObject, { shown, also }: MergedFinding): readonly Finding[] {
    const { store, grading, against } = this.#options;
    const severity = severityOf(shown, store.world(object.cluster), grading);
    if (severity === undefined) return [];
    const { rule, info, finding } = shown;
    return [
      {
        code: info.code,
        severity,
        message: finding.message,
        layer: rule.layer,
        rule: rule.name,
        object,
        path: finding.path,
        at: finding.at ?? "value",
        place: undefined,
        related: finding.related ?? [],
        tags: finding.tags ?? [],
        docs: docsOf(info.code),
        against: against(object),
        also: also.filter(({ code }) => grading.chosen(code) !== "off"),
      },
    ];
  }
}

function isBroken({ origin }: WorldObject): boolean {
  return origin.from === "file" && origin.document.sort === "broken";
}

// Nobody is served by comparing findings deeply: an object that was checked again is drawn again.
function sameList(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a === b || (a.length === 0 && b.length === 0);
}
