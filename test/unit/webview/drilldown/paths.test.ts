import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { LevelName, LevelRef } from "../../../../src/mesh/drilldown/level.ts";
import type { WireTable } from "../../../../src/protocol/drilldown/drilldownContract.ts";
import {
  firstState,
  gone,
  parseDrilldownState,
  wentBack,
  wentForward,
} from "../../../../webview/drilldown/drilldownState.ts";
import { meshPath, pathTo, upFrom } from "../../../../webview/drilldown/paths.ts";
import { ordered } from "../../../../webview/drilldown/tables/tableOrder.ts";

const at = (level: LevelName, name: string, namespace = "shop"): LevelRef => ({
  level,
  ref: { cluster: "eu", group: "", kind: "K", namespace, name },
});
const chain = [at("meshService", "reviews"), at("workload", "reviews-v2"), at("pod", "x8k2"), at("node", "node-b", "")];

describe("A path of the drill-down", () => {
  it("keeps what was chosen above on the way down", () => {
    const path = pathTo({ path: chain.slice(0, 2), crumbs: [] }, at("pod", "x8k2"));
    assert.deepEqual(
      path.map(({ ref }) => ref.name),
      ["reviews", "reviews-v2", "x8k2"],
    );
  });

  it("forgets the workload that a neighbour on the node does not belong to", () => {
    const path = pathTo({ path: chain, crumbs: [] }, at("pod", "batch-7", "jobs"));
    assert.deepEqual(
      path.map(({ ref }) => ref.name),
      ["batch-7"],
    );
  });

  it("goes up to the mesh from what nothing lies above", () => {
    assert.deepEqual(upFrom([at("pod", "x8k2")], "m"), meshPath("m"));
    assert.equal(upFrom(meshPath("m"), "m"), undefined);
  });
});

describe("The state of the drill-down", () => {
  const first = {
    ...firstState({ windowSeconds: 300, refreshSeconds: 15, rangeSeconds: 3600 }),
    path: chain.slice(0, 1),
  };

  it("comes back to where one was, and forward again", () => {
    const there = gone(first, chain);
    assert.deepEqual(wentBack(there).path, first.path);
    assert.deepEqual(wentForward(wentBack(there)).path, chain);
  });

  it("is read back as it was written, and nothing else is", () => {
    const kept = gone(first, chain);
    assert.deepEqual(parseDrilldownState(JSON.parse(JSON.stringify(kept))), kept);
    fc.assert(fc.property(fc.jsonValue(), (value) => parseDrilldownState(value) === undefined));
    fc.assert(fc.property(fc.jsonValue(), (path) => void parseDrilldownState({ ...kept, path })));
  });
});

describe("The order of a table", () => {
  it("puts idle after numbers and no data last, ascending and descending", () => {
    const values: readonly (readonly [string, number, boolean])[] = [
      ["none", NaN, false],
      ["idle", 0, true],
      ["two", 2, false],
      ["one", 1, false],
    ];
    const table: WireTable = {
      ...{ id: "t", title: "T", why: "", columns: [{ id: "rps", title: "Requests", isNumber: true }] },
      rows: values.map(([id, value, isIdle]) => ({
        ...{ to: null, id, share: 0 },
        cells: [{ is: "number", value, unit: "rps", limit: NaN, isIdle }],
      })),
    };
    const ids = (isDescending: boolean) => ordered(table, { column: "rps", isDescending }, "en").map(({ id }) => id);
    assert.deepEqual(ids(true), ["two", "one", "idle", "none"]);
    assert.deepEqual(ids(false), ["one", "two", "idle", "none"]);
  });
});
