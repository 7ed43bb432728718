import assert from "node:assert/strict";
import { test } from "node:test";
import { say } from "../../../src/mesh/message.ts";
import "./support/useFakeVscode.ts";

const { windowReport } = await import("../../../src/editor/doctor.ts");
const { nothingYet } = await import("../../../src/editor/situation.ts");

const noContexts = { files: ["/home/me/.kube/config"], currentContext: "staging", contexts: [], problems: [] };
const facts = {
  ...{ surroundings: { Foreyard: "0.1.0" }, contexts: noContexts, situation: nothingYet, live: undefined, tried: [] },
  ...{ takenAt: 0, locale: "en" },
};

test("O4: a window that is not connected still tells versions and where kubeconfigs were looked for", () => {
  const report = windowReport(facts);
  assert.match(report, /^# Foreyard: Doctor\n/);
  assert.match(report, /\*\*Foreyard\*\*: 0\.1\.0\n/);
  assert.match(report, /\/home\/me\/\.kube\/config/);
  assert.match(report, /\*\*Connected\*\*: no\n/);
});

test("O4: what the window is pinned to stands beside kubectl's current context, and what vanished is named", () => {
  const situation = { ...nothingYet, contexts: ["prod-eu"], gone: ["prod-eu"] };
  const report = windowReport({ ...facts, situation });
  assert.match(report, /\*\*Pinned to\*\*: prod-eu\n/);
  assert.match(report, /\*\*Current context\*\*: staging\n/);
  assert.match(report, /✗ No longer in the kubeconfig\*\*: prod-eu\n/);
});

test("O4: secrets that a server or a file put into a text are removed", () => {
  const problems = [say("{0} failed", "https://me:hunter2@10.0.0.1 with Authorization: Bearer abc_def.ghi")];
  const report = windowReport({ ...facts, contexts: { ...noContexts, problems } });
  assert.doesNotMatch(report, /hunter2|abc.?_def/);
});
