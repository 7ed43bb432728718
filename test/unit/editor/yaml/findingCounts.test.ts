import assert from "node:assert/strict";
import { test } from "node:test";
import { say } from "../../../../src/mesh/message.ts";
import type { ObjectRef } from "../../../../src/mesh/model/refs.ts";
import type { Finding } from "../../../../src/mesh/validation/finding.ts";
import { fake } from "../support/useFakeVscode.ts";

const { FindingCounts, countWords } = await import("../../../../src/editor/yaml/findingCounts.ts");

const ref: ObjectRef = { cluster: "c1", group: "", kind: "Service", namespace: "shop", name: "reviews" };

function finding(severity: Finding["severity"], code: string): Finding {
  return { severity, code, message: say("amiss"), object: { id: code } } as unknown as Finding;
}

/** A validation whose findings are set by hand. */
class HandSet {
  readonly #changed = new fake.EventEmitter<undefined>();
  readonly onChange = this.#changed.event as never;
  found: readonly Finding[] = [];
  asked = 0;
  foundAbout(): readonly Finding[] {
    this.asked += 1;
    return this.found;
  }
  get check() {
    return { found: this.found.map((one) => ({ object: { id: one.code }, findings: [one] })) } as never;
  }
  end(): void {
    this.#changed.fire(undefined);
  }
}

test("an object's findings are told worst first, and asked for once until a check ends", () => {
  const validation = new HandSet();
  validation.found = [finding("hint", "A"), finding("error", "B"), finding("warning", "C")];
  const counts = new FindingCounts(validation);
  assert.deepEqual(
    counts.about(ref).map(({ code }) => code),
    ["B", "C", "A"],
  );
  counts.about(ref);
  assert.equal(validation.asked, 1);
  validation.end();
  counts.about(ref);
  assert.equal(validation.asked, 2);
});

test("a check that finds the same as before redraws nothing, and one that finds less does", () => {
  const validation = new HandSet();
  const counts = new FindingCounts(validation);
  let changes = 0;
  counts.onChange(() => (changes += 1));
  validation.found = [finding("error", "B")];
  validation.end();
  validation.end();
  assert.equal(changes, 1);
  validation.found = [];
  validation.end();
  assert.equal(changes, 2);
});

test("errors and warnings stand beside a name, infos and hints do not", () => {
  assert.equal(
    countWords([finding("error", "A"), finding("warning", "B"), finding("warning", "C")]),
    "1 error, 2 warnings",
  );
  assert.equal(countWords([finding("info", "A"), finding("hint", "B")]), undefined);
});
