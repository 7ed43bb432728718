import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { createFormat, noData, type Format, type Quantity } from "../../../src/mesh/format/format.ts";
import { fill } from "../../../src/mesh/message.ts";

const format = createFormat("en-US");

/** The quantity a text stands for, in its base unit; "<0.1%" and ">99%" read as just below and above. */
function read(text: string): number {
  const match = /^([<>]?)([\d.,]+)\s?(%|[kMG]? ?rps|µs|ms|s|min|h|[kMGTP]?B\/s)$/u.exec(text);
  assert.ok(match, `"${text}" is a number with a unit`);
  const [, edge = "", digits = "", unit = ""] = match;
  const factor = factors[unit.trim()];
  assert.ok(factor !== undefined, `"${unit}" is a unit`);
  const value = Number(digits.replaceAll(",", "")) * factor;
  return edge === "<" ? value * 0.999 : edge === ">" ? value * 1.001 : value;
}

const factors: Readonly<Record<string, number>> = {
  "%": 0.01,
  rps: 1,
  "k rps": 1e3,
  "M rps": 1e6,
  "G rps": 1e9,
  µs: 1e-6,
  ms: 1e-3,
  s: 1,
  min: 60,
  h: 3600,
  "B/s": 1,
  "kB/s": 1e3,
  "MB/s": 1e6,
  "GB/s": 1e9,
  "TB/s": 1e12,
  "PB/s": 1e15,
};

const cases: readonly [keyof Format & ("rate" | "share" | "latency" | "throughput"), number, string][] = [
  ["rate", 0, "0 rps"],
  ["rate", 0.00001, "<0.001 rps"],
  ["rate", 0.0404, "0.04 rps"],
  ["rate", 0.0417, "0.042 rps"],
  ["rate", 1, "1 rps"],
  ["rate", 1.2345, "1.2 rps"],
  ["rate", 12.000000001, "12 rps"],
  ["rate", 99.4, "99 rps"],
  ["rate", 99.6, "100 rps"],
  ["rate", 345.4, "345 rps"],
  ["rate", 999.4, "999 rps"],
  ["rate", 999.6, "1k rps"],
  ["rate", 1234, "1.2k rps"],
  ["rate", 12_345, "12k rps"],
  ["rate", 2_500_000, "2.5M rps"],
  ["share", 0, "0%"],
  ["share", 0.0000001, "<0.1%"],
  ["share", 0.00099, "<0.1%"],
  ["share", 0.001, "0.1%"],
  ["share", 0.002, "0.2%"],
  ["share", 0.083, "8.3%"],
  ["share", 0.124, "12%"],
  ["share", 0.994, "99%"],
  ["share", 0.9999, ">99%"],
  ["share", 1, "100%"],
  ["share", 1.0000000001, "100%"],
  ["latency", 0, "0 ms"],
  ["latency", 0.00085, "850 µs"],
  ["latency", 0.0000001, "<1 µs"],
  ["latency", 0.018, "18 ms"],
  ["latency", 0.9996, "1 s"],
  ["latency", 1.2, "1.2 s"],
  ["latency", 90, "90 s"],
  ["latency", 3000, "50 min"],
  ["throughput", 0, "0 B/s"],
  ["throughput", 0.01, "<0.1 B/s"],
  ["throughput", 12, "12 B/s"],
  ["throughput", 1000, "1 kB/s"],
  ["throughput", 1024, "1 kB/s"],
  ["throughput", 1620, "1.6 kB/s"],
  ["throughput", 999_700, "1 MB/s"],
  ["throughput", 2.5e9, "2.5 GB/s"],
];

