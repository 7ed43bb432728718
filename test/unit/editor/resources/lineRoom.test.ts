import assert from "node:assert/strict";
import { test } from "node:test";
import { LineRoom } from "../../../../src/editor/resources/lineRoom.ts";

test("the last lines of a stream are kept, and it is told how many were not", () => {
  const room = new LineRoom(3);
  for (let i = 1; i <= 10; i++) room.add(`line ${i}`);
  assert.deepEqual([room.text(), room.dropped], ["line 8\nline 9\nline 10\n", 7]);
});

test("a line of 1 MB is cut", () => {
  const room = new LineRoom(3, 5);
  room.add("x".repeat(1_000_000));
  assert.equal(room.text(), "xxxxx…\n");
});
