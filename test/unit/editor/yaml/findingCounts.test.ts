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

/** A validation whose findings are set by hand, each of an object in the cluster c1. */
class HandSet {
  readonly #changed = new fake.EventEmitter<undefined>();
  readonly onChange = this.#changed.event as never;
  found: readonly Finding[] = [];
  readonly asked: (readonly string[])[] = [];
  get check() {
    const found = this.found.map((one) => ({ object: { id: one.code, cluster: "c1" }, findings: [one] }));
    const foundAbout = (_: unknown, clusters: readonly string[]) => {
      this.asked.push(clusters);
      return found.filter(({ object }) => clusters.includes(object.cluster));
    };
    return { found, foundAbout } as never;
  }
  end(): void {
    this.#changed.fire(undefined);
  }
}

const mesh = (id: string, ...keys: readonly string[]) => ({ id, clusters: keys.map((key) => ({ key })) });

function countsOf(validation: HandSet, ...meshes: readonly object[]) {
  return new FindingCounts(validation, { live: { meshes } } as never);
}

test("an object's findings are told worst first, and asked for once until a check ends", () => {
  const validation = new HandSet();
  validation.found = [finding("hint", "A"), finding("error", "B"), finding("warning", "C")];
  const counts = countsOf(validation);
  assert.deepEqual(
    counts.about(ref).map(({ code }) => code),
    ["B", "C", "A"],
  );
  counts.about(ref);
  assert.equal(validation.asked.length, 1);
  validation.end();
  counts.about(ref);
  assert.equal(validation.asked.length, 2);
});

test("a check that finds the same as before redraws nothing, and one that finds less does", () => {
  const validation = new HandSet();
  const counts = countsOf(validation);
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

test("a mesh counts what is found in its own clusters, and not what is found in another mesh", () => {
  const validation = new HandSet();
  validation.found = [finding("error", "A")];
  const counts = countsOf(validation, mesh("one", "c1"), mesh("two", "c2"));
  const meshRef = (name: string): ObjectRef => ({ cluster: "", group: "", kind: "Mesh", namespace: "", name });
  assert.equal(counts.about(meshRef("one")).length, 1);
  assert.equal(counts.about(meshRef("two")).length, 0);
});

test("a service of several clusters counts all of them, and nothing where it may be of another mesh", () => {
  const validation = new HandSet();
  validation.found = [finding("error", "A")];
  const spanning = { ...ref, cluster: "" };
  assert.equal(countsOf(validation, mesh("one", "c1", "c2")).about(spanning).length, 1);
  assert.equal(countsOf(validation, mesh("one", "c1"), mesh("two", "c2")).about(spanning).length, 0);
  assert.deepEqual(validation.asked, [["c1", "c2"], []]);
});
