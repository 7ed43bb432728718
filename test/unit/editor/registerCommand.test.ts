import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { MeshError } from "../../../src/mesh/meshError.ts";
import { say } from "../../../src/mesh/message.ts";
import { fake } from "./support/useFakeVscode.ts";

const { registerCommand } = await import("../../../src/editor/commands/registerCommand.ts");

const logged: string[] = [];
const log = {
  debug: () => undefined,
  info: () => undefined,
  error: (what: string) => void logged.push(what),
  show: () => undefined,
  dispose: () => undefined,
};

beforeEach(() => {
  fake.shown.length = 0;
  logged.length = 0;
});

async function run(work: (...args: readonly unknown[]) => unknown, ...args: readonly unknown[]): Promise<unknown> {
  const command = registerCommand(log, "foreyard.refresh", work);
  const result: unknown = await fake.registeredCommands.get("foreyard.refresh")?.(...args);
  command.dispose();
  return result;
}

test("a command gets all its arguments and its caller gets its result", async () => {
  assert.deepEqual(await run((...args) => args.length, 1, 2, 3), 3);
});

test("C9: a failure that is expected is shown in its own words with what to do", async () => {
  await run(() => {
    throw new MeshError("forbidden", say("Cannot list {0}: forbidden.", "pods"), { hint: say("Ask for {0}.", "list") });
  });
  assert.deepEqual(fake.shown, [{ kind: "error", text: "Cannot list pods: forbidden. Ask for list." }]);
  assert.equal(logged.length, 1);
});

test("C9: a bug is named as one, and its text stays in the log", async () => {
  await run(() => Promise.reject(new TypeError("x is undefined")));
  assert.equal(fake.shown.length, 1);
  assert.doesNotMatch(fake.shown[0]?.text ?? "", /x is undefined/);
});

test("what was cancelled shows nothing", async () => {
  await run(() => Promise.reject(new DOMException("gone", "AbortError")));
  assert.deepEqual([fake.shown, logged], [[], []]);
});
