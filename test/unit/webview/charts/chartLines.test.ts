import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { WireChart, WireChartOffer } from "../../../../src/protocol/drilldown/drilldownContract.ts";
import { chartCsv } from "../../../../webview/shared/charts/chartCsv.ts";
import { chartLines, groupingOf, knownAt, lastKnown, sumAt } from "../../../../webview/shared/charts/chartLines.ts";
import { LineBook } from "../../../../webview/shared/charts/lineStyles.ts";
import { TimeTexts } from "../../../../webview/shared/charts/timeTexts.ts";

const noon = Date.UTC(2026, 10, 22, 12, 0, 0) / 1000;

function chartOf(names: readonly string[], points: readonly number[]): WireChart {
  const about = { id: "requests", by: "version", unit: "rps", foreignUnit: "", title: "Requests" } as const;
  return { ...about, names, points: Float64Array.from(points), origin: null, why: [] };
}

describe("the lines of a chart", () => {
  it("have a gap where there is no value, not a zero", () => {
    const [line] = chartLines(chartOf(["v1"], [1, NaN, 0]), 3, false, new LineBook());
    assert.deepEqual(line?.values, [1, null, 0]);
  });

  it("stack to the sum of what is known, over a gap too", () => {
    const lines = chartLines(chartOf(["v1", "v2"], [1, NaN, 3, 10, 20, NaN]), 3, true, new LineBook());
    assert.deepEqual(
      lines.map(({ tops }) => tops),
      [
        [1, null, 3],
        [11, 20, null],
      ],
    );
    assert.deepEqual(lines[1]?.bases, [1, 0, 3]);
    assert.deepEqual(
      [0, 1, 2].map((at) => [sumAt(lines, at), knownAt(lines, at)]),
      [
        [11, 2],
        [20, 1],
        [3, 1],
      ],
    );
  });

  it("have no sum where nothing is known, and no last value where there is none", () => {
    const lines = chartLines(chartOf(["v1"], [NaN, NaN]), 2, false, new LineBook());
    assert.ok(Number.isNaN(sumAt(lines, 0)));
    assert.equal(lastKnown(lines, 2), -1);
  });

  it("keep their looks when another reading brings them in another order", () => {
    const book = new LineBook();
    const styles = (names: readonly string[]) =>
      new Map(
        chartLines(
          chartOf(
            names,
            names.map(() => 1),
          ),
          1,
          false,
          book,
        ).map(({ name, style }) => [name, style]),
      );
    const before = styles(["v1", "v2"]);
    const after = styles(["v3", "v2", "v1"]);
    assert.deepEqual(after.get("v1"), before.get("v1"));
    assert.deepEqual(after.get("v2"), before.get("v2"));
  });

  it("are of the first grouping where the kept one is not offered", () => {
    const offer = { id: "requests", groupings: ["version", "code"] } as unknown as WireChartOffer;
    assert.equal(groupingOf(offer, { requests: "pod" }), "version");
    assert.equal(groupingOf(offer, { requests: "code" }), "code");
  });
});

describe("the CSV of a chart", () => {
  it("has a row for each time in UTC and an empty cell for a gap", () => {
    assert.equal(
      chartCsv(chartOf(["v1", "v2"], [1, NaN, 0.5, 2]), Float64Array.of(noon, noon + 15)),
      "time,v1 (rps),v2 (rps)\r\n2026-11-22T12:00:00.000Z,1,0.5\r\n2026-11-22T12:00:15.000Z,,2\r\n",
    );
  });

  it("quotes what RFC 4180 wants quoted and disarms formulas", () => {
    const [head] = chartCsv(chartOf(['=cmd("x"),1'], [1]), Float64Array.of(noon)).split("\r\n");
    assert.equal(head, `time,"'=cmd(""x""),1 (rps)"`);
  });
});

describe("times of a chart", () => {
  it("say the day where it is another than that of the reference", () => {
    const texts = new TimeTexts("en");
    const local = new Date(2026, 10, 22, 12, 4, 35).getTime() / 1000;
    assert.match(texts.at(local), /^12:04:35/u);
    assert.match(texts.at(local, local + 86_400), /Nov 22, 2026/u);
  });
});
