import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { KubeObject } from "../../../../src/mesh/model/kubeObject.ts";
import { fill } from "../../../../src/mesh/message.ts";
import { foreyardRules } from "../../../../src/mesh/validation/foreyard/rules.ts";
import type { World } from "../../../../src/mesh/validation/world/world.ts";
import { WorldStore } from "../../../../src/mesh/validation/world/worldStore.ts";
import { readYaml } from "../../../../src/mesh/yaml/readYaml.ts";
import { objectsIn } from "../../../../src/mesh/yaml/objectsIn.ts";
import { ruleFixtures } from "../../../support/validation/ruleFixture.ts";
import { testSettings } from "../../../support/validation/worldOf.ts";

// The examples with parts replaced by what nobody expects there.

const examples = ruleFixtures()
  .filter(({ code }) => code.startsWith("FY1"))
  .map(({ text }) =>
    readYaml(text).documents.flatMap((document) => objectsIn(document).map(({ object }) => JSON.stringify(object))),
  );

const odd = fc.oneof(
  fc.constantFrom(null, 0, -1, 1e300, true, "", "*", "__proto__", "constructor", "a/b/c", "(a+)+$", "[", "\u0000"),
  fc.constant([]),
  fc.constant([null, [[]], {}]),
  fc.constant({}),
  fc.constant(JSON.parse('{"__proto__": {"exact": "a"}, "constructor": null}')),
  fc.string(),
);

/** Replaces the n-th value of an object, counted through the whole tree. */
function mutated(json: string, at: number, value: unknown): unknown {
  let left = at;
  return JSON.parse(json, (key, before: unknown) => {
    if (key === "apiVersion" || key === "kind" || key === "" || key === "metadata") return before;
    return left-- === 0 ? value : before;
  });
}

test("no rule throws for hostile objects, and each message can be shown", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...examples),
      fc.array(fc.tuple(fc.nat(60), odd), { minLength: 1, maxLength: 4 }),
      (objects, changes) => {
        const store = new WorldStore(testSettings);
        const origin = { from: "live", context: "test" } as const;
        objects.forEach((json, place) => {
          const changed = changes.reduce((text, [at, value]) => JSON.stringify(mutated(text, at, value)), json);
          const object = JSON.parse(changed) as KubeObject;
          store.replace(`file ${place}`, [{ cluster: place % 2 === 0 ? "a" : "b", object, origin }]);
        });
        for (const object of store.declarations()) check(store.world(object.cluster), object);
      },
    ),
    { numRuns: 1500, seed: 6 },
  );
});

function check(world: World, object: Parameters<(typeof foreyardRules)[number]["check"]>[0]): void {
  for (const rule of foreyardRules) {
    if (!rule.kinds.includes("*") && !rule.kinds.includes(object.kind)) continue;
    for (const finding of rule.check(object, world)) {
      assert.equal(typeof fill(finding.message), "string");
      assert.ok(rule.codes.some(({ code }) => code === finding.code));
      assert.ok(finding.path.every((step) => typeof step === "string" || Number.isInteger(step)));
    }
  }
}
