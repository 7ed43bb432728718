import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { load } from "js-yaml";
import { parseCommandLine } from "../../../src/cli/commandLine.ts";

const root = path.join(import.meta.dirname, "../../..");
const read = (file: string): unknown => load(readFileSync(path.join(root, file), "utf8"));

test("the Action runs in steps of its own and takes its inputs as data, never as text of a script", () => {
  const action = read(".github/actions/analyze/action.yml") as {
    readonly inputs: Readonly<Record<string, { readonly default: string }>>;
    readonly runs: { readonly using: string; readonly steps: readonly { readonly run?: string }[] };
  };
  assert.equal(action.runs.using, "composite");
  assert.deepEqual(Object.keys(action.inputs), ["paths", "format", "output", "fail-on", "args"]);
  for (const { run = "" } of action.runs.steps) assert.doesNotMatch(run, /\$\{\{/u);
});

test("the pre-commit hook calls a command line that Foreyard understands", () => {
  const [hook] = read(".pre-commit-hooks.yaml") as readonly { readonly language: string; readonly entry: string }[];
  assert.equal(hook?.language, "node");
  const [program, ...args] = hook.entry.split(" ");
  assert.equal(program, "foreyard");
  const command = parseCommandLine([...args, "k8s/a.yaml"]);
  assert.equal(command.name, "analyze");
});
