import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import "./support/useFakeVscode.ts";

const { logLine } = await import("../../../src/editor/log.ts");

test("O3: facts follow the event as fields", () => {
  assert.equal(
    logLine("answered", { status: 200, path: "/version", ms: 12 }),
    "answered status=200 path=/version ms=12",
  );
});

test("O3: an event is one line, whatever its facts hold", () => {
  assert.doesNotMatch(logLine("failed", { why: "a\r\nb\nc", list: ["x\ny"] }), /[\r\n]/);
});

test("O3: a fact that is named like a secret is never written", () => {
  const secretName = fc.constantFrom("token", "bearerToken", "password", "Authorization", "client-key-data", "cookie");
  fc.assert(
    fc.property(secretName, fc.stringMatching(/^[a-zA-Z0-9]{12,40}$/), (name, secret) => {
      fc.pre(!`${name}answered`.includes(secret));
      assert.ok(!logLine("answered", { [name]: secret }).includes(secret));
    }),
  );
});

test("O3: the user part of an address and a bearer token inside a text are left out", () => {
  const line = logLine("asked", {
    url: "https://me:hunter2@prometheus.example/api",
    header: "Authorization: Bearer abc.def.ghi",
  });
  assert.doesNotMatch(line, /hunter2|abc\.def\.ghi/);
});
