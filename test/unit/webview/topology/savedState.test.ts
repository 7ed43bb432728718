import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { PageState } from "../../../../webview/topology/pageState.ts";
import { firstState, parsePageState } from "../../../../webview/topology/savedState.ts";

const first = firstState({ windowSeconds: 300, refreshSeconds: 15 });

describe("What a page keeps", () => {
  it("is read back as it was", () => {
    const state: PageState = {
      ...first,
      view: "workload",
      label: "p95",
      atMillis: 1_790_000_000_000,
      namespaces: ["shop"],
      find: "http.errors > 1%",
      hiddenProtocols: ["tcp"],
      collapsed: ["box/eu/shop"],
      selection: { what: "edge", id: "a>b:http" },
      focus: { id: "workload/eu/shop/front", hops: 2 },
      camera: { x: 1.5, y: -3, scale: 0.7 },
      table: "edges",
      legend: true,
    };
    assert.deepEqual(parsePageState(JSON.parse(JSON.stringify(state))), state);
  });

  it("is forgotten where another version wrote it", () => {
    assert.equal(parsePageState({ ...first, version: 2 }), undefined);
  });

  const broken: Readonly<Record<string, unknown>> = {
    "a view that does not exist": { view: "cluster" },
    "a window of no time": { windowSeconds: 0 },
    "a window that is no number": { windowSeconds: "300" },
    "a list that holds a number": { hiddenBoxes: [1] },
    "a switch that is neither on nor off": { show: { ...first.show, services: "yes" } },
    "a camera of no scale": { camera: { x: 0, y: 0, scale: 0 } },
    "a focus of half a hop": { focus: { id: "a", hops: 0.5 } },
    "a selection of nothing known": { selection: { what: "cluster", id: "a" } },
    "a table that does not exist": { table: "boxes" },
  };
  for (const [name, part] of Object.entries(broken)) {
    it(`is forgotten with ${name}`, () => {
      assert.equal(parsePageState({ ...first, ...(part as object) }), undefined);
    });
  }

  it("never throws, whatever is kept", () => {
    fc.assert(
      fc.property(fc.anything(), fc.constantFrom(...Object.keys(first)), (value, key) => {
        parsePageState(value);
        parsePageState({ ...first, [key]: value });
      }),
    );
  });
});
