import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { slicesOf } from "../../../src/sources/prometheus/http/textSlices.ts";

describe("a long text in slices", () => {
  it("is the same text again, whatever its characters", async () => {
    const text = fc.string({ unit: "binary", maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(text, fc.integer({ min: 1, max: 9 }), async (whole, length) => {
        const slices: Uint8Array[] = [];
        for await (const slice of slicesOf(whole, length)) slices.push(slice);
        assert.equal(Buffer.concat(slices).toString("utf8"), whole);
        // A slice has a character more where it would end inside of one.
        assert.ok(slices.every((slice) => slice.length <= (length + 1) * 3));
      }),
    );
  });
});
