import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { AnswerDecoder } from "../../../../src/sources/prometheus/decoding/answerDecoder.ts";
import { SeriesColumns, type TimeGrid } from "../../../../src/sources/prometheus/decoding/seriesColumns.ts";

interface Decoded {
  readonly rows: readonly (readonly [labels: Readonly<Record<string, string>>, values: readonly number[]])[];
  readonly unreadable: number;
  readonly envelope: string;
  readonly isCutOff: boolean;
}

/** Decodes pieces of so many bytes; the last size is used for what remains. */
function decode(text: string, sizes: readonly number[], wanted: readonly string[], grid?: TimeGrid): Decoded {
  const columns = grid ? new SeriesColumns(wanted, grid) : new SeriesColumns(wanted);
  const decoder = new AnswerDecoder(columns);
  const bytes = Buffer.from(text, "utf8");
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const size = sizes[Math.min(i, sizes.length - 1)] ?? bytes.length;
    decoder.push(bytes.subarray(at, at + size));
    while (decoder.advance(64));
    at += size;
  }
  const { text: envelope, isCutOff } = decoder.finish();
  const { length, labels, strings, values } = columns.table();
  const times = columns.grid.count;
  const rows = Array.from({ length }, (_, row) => {
    const told = wanted.map((label): [string, string] => [label, strings[labels.get(label)?.[row] ?? 0] ?? ""]);
    return [Object.fromEntries(told), [...values.slice(row * times, (row + 1) * times)]] as const;
  });
  return { rows, unreadable: decoder.unreadable, envelope, isCutOff };
}

function vector(...series: readonly string[]): string {
  return `{"status":"success","data":{"resultType":"vector","result":[${series.join(",")}]}}`;
}

const good = '{"metric":{"a":"x","b":"y"},"value":[1700000000.5,"2.5"]}';

const spaces = fc.constantFrom("", "", "", " ", "\n", "\t \r\n");
const hardText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 12 }),
  fc.constantFrom('{"metric":{', '"}],[{', "\\", '\\"', "€", "😀", "]}]}", "", 'value":[1,"2"]'),
);
const labelName = fc.constantFrom("a", "b", "metric", "value", "a\u0000", "__name__", "ä");
const numberText = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc.constantFrom("NaN", "+Inf", "-Inf", "Inf", "0", "1e-07", "", "abc", "1,5"),
);

/** JSON of a string in which some characters are escaped that need not be. */
function jsonText(text: string, mask: number): string {
  const escaped = (character: string): string =>
    Array.from({ length: character.length }, (_, i) => character.charCodeAt(i).toString(16).padStart(4, "0"))
      .map((code) => `\\u${code}`)
      .join("");
  const characters = Array.from(text, (character, i) => {
    return (mask >> (i % 31)) & 1 ? escaped(character) : JSON.stringify(character).slice(1, -1);
  });
  return `"${characters.join("")}"`;
}

const looseSeries = fc
  .record({
    labels: fc.array(fc.tuple(labelName, hardText, fc.constantFrom(0, 0, 0, 0x5a5a5a5)), { maxLength: 5 }),
    value: numberText,
    space: spaces,
    valueFirst: fc.boolean(),
    oddity: fc.constantFrom("", "", "", "", "", "null", "7", '"{"', "{}", "[[]]", '{"metric":{},"histogram":[]}'),
  })
  .map(({ labels, value, space, valueFirst, oddity }) => {
    if (oddity !== "") return oddity;
    const metric = labels.map(
      ([name, text, mask]) => `${jsonText(name, mask)}${space}:${space}${jsonText(text, mask)}`,
    );
    const parts = [
      `"metric"${space}:${space}{${space}${metric.join(`${space},${space}`)}${space}}`,
      `"value"${space}:${space}[${space}1700000000${space},${space}${jsonText(value, 0)}${space}]`,
    ];
    if (valueFirst) parts.reverse();
    return `{${space}${parts.join(`${space},${space}`)}${space}}`;
  });

const looseAnswer = fc
  .record({
    series: fc.array(looseSeries, { maxLength: 8 }),
    space: spaces,
    warnings: fc.array(hardText, { maxLength: 2 }),
    statusFirst: fc.boolean(),
    typeFirst: fc.boolean(),
  })
  .map(({ series, space, warnings, statusFirst, typeFirst }) => {
    const data = ['"resultType":"vector"', `"result":${space}[${space}${series.join(`${space},${space}`)}${space}]`];
    if (!typeFirst) data.reverse();
    const parts = [
      '"status":"success"',
      `"data"${space}:${space}{${data.join(`,${space}`)}}`,
      `"warnings":${JSON.stringify(warnings)}`,
      '"stats":{"data":{"result":[1,{"x":[]}]}}',
    ];
    if (!statusFirst) parts.reverse();
    return `${space}{${parts.join(`${space},`)}}${space}`;
  });

/** What JSON.parse makes of the same answer. */
function expected(text: string, wanted: readonly string[]): Pick<Decoded, "rows" | "unreadable"> {
  const { result } = (JSON.parse(text) as { data: { result: readonly unknown[] } }).data;
  const special: Readonly<Record<string, number>> = { NaN, "+Inf": Infinity, Inf: Infinity, "-Inf": -Infinity };
  const rows: [Record<string, string>, readonly number[]][] = [];
  for (const element of result) {
    const { metric, value } = (element ?? {}) as { metric?: Record<string, string>; value?: [number, string] };
    if (!metric || !value) continue;
    const number = special[value[1]] ?? (/^[-+]?\d/.test(value[1]) ? Number(value[1]) : NaN);
    if (Number.isNaN(number) && value[1] !== "NaN") continue;
    rows.push([Object.fromEntries(wanted.map((label) => [label, metric[label] ?? ""])), [number]]);
  }
  return { rows, unreadable: result.length - rows.length };
}

