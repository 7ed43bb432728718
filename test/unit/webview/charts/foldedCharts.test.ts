import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { WireChart } from "../../../../src/protocol/drilldown/drilldownContract.ts";
import { marksAt } from "../../../../webview/shared/charts/chartMarks.ts";
import { CardBook } from "../../../../webview/shared/charts/cardBook.ts";
import type { ChartValues } from "../../../../webview/shared/charts/chartValues.ts";

type Part = Pick<WireChart, "isFailed"> & { readonly points: readonly number[] };

function valuesOf(charts: Readonly<Record<string, Part | undefined>>): ChartValues {
  const offers = Object.keys(charts).map((id) => ({ id })) as unknown as ChartValues["offers"];
  const read = Object.entries(charts).flatMap(([id, part]) =>
    part ? [[id, { ...part, points: Float64Array.from(part.points) } as unknown as WireChart] as const] : [],
  );
  return { offers, times: new Float64Array(), charts: new Map(read) };
}

describe("charts that need no card", () => {
  it("are those that were read without a value and without a failure", () => {
    const values = valuesOf({
      loading: undefined,
      empty: { points: [] },
      gaps: { points: [NaN, NaN] },
      zero: { points: [0] },
      failed: { points: [], isFailed: true },
    });
    assert.deepEqual(
      new CardBook().fold(values, "reviews").map(({ id }) => id),
      ["empty", "gaps"],
    );
  });

  it("are not those that had a value while the page showed the same thing", () => {
    const book = new CardBook();
    book.fold(valuesOf({ tcp: { points: [1] } }), "reviews");
    const empty = valuesOf({ tcp: { points: [] } });
    assert.equal(book.fold(empty, "reviews").length, 0);
    assert.equal(book.fold(empty, "ratings").length, 1);
  });
});

describe("marks at a time", () => {
  it("are told at the one time that is nearest", () => {
    const times = [100, 110, 120];
    const marks = [{ atMillis: 113_000, words: "restarted" }];
    assert.deepEqual(
      [0, 1, 2].map((at) => marksAt(marks, times, at)),
      [[], ["restarted"], []],
    );
  });
});
