import assert from "node:assert/strict";
import { test } from "node:test";
import { createExports } from "../../../src/api.ts";
import { ForeignRules } from "../../../src/mesh/validation/foreign/foreignRules.ts";
import { createMetadataDesk } from "../../../src/mesh/metadata/metadataDesk.ts";
import { ManualClock } from "../live/manualClock.ts";

const log = { debug: () => undefined, info: () => undefined, error: () => undefined };
const pod = { clusterUid: "uid-1", context: "prod-eu", group: "", kind: "Pod", namespace: "shop", name: "reviews-1" };

const changes = { count: 0 };

function anApi() {
  const desk = createMetadataDesk({ clock: new ManualClock(), log });
  const rules = new ForeignRules(() => (changes.count += 1));
  return { desk, rules, exports: createExports(desk, rules) };
}

test("version 1 is there, says so, and is the same for everybody", () => {
  const { exports } = anApi();
  assert.equal(exports.getApi(1).version, 1);
  assert.equal(exports.getApi(1), exports.getApi(1));
});

test("another version is refused with the version that there is", () => {
  const { exports } = anApi();
  assert.throws(() => exports.getApi(2 as 1), { name: "RangeError", message: /version 1/ });
});

test("an extension cannot change the API for others", () => {
  const { exports } = anApi();
  const api = exports.getApi(1) as { registerMetadataProvider: unknown };
  assert.throws(() => (api.registerMetadataProvider = undefined), TypeError);
});

test("what is registered is asked, and no longer after it was disposed", async () => {
  const { desk, exports } = anApi();
  const provider = { id: "cost", kinds: ["Pod"], provide: () => ({ summary: "0.12 €/h", data: {} }) };
  const registered = exports.getApi(1).registerMetadataProvider(provider);
  const signal = new AbortController().signal;
  assert.equal((await desk.cards(pod, signal)).length, 1);
  registered.dispose();
  assert.equal((await desk.cards(pod, signal)).length, 0);
});

test("a validation rule that is registered is run with Foreyard's own, and no longer after it was disposed", () => {
  const { exports, rules } = anApi();
  const before = changes.count;
  const registered = exports.getApi(1).registerValidationRule({
    id: "acme.team",
    codes: [{ code: "ACME0001", severity: "warning", title: "No team", explanation: "Somebody is paged." }],
    kinds: ["core/Service"],
    check: () => [],
  });
  assert.deepEqual(
    rules.rules.map(({ name }) => name),
    ["acme.team"],
  );
  registered.dispose();
  assert.equal(rules.rules.length, 0);
  assert.equal(changes.count - before, 2);
});