describe("an answer that is read while it comes", () => {
  it("holds what JSON.parse finds in it, wherever the pieces are cut", () => {
    fc.assert(
      fc.property(looseAnswer, fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }), (text, sizes) => {
        const wanted = ["a", "metric", "ä"];
        const { rows, unreadable, envelope, isCutOff } = decode(text, sizes, wanted);
        assert.deepEqual({ rows, unreadable }, expected(text, wanted));
        assert.equal(isCutOff, false);
        const whole = JSON.parse(text) as { data: { result: unknown } };
        whole.data.result = [];
        assert.deepEqual(JSON.parse(envelope), whole);
      }),
      { numRuns: 1500 },
    );
  });

  it("never throws, whatever comes", () => {
    const anything = fc.oneof(fc.string({ unit: "binary" }), fc.json());
    const broken = fc.tuple(looseAnswer, fc.nat(400), fc.constantFrom('"', "{", "}", "]", "\\", "\u0000", ""));
    const cut = broken.map(([text, at, junk]) => text.slice(0, at) + junk + text.slice(at + 1));
    fc.assert(
      fc.property(fc.oneof(anything, cut), fc.integer({ min: 1, max: 64 }), (text, size) => {
        decode(text, [size], ["a"]);
      }),
      { numRuns: 1500 },
    );
  });

  const wounds: readonly (readonly [what: string, series: string])[] = [
    ["a value that is no number", '{"metric":{"a":"bad"},"value":[1,"many"]}'],
    ["no value", '{"metric":{"a":"bad"}}'],
    ["labels that are no texts", '{"metric":{"a":7},"value":[1,"2"]}'],
    ["a line break inside a text", '{"metric":{"a":"b\nd"},"value":[1,"2"]}'],
    ["a missing comma", '{"metric":{"a":"bad" "b":"y"},"value":[1,"2"]}'],
    ["a text that is never closed", '{"metric":{"a":"bad},"value":[1,"2"]}'],
    ["a text that ends too early", '{"metric":{"a":"b"ad"},"value":[1,"2"]}'],
    ["a brace that is never closed", '{"metric":{"a":"bad","value":[1,"2"]'],
    ["native histograms", '{"metric":{"a":"bad"},"histogram":[1,{"count":"2","sum":"3"}]}'],
    ["null", "null"],
  ];
  for (const [what, series] of wounds) {
    it(`leaves out one series and keeps the others where there is ${what}`, () => {
      for (const size of [1, 7, 1000]) {
        const { rows, unreadable, isCutOff } = decode(vector(good, series, good, good), [size], ["a", "b"]);
        assert.equal(unreadable, 1);
        assert.deepEqual(rows, Array(3).fill([{ a: "x", b: "y" }, [2.5]]));
        assert.equal(isCutOff, false);
      }
    });
  }

  it("keeps the others where the last series is never closed", () => {
    const { rows, unreadable, isCutOff } = decode(vector(good, '{"metric":{"a":"b"ad"},"value":[1,"2"]}'), [5], ["a"]);
    assert.deepEqual([rows.length, unreadable, isCutOff], [1, 1, false]);
  });

  it("is known to be cut off, wherever inside the series", () => {
    const text = vector(good, good);
    const first = text.indexOf(good);
    const last = text.lastIndexOf("]}}");
    for (let length = first + 1; length < last; length++) {
      assert.equal(decode(text.slice(0, length), [9], ["a"]).isCutOff, true, text.slice(0, length));
    }
  });

  it("may be something else, which is then given back as it is", () => {
    const page = "<html><body>Sign in, {please}: [here]</body></html>";
    assert.deepEqual(decode(page, [3], ["a"]), { rows: [], unreadable: 0, envelope: page, isCutOff: false });
  });

  it("puts the points of a range where their times belong, and NaN where there is none", () => {
    const series =
      '{"metric":{"a":"x"},"values":[[100,"1"],[130.0,"3"],[145,"NaN"],[999,"7"]]},{"values":[],"metric":{"a":"z"}}';
    const text = vector(series).replace('"vector"', '"matrix"');
    const { rows } = decode(text, [11], ["a"], { first: 100, step: 15, count: 4 });
    assert.deepEqual(rows, [
      [{ a: "x" }, [1, NaN, 3, NaN]],
      [{ a: "z" }, [NaN, NaN, NaN, NaN]],
    ]);
  });

  it("keeps each text once", () => {
    const columns = new SeriesColumns(["a"]);
    const decoder = new AnswerDecoder(columns);
    const series = Array.from({ length: 5000 }, (_, i) => `{"metric":{"a":"name ${i % 900}"},"value":[1,"${i}"]}`);
    decoder.push(Buffer.from(vector(...series)));
    decoder.finish();
    const { strings, length, values } = columns.table();
    assert.deepEqual([length, strings.length, new Set(strings).size, values[4999]], [5000, 901, 901, 4999]);
  });
});