describe("numbers for people", () => {
  for (const [what, value, text] of cases) {
    it(`writes the ${what} ${value} as ${text}`, () => {
      assert.equal(format[what](value), text);
    });
  }

  it("writes received and sent in one unit where the smaller keeps its digits", () => {
    assert.equal(format.flow(1620, 900), "↓1.6 kB/s ↑0.9 kB/s");
  });

  it("gives each direction its own unit where they are far apart", () => {
    assert.equal(format.flow(1_600_000, 12), "↓1.6 MB/s ↑12 B/s");
  });

  it("says which direction has no data", () => {
    assert.equal(format.flow(null, 12), "↓– ↑12 B/s");
  });

  const durations: readonly [number, string][] = [
    [0, "0 s"],
    [0.5, "0.5 s"],
    [15, "15 s"],
    [60, "1 min"],
    [90, "90 s"],
    [300, "5 min"],
    [3600, "1 h"],
    [1_296_000, "15 d"],
  ];
  for (const [seconds, text] of durations) {
    it(`writes a setting of ${seconds} seconds exactly, as ${text}`, () => {
      assert.equal(format.duration(seconds), text);
    });
  }

  const ages: readonly [number, string][] = [
    [-5000, "0 s ago"],
    [999, "0 s ago"],
    [40_000, "40 s ago"],
    [119_999, "1 min ago"],
    [7_200_000, "2 h ago"],
    [432_000_000, "5 d ago"],
  ];
  for (const [milliseconds, text] of ages) {
    it(`says ${text} after ${milliseconds} ms`, () => {
      assert.equal(fill(format.ago(milliseconds)), text);
    });
  }

  it("groups the digits of counts", () => {
    assert.equal(format.count(12_345), "12,345");
  });

  const absent: readonly Quantity[] = [null, undefined, NaN, Infinity, -1];
  for (const value of absent) {
    it(`writes ${String(value)} as no data, never as 0`, () => {
      const texts = [format.rate, format.share, format.latency, format.throughput, format.count, format.duration];
      assert.deepEqual(new Set(texts.map((write) => write(value))), new Set([noData]));
    });
  }

  it("uses the digits and separators of the locale", () => {
    const german = createFormat("de");
    assert.deepEqual([german.rate(1234), german.throughput(1620)], ["1,2k rps", "1,6 kB/s"]);
  });

  for (const locale of ["C.UTF-8", "en_US", "", "<img>", "x".repeat(300)]) {
    it(`falls back to English for the locale ${JSON.stringify(locale.slice(0, 20))}`, () => {
      assert.equal(createFormat(locale).rate(1.25), "1.3 rps");
    });
  }
});

describe("properties of every number", () => {
  const kinds = {
    rate: fc.double({ min: 0, max: 1e11, noNaN: true }),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
    latency: fc.double({ min: 0, max: 1e6, noNaN: true }),
    throughput: fc.double({ min: 0, max: 1e17, noNaN: true }),
  };

  for (const what of ["rate", "share", "latency", "throughput"] as const) {
    it(`keeps the order of two values of ${what}`, () => {
      fc.assert(
        fc.property(kinds[what], kinds[what], (a, b) => {
          const [low, high] = a < b ? [a, b] : [b, a];
          return read(format[what](low)) <= read(format[what](high)) * (1 + 1e-12);
        }),
      );
    });

    it(`always ends a ${what} with its unit`, () => {
      fc.assert(fc.property(kinds[what], (value) => read(format[what](value)) >= 0));
    });

    it(`stays within 5% of the ${what} it was given, unless it says < or >`, () => {
      fc.assert(
        fc.property(kinds[what], (value) => {
          const text = format[what](value);
          return /[<>]/u.test(text) || Math.abs(read(text) - value) <= value * 0.05 + 1e-12;
        }),
      );
    });

    it(`writes at most two significant digits of a ${what} below 100`, () => {
      fc.assert(
        fc.property(kinds[what], (value) => {
          const digits = format[what](value).replaceAll(/[^\d.]/gu, "");
          return Number(digits) >= 100 || Number(Number(digits).toPrecision(2)) === Number(digits);
        }),
      );
    });
  }

  it("never says 0% of a share that is not zero", () => {
    fc.assert(fc.property(fc.double({ min: 5e-324, max: 1, noNaN: true }), (share) => format.share(share) !== "0%"));
  });

  it("never says 100% of a share that is not all", () => {
    const below = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(fc.property(below, (share) => format.share(share) !== "100%"));
  });
});

describe("what pods and nodes use", () => {
  const cases: readonly [keyof Pick<Format, "bytes" | "cores" | "perSecond" | "amount">, Quantity, string][] = [
    ["bytes", 0, "0 B"],
    ["bytes", 999, "999 B"],
    ["bytes", 1500, "1.5 kB"],
    ["bytes", 134_217_728, "134 MB"],
    ["bytes", 16e9, "16 GB"],
    ["bytes", 0.5, "<1 B"],
    ["bytes", undefined, noData],
    ["cores", 0, "0 cores"],
    ["cores", 1, "1 core"],
    ["cores", 0.25, "0.25 cores"],
    ["cores", 3.456, "3.5 cores"],
    ["cores", 0.0004, "<0.001 cores"],
    ["cores", NaN, noData],
    ["perSecond", 0, "0/s"],
    ["perSecond", 12.34, "12/s"],
    ["perSecond", 1234, "1.2k/s"],
    ["perSecond", 2_500_000, "2.5M/s"],
    ["amount", 7, "7"],
    ["amount", 1234, "1,234"],
    ["amount", 0.126, "0.13"],
    ["amount", -3, "-3"],
    ["amount", null, noData],
  ];
  for (const [form, value, text] of cases) {
    it(`says ${text} for ${String(value)} as ${form}`, () => assert.equal(format[form](value), text));
  }
});
