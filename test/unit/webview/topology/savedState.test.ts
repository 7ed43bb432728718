import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { PageState } from "../../../../webview/topology/pageState.ts";
import { firstState, parsePageState, stateOfMesh } from "../../../../webview/topology/savedState.ts";

const first = firstState({ windowSeconds: 300, refreshSeconds: 15 });

describe("What a page keeps", () => {
  it("is read back as it was", () => {
    const state: PageState = {
      ...first,
      meshId: "mesh-a",
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
    assert.equal(parsePageState({ ...first, version: 1 }), undefined);
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
    "a mesh that is no name": { meshId: 1 },
    "a table that does not exist": { table: "boxes" },
  };
  for (const [name, part] of Object.entries(broken)) {
    it(`is forgotten with ${name}`, () => {
      assert.equal(parsePageState({ ...first, ...(part as object) }), undefined);
    });
  }

  it("names nothing of another mesh in the one that is opened", () => {
    const chosen: Partial<PageState> = {
      ...{ view: "service", label: "p99", windowSeconds: 60, refreshSeconds: 0, find: "not healthy", table: "nodes" },
      ...{ show: { ...first.show, services: false }, hiddenProtocols: ["tcp"], legend: true, ambient: "ztunnel" },
    };
    const inA: PageState = {
      ...{ ...first, ...chosen, meshId: "a", atMillis: 1, namespaces: ["shop"], hide: "name = x" },
      ...{ hiddenBoxes: ["box/Kubernetes/shop"], collapsed: [], selection: { what: "node", id: "n" } },
      ...{ focus: { id: "n", hops: 2 }, camera: { x: 0, y: 0, scale: 1 } },
    };
    assert.deepEqual(stateOfMesh(inA, "b"), { ...first, ...chosen, meshId: "b" });
    assert.equal(stateOfMesh(inA, "a"), inA);
  });

  it("never throws, whatever is kept", () => {
    fc.assert(
      fc.property(fc.anything(), fc.constantFrom(...Object.keys(first)), (value, key) => {
        parsePageState(value);
        parsePageState({ ...first, [key]: value });
      }),
    );
  });
});
