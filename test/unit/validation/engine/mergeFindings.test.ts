import assert from "node:assert/strict";
import { test } from "node:test";
import { say } from "../../../../src/mesh/message.ts";
import { mergeFindings } from "../../../../src/mesh/validation/engine/mergeFindings.ts";
import type { RawFinding } from "../../../../src/mesh/validation/engine/runRules.ts";
import { matchesGlob, parseSuppressRule } from "../../../../src/mesh/validation/engine/suppression.ts";
import type { Layer } from "../../../../src/mesh/validation/finding.ts";
import { info } from "./testRules.ts";

function raw(layer: Layer, code: string, at: string, problem?: string): RawFinding {
  const codeInfo = info(code, "error");
  return {
    rule: { name: `${layer}-${code}`, layer, codes: [codeInfo], kinds: [], reads: [], check: () => [] },
    info: codeInfo,
    finding: { code, message: say("x"), path: ["spec", at], ...(problem === undefined ? {} : { problem }) },
  };
}

const told = (findings: readonly RawFinding[]) =>
  mergeFindings(findings).map(({ shown, also }) => [shown.info.code, ...also.map(({ code }) => code)].join("+"));

test("one cause is told by the earliest layer, with the codes of the others", () => {
  assert.deepEqual(told([raw("kiali", "KIA1101", "host", "p"), raw("analyzer", "IST0101", "host", "p")]), [
    "IST0101+KIA1101",
  ]);
});

test("other places, other problems and findings without a problem are kept apart", () => {
  const findings = [
    raw("analyzer", "A", "host", "p"),
    raw("kiali", "B", "port", "p"),
    raw("kiali", "C", "host", "q"),
    raw("foreyard", "D", "host"),
  ];
  assert.deepEqual(told(findings), ["A", "B", "C", "D"]);
});

test("two messages of one rule are never merged, unless they say the same at the same place", () => {
  const one = raw("analyzer", "A", "host", "p");
  const other = { ...one, finding: { ...one.finding, message: say("y") } };
  assert.deepEqual(told([one, other, one]), ["A", "A"]);
});

test("a suppression names a code and an object, with * and ?", () => {
  const rule = parseSuppressRule("ist0101=VirtualService */rev?ews");
  assert.ok(rule);
  assert.equal(rule.code, "IST0101");
  assert.equal(rule.matches("VirtualService shop/reviews"), true);
  assert.equal(rule.matches("VirtualService shop/reviewers"), false);
  assert.equal(parseSuppressRule("IST0101"), undefined);
});

test("a pattern of many stars ends soon", () => {
  assert.equal(matchesGlob(`${"*a".repeat(200)}b`, "a".repeat(5000)), false);
});
