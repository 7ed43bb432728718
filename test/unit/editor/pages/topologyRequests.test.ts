import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { topologyRequests } from "../../../../src/editor/pages/topologyRequests.ts";
import type { LoadParams } from "../../../../src/protocol/topology/topologyContract.ts";

const load: LoadParams = {
  view: "versionedApp",
  windowSeconds: 300,
  atMillis: null,
  namespaces: ["shop"],
  ambient: "total",
  withIdleEdges: false,
  withIdleNodes: true,
  label: "rate",
  find: "http.errors > 1%",
  hide: "",
};

describe("requests of the topology page", () => {
  it("W2: are read as they are where they fit, without what does not belong there", () => {
    assert.deepEqual(topologyRequests["graph.load"]({ ...load, more: 1 }), load);
  });

  it("take ids of edges between long names", () => {
    const id = `${"a".repeat(5_000)}>${"b".repeat(5_000)}:http`;
    assert.deepEqual(topologyRequests["details.load"]({ what: "edge", id }), { what: "edge", id });
  });

  it("leave out of what is hidden only an id that is longer than any", () => {
    const asked = { format: "csv", picture: null, hiddenNodes: ["a", "x".repeat(40_000), "y".repeat(9_000)] };
    assert.deepEqual(topologyRequests["graph.export"](asked).hiddenNodes, ["a", "y".repeat(9_000)]);
  });

  it("name the mesh whose positions are saved", () => {
    assert.deepEqual(topologyRequests["positions.save"]({ meshId: "m", nodes: {} }), { meshId: "m", nodes: {} });
    assert.throws(() => topologyRequests["positions.save"]({ nodes: {} }));
  });

  const wrong: Readonly<Record<string, Partial<Record<keyof LoadParams, unknown>>>> = {
    "another view": { view: "everything" },
    "a window of a year": { windowSeconds: 31_536_000 },
    "a window that is no number": { windowSeconds: NaN },
    "a time that is a text": { atMillis: "now" },
    "namespaces that are no names": { namespaces: [{}] },
    "a find text of 1 MB": { find: "x".repeat(1_000_000) },
    "a label named like a method": { label: "toString" },
    "a flag that is a text": { withIdleEdges: "yes" },
  };
  for (const [what, part] of Object.entries(wrong)) {
    it(`W2: are refused with ${what}`, () => assert.throws(() => topologyRequests["graph.load"]({ ...load, ...part })));
  }

  it("W2: of any kind are read or refused, whatever a page sends", () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.values(topologyRequests)), fc.anything(), (parse, params) => {
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
