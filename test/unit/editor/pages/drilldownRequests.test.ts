import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { drilldownRequests } from "../../../../src/editor/pages/drilldownRequests.ts";

const pod = { cluster: "uid", group: "", kind: "Pod", namespace: "shop", name: "reviews-0" };
const node = { cluster: "uid", group: "", kind: "Node", namespace: "", name: "node-b" };
const load = {
  path: [
    { level: "pod", ref: pod },
    { level: "node", ref: node },
  ],
  windowSeconds: 60,
  atMillis: null,
};

describe("requests of the drill-down page", () => {
  it("W2: are read as they are where they fit, without what does not belong there", () => {
    assert.deepEqual(drilldownRequests["level.load"]({ ...load, more: 1 }), load);
  });

  it("W2: of charts keep the range and the groupings", () => {
    const asked = { ...load, rangeSeconds: 3600, charts: [{ id: "requests inbound", by: "code" }] };
    assert.deepEqual(drilldownRequests["charts.load"](asked), asked);
  });

  const wrong: Readonly<Record<string, object>> = {
    "an empty path": { path: [] },
    "levels out of their order": { path: [...load.path].reverse() },
    "a level twice": { path: [load.path[0], load.path[0]] },
    "an unknown level": { path: [{ level: "planet", ref: pod }] },
    "a name of 100 kB": { path: [{ level: "pod", ref: { ...pod, name: "x".repeat(100_000) } }] },
    "a name that is no text": { path: [{ level: "pod", ref: { ...pod, name: 1 } }] },
    "a window of a year": { windowSeconds: 31_536_000 },
    "a time that is a text": { atMillis: "now" },
  };
  for (const [what, part] of Object.entries(wrong)) {
    it(`W2: are refused with ${what}`, () =>
      assert.throws(() => drilldownRequests["level.load"]({ ...load, ...part })));
  }

  it("W2: are refused with an action or a tool that does not exist", () => {
    const { path } = load;
    assert.throws(() => drilldownRequests["action.run"]({ path, action: "delete", row: "" }));
    assert.throws(() => drilldownRequests["query.open"]({ path, query: "up", tool: "shell" }));
  });

  it("W2: of any kind are read or refused, whatever a page sends", () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.values(drilldownRequests)), fc.anything(), (parse, params) => {
        try {
          assert.equal(typeof parse(params), "object");
        } catch (e) {
          assert.ok(e instanceof Error);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
