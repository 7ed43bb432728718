import assert from "node:assert/strict";
import { it } from "node:test";
import { PageNews } from "../../../../src/editor/pages/pageNews.ts";
import type { LiveMesh } from "../../../../src/mesh/live/liveMesh.ts";

function mesh(key: string): LiveMesh {
  const clusters = [{ key, context: key, state: "ready", telemetry: { state: "ready" } }];
  return { clusters, scopes: [] } as unknown as LiveMesh;
}

function news() {
  const waiting = new Set<() => void>();
  const told: string[] = [];
  const clock = {
    now: () => 0,
    after: (_millis: number, act: () => void) => {
      waiting.add(act);
      return { dispose: () => waiting.delete(act) };
    },
  };
  const page = new PageNews({
    clock: clock,
    renamed: () => told.push("renamed"),
    tell: (isOther) => told.push(isOther ? "another mesh" : "read again"),
  });
  return { page, told, pass: () => [...waiting].map((act) => act()) };
}

it("tells a page once of many changes, and of nothing that it does not show", () => {
  const { page, told, pass } = news();
  page.changed(mesh("a"), true);
  pass();
  assert.deepEqual(told, [], "nothing was read yet");
  page.read(mesh("a"));
  page.changed(mesh("a"), false);
  pass();
  page.changed(mesh("a"), true);
  page.changed(mesh("a"), true);
  pass();
  assert.deepEqual(told, ["read again"]);
});

it("tells of another mesh first, whatever else changed", () => {
  const { page, told, pass } = news();
  page.read(mesh("a"));
  page.changed(mesh("b"), false);
  page.changed(mesh("b"), true);
  pass();
  assert.deepEqual(told, ["renamed", "another mesh"]);
});

it("tells nobody who has gone", () => {
  const { page, told, pass } = news();
  page.read(mesh("a"));
  page.changed(mesh("a"), true);
  page.hush();
  pass();
  assert.deepEqual(told, []);
});
