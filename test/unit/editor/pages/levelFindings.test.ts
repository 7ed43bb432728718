import assert from "node:assert/strict";
import { test } from "node:test";
import type { LevelReading } from "../../../../src/mesh/drilldown/level.ts";
import { fill, say } from "../../../../src/mesh/message.ts";
import type { Finding } from "../../../../src/mesh/validation/finding.ts";
import "../support/useFakeVscode.ts";

const { withFindings } = await import("../../../../src/editor/pages/levelFindings.ts");

const reading = {
  findings: [{ severity: "warning", words: say("no sidecar"), ref: undefined }],
} as unknown as LevelReading;

function found(index: number): Finding {
  const object = {
    cluster: "c1",
    namespace: "shop",
    name: `rule-${index}`,
    object: { apiVersion: "networking.istio.io/v1", kind: "VirtualService" },
  };
  return {
    severity: "hint",
    code: `IST${index}`,
    message: say("host {0} is unknown", "a"),
    object,
  } as unknown as Finding;
}

test("a level lists what validation found after what is amiss by itself, with its code and a way to the object", () => {
  const { findings } = withFindings(reading, [found(1)]);
  assert.deepEqual(
    findings.map(({ severity, words, ref }) => [severity, fill(words), ref?.name]),
    [
      ["warning", "no sidecar", undefined],
      ["info", "host a is unknown (IST1)", "rule-1"],
    ],
  );
});

test("a level with very many findings lists the first and says how many more there are", () => {
  const { findings } = withFindings(
    reading,
    Array.from({ length: 30 }, (_, index) => found(index)),
  );
  assert.equal(findings.length, 22);
  const last = findings.at(-1);
  assert.equal(last && fill(last.words), "and 10 more findings");
});
