import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { complete } from "../../../../../src/mesh/topology/find/complete.ts";
import { isFindError } from "../../../../../src/mesh/topology/find/expression.ts";
import { hiddenBy, marksOf } from "../../../../../src/mesh/topology/find/marks.ts";
import { parseFind } from "../../../../../src/mesh/topology/find/parseFind.ts";
import { aGraph, aNode, anEdge } from "../smallGraph.ts";

const graph = aGraph(
  [aNode("a"), aNode("\u202e<b>", { labels: { constructor: "x" } })],
  [anEdge(0, 1, { rps: 1 }), anEdge(1, 1)],
);

const pieces = fc.constantFrom(
  ...["name", "ns", "rt.p95", "http.errors", "label.constructor", "from.name", "to.", "healthy", "toString", "is"],
  ...[
    "and",
    "or",
    "not",
    "(",
    ")",
    "=",
    "!=",
    ">",
    "*=",
    "!*=",
    "!",
    "&&",
    "||",
    "'",
    '"',
    "\\",
    "500ms",
    "1%",
    "%",
    "a b",
    "",
    ".",
  ],
);
const anyText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 60 }),
  fc.array(pieces, { maxLength: 14 }).map((parts) => parts.join(" ")),
  fc.array(pieces, { maxLength: 14 }).map((parts) => parts.join("")),
);

describe("any text", () => {
  it("is an expression that marks something or nothing, or an error at a place in it", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const result = parseFind(text);
        if (isFindError(result)) {
          assert.ok(result.at >= 0 && result.at <= text.length, String(result.at));
          return;
        }
        for (const { nodes, edges } of [marksOf(result, graph), hiddenBy(result, graph)]) {
          assert.ok([...nodes].every((node) => node < 2) && [...edges].every((edge) => edge < 2));
        }
      }),
      { numRuns: 2000 },
    );
  });

  it("can be completed at any place", () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: -5, max: 70 }), (text, caret) => {
        const { from, words } = complete(text, caret, graph);
        assert.ok(from >= 0 && from <= text.length);
        assert.ok(words.every((word) => word !== ""));
      }),
      { numRuns: 1000 },
    );
  });

  it("may be very long or deep", () => {
    for (const text of [
      "(".repeat(1999),
      "not ".repeat(499),
      "!".repeat(1999),
      "a".repeat(100_000),
      "((((".repeat(100_000),
    ]) {
      assert.ok(isFindError(parseFind(text)));
    }
  });
});
