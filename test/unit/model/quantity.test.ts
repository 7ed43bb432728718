import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { parseQuantity } from "../../../src/mesh/model/quantity.ts";

// Kubernetes' resource.Quantity: decimal and binary suffixes, or a decimal exponent.
const worths: readonly (readonly [text: string, value: number])[] = [
  ["0", 0],
  ["2", 2],
  ["+2", 2],
  ["-2", -2],
  ["1.5", 1.5],
  [".5", 0.5],
  ["5.", 5],
  ["3n", 0.000000003],
  ["2500u", 0.0025],
  ["100m", 0.1],
  ["250m", 0.25],
  ["1k", 1000],
  ["2M", 2_000_000],
  ["3G", 3_000_000_000],
  ["4T", 4_000_000_000_000],
  ["5P", 5_000_000_000_000_000],
  ["6E", 6_000_000_000_000_000_000],
  ["1Ki", 1024],
  ["512Mi", 536_870_912],
  ["1.5Gi", 1_610_612_736],
  ["1Ti", 1_099_511_627_776],
  ["1Pi", 1_125_899_906_842_624],
  ["1Ei", 1_152_921_504_606_846_976],
  ["1e3", 1000],
  ["12E2", 1200],
  ["1.5e-3", 0.0015],
  ["2e+2", 200],
];

const nonsense = [
  "",
  " ",
  "m",
  "Ki",
  ".",
  "1 Gi",
  " 1",
  "1\n",
  "1K",
  "1ki",
  "1mi",
  "1KI",
  "1GB",
  "0x10",
  "1_000",
  "1,5",
];
nonsense.push("NaN", "Infinity", "e3", "1e", "1e3k", "1E3Ki", "--1", "1e999", "٣", "1Gi;rm");

describe("a quantity of Kubernetes", () => {
  for (const [text, value] of worths) {
    it(`reads ${text} as ${value}`, () => assert.equal(parseQuantity(text), value));
  }

  for (const text of nonsense) {
    it(`reads ${JSON.stringify(text)} as none`, () => assert.equal(parseQuantity(text), undefined));
  }

  it("may be a plain number, but none that is not finite", () => {
    assert.equal(parseQuantity(2.5), 2.5);
    assert.equal(parseQuantity(NaN), undefined);
    assert.equal(parseQuantity(Infinity), undefined);
  });

  it("is none where it is no text and no number", () => {
    for (const value of [undefined, null, true, {}, [], ["1"], 1n]) assert.equal(parseQuantity(value), undefined);
  });

  it("is a finite number or none, whatever it is read from", () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        const read = parseQuantity(value);
        return read === undefined || Number.isFinite(read);
      }),
    );
  });
});
