import assert from "node:assert/strict";
import { test } from "node:test";
import { createExports } from "../../../src/api.ts";
import { createMetadataDesk } from "../../../src/mesh/metadata/metadataDesk.ts";
import { ManualClock } from "../live/manualClock.ts";

const log = { debug: () => undefined, info: () => undefined, error: () => undefined };
const pod = { clusterUid: "uid-1", context: "prod-eu", group: "", kind: "Pod", namespace: "shop", name: "reviews-1" };

function anApi() {
  const desk = createMetadataDesk({ clock: new ManualClock(), log });
  return { desk, exports: createExports(desk) };
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
