import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { fake } from "./support/useFakeVscode.ts";

const { ContextKeys } = await import("../../../src/editor/contextKeys.ts");
const { contextValuesOf } = await import("../../../src/editor/welcome.ts");
const { nothingYet } = await import("../../../src/editor/situation.ts");

test("context keys that did not change are not sent again", () => {
  const sent = mock.method(fake.commands, "executeCommand");
  const keys = new ContextKeys();
  keys.set(contextValuesOf({ ...nothingYet, state: "connecting" }, undefined));
  const before = sent.mock.callCount();
  keys.set(contextValuesOf({ ...nothingYet, state: "ready" }, undefined));
  assert.equal(sent.mock.callCount() - before, 1);
  assert.equal(fake.contextValues.get("foreyard.state"), "ready");
  sent.mock.restore();
});
