import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { fill } from "../../../../src/mesh/message.ts";
import type { NodeState } from "../../../../src/mesh/explorer/node.ts";
import { Announcer, changesBetween, type Summary } from "../../../../webview/topology/changes.ts";

function summary(nodes: Readonly<Record<string, NodeState>>, problems: readonly string[] = []): Summary {
  const names = new Map(Object.keys(nodes).map((name) => [name, name]));
  return { nodes: new Map(Object.entries(nodes)), names, problems: new Set(problems) };
}

const between = (before: Summary, after: Summary) => changesBetween(before, after).map(fill);

describe("What is announced of a new picture", () => {
  it("is nothing where everything is as it was", () => {
    assert.deepEqual(between(summary({ a: "healthy" }), summary({ a: "healthy" })), []);
  });

  it("is nothing where something degrades only", () => {
    assert.deepEqual(between(summary({ a: "healthy" }), summary({ a: "degraded" })), []);
  });

  it("names what fails now and what does not fail any more", () => {
    const before = summary({ a: "healthy", b: "failing" });
    assert.deepEqual(between(before, summary({ a: "failing", b: "degraded" })), [
      "Failing now: a",
      "No longer failing: b",
    ]);
  });

  it("names three of many", () => {
    const before = summary({ a: "healthy", b: "healthy", c: "healthy", d: "healthy" });
    const after = summary({ a: "failing", b: "failing", c: "failing", d: "failing" });
    assert.deepEqual(between(before, after), ["Failing now: 4, among them a, b, c"]);
  });

  it("counts what came and went, and new problems", () => {
    const before = summary({ a: "healthy", b: "healthy" }, ["old"]);
    const after = summary({ a: "healthy", c: "healthy", d: "idle" }, ["old", "new"]);
    assert.deepEqual(between(before, after), ["Nodes that are new: 2", "Nodes that are gone: 1", "New problems: 1"]);
  });
});

describe("The announcer", () => {
  it("speaks at once, then gathers for as long as the pause lasts", () => {
    const said: string[] = [];
    const pauses: (() => void)[] = [];
    const announcer = new Announcer(
      (text) => said.push(text),
      (milliseconds, callback) => {
        assert.equal(milliseconds, 10_000);
        pauses.push(callback);
        return { dispose: () => undefined };
      },
    );
    announcer.announce(["one"]);
    announcer.announce(["two"]);
    announcer.announce(["three", "two"]);
    assert.deepEqual(said, ["one"]);
    pauses[0]?.();
    assert.deepEqual(said, ["one", "two. three"]);
  });

  it("is free to speak at once after a pause in which nothing happened", () => {
    const said: string[] = [];
    const pauses: (() => void)[] = [];
    const announcer = new Announcer(
      (text) => said.push(text),
      (_, callback) => {
        pauses.push(callback);
        return { dispose: () => undefined };
      },
    );
    announcer.announce(["one"]);
    pauses[0]?.();
    announcer.announce(["two"]);
    assert.deepEqual(said, ["one", "two"]);
  });
});
