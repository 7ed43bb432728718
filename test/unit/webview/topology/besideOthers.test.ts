import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { besideOthers } from "../../../../webview/topology/canvas/occupancy.ts";

const title = { x: 5, y: 2, width: 40, height: 16 };

describe("the title of a box whose corner is out of sight", () => {
  it("stays where nothing else is", () => {
    assert.deepEqual(besideOthers(title, [{ ...title, y: 40 }], 300), title);
  });

  it("stands beside those of the boxes around it", () => {
    const outer = { x: 5, y: 2, width: 60, height: 18 };
    const middle = { x: 69, y: 4, width: 30, height: 18 };
    assert.deepEqual(besideOthers(title, [outer, middle], 300), { ...title, x: 103 });
  });

  it("is left out where it would leave its own box", () => {
    assert.equal(besideOthers(title, [{ ...title, width: 60 }], 100), undefined);
  });
});
