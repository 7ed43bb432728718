import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parser } from "@prometheus-io/lezer-promql";
import fc from "fast-check";
import { factsQuery, namesQuery } from "../../../src/sources/prometheus/queries/capabilityProbe.ts";
import { requestsQuery, tcpQuery } from "../../../src/sources/prometheus/queries/istioQueries.ts";
import { latencyQuery, pinnedLatencyQuery } from "../../../src/sources/prometheus/queries/latencyQueries.ts";
import {
  equal,
  literalRegex,
  marked,
  oneOf,
  quoted,
  select,
  type Matcher,
} from "../../../src/sources/prometheus/queries/promql.ts";

function mistakes(query: string): readonly string[] {
  const found: string[] = [];
  parser.parse(query).iterate({
    enter: ({ type, from, to }) => {
      if (type.isError) found.push(query.slice(Math.max(0, from - 20), to + 20));
    },
  });
  return found;
}

const hostileText = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.constantFrom(
    '"',
    "\\",
    "\n",
    '"} or vector(1) #',
    "\\\\",
    "\u0000",
    "`",
    "a|b",
    ".*",
    "$1",
    "\u2028",
    "[x](y){z}",
  ),
);
const scopes = ["service", "workload"] as const;

/** Every query that is ever sent, for these namespaces and matchers. */
function everyQuery(namespaces: readonly string[] | undefined, always: readonly Matcher[]): readonly string[] {
  const [name = "ingress"] = namespaces ?? [];
  const summary = { windowSeconds: 60, namespaces, gateways: [{ namespace: name, name }], always };
  return [
    ...scopes.flatMap((scope) => [
      requestsQuery(scope, summary),
      latencyQuery(scope, summary),
      pinnedLatencyQuery(scope, summary, 1_700_000_000).query,
      tcpQuery(scope, summary),
    ]),
    namesQuery(always),
    factsQuery(always),
  ];
}

/** Reads a double-quoted string of PromQL back, by Go's rules as far as they are used. */
function unquoted(text: string): string {
  return text
    .slice(1, -1)
    .replace(/\\(?:u([0-9a-f]{4})|(.))/gs, (_, code: string | undefined, character: string) =>
      code === undefined ? (character === "n" ? "\n" : character) : String.fromCharCode(parseInt(code, 16)),
    );
}

describe("the text of queries", () => {
  it("parses for all namespaces and for some", () => {
    for (const namespaces of [undefined, ["shop"], ["a", "b.c"]]) {
      assert.deepEqual(everyQuery(namespaces, []).flatMap(mistakes), []);
    }
  });

  it("parses whatever namespaces and label values are called", () => {
    fc.assert(
      fc.property(fc.array(hostileText, { minLength: 1, maxLength: 3 }), hostileText, (namespaces, value) => {
        assert.deepEqual(everyQuery(namespaces, [equal("tenant", value)]).flatMap(mistakes), []);
      }),
      { numRuns: 30 },
    );
  });

  it("keeps a hostile value inside its string", () => {
    fc.assert(
      fc.property(hostileText, (value) => {
        const text = quoted(value);
        assert.deepEqual([mistakes(text), unquoted(text)], [[], value]);
        assert.doesNotMatch(text.slice(1, -1), /^"|[^\\](?:\\\\)*"|\n/);
      }),
    );
  });

  it("matches a value by a regular expression only literally", () => {
    fc.assert(
      fc.property(hostileText, hostileText, (value, other) => {
        const pattern = new RegExp(`^(?:${literalRegex(value)})$`, "s");
        assert.deepEqual([pattern.test(value), pattern.test(other)], [true, value === other]);
      }),
    );
  });

  it("escapes what regular expressions and strings mean twice", () => {
    assert.equal(select("up", [oneOf("ns", ["a.b", 'c"d'])]), 'up{ns=~"a\\\\.b|c\\"d"}');
  });

  it("puts no reference to a group into a fixed label", () => {
    assert.equal(marked("up", "fact", "$1"), 'label_replace(up,"fact","$$1","","")');
  });

  it("asks a number of questions that does not depend on the mesh", () => {
    const names = Array.from({ length: 500 }, (_, i) => `namespace-${i}`);
    assert.equal(everyQuery(names, []).length, everyQuery(["one"], []).length);
  });
});
