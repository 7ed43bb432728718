import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { fitColumns } from "../../src/cli/fitColumns.ts";
import { runCommand } from "../../src/cli/runCommand.ts";
import { table, type Column } from "../../src/cli/table.ts";
import type { Terminal } from "../../src/cli/terminal.ts";
import { fill } from "../../src/mesh/message.ts";
import { displayWidth } from "../../src/cli/displayWidth.ts";

const columns: readonly Column[] = ["NAME", "KIND", "HEALTH", "SENT"].map((title) => ({ title, align: "left" }));
const rows = [["a-long-name", "Service", "ok", "–"].map((text) => ({ text }))];
// 11 + 7 + 6 + 4 and three gaps of 2.
const whole = 34;

function left(room: number | undefined, spare = ["SENT", "KIND"]): readonly string[] {
  return fitColumns(columns, rows, spare, room).columns.map(({ title }) => title);
}

describe("columns in a terminal", () => {
  it("all stay where no terminal limits them", () => assert.deepEqual(left(undefined).length, 4));
  it("all stay where they just fit", () => assert.deepEqual(left(whole).length, 4));
  it("go one by one, in the order given, until the rest fits", () => {
    assert.deepEqual(left(whole - 1), ["NAME", "KIND", "HEALTH"]);
    assert.deepEqual(left(whole - 7), ["NAME", "HEALTH", "SENT"]);
    assert.deepEqual(left(19), ["NAME", "HEALTH"]);
  });
  it("stay where they are no spare ones, however narrow it is", () => assert.deepEqual(left(5), ["NAME", "HEALTH"]));
  it("take the cells of their rows with them, and are named", () => {
    const { rows: kept, leftOut } = fitColumns(columns, rows, ["KIND", "SENT"], 19);
    assert.deepEqual(kept, [[{ text: "a-long-name" }, { text: "ok" }]]);
    assert.deepEqual(leftOut, ["KIND", "SENT"]);
  });
  it("make lines as wide as the room at most", () => {
    const fitting = fitColumns(columns, rows, ["SENT", "KIND"], 30);
    const lines = table(fitting.columns, fitting.rows, false).split("\n");
    assert.ok(lines.every((line) => displayWidth(line) <= 30));
  });
});

describe("foreyard list in a terminal of 80 columns", () => {
  for (const what of ["meshes", "services", "workloads"]) {
    it(`prints ${what} of the demo in lines that fit, and names what is left out`, async () => {
      let out = "";
      const notes: string[] = [];
      const terminal: Terminal = {
        isColoured: false,
        columns: 80,
        locale: "en",
        print: (text) => Promise.resolve(void (out += text)),
        note: (message) => notes.push(fill(message)),
        fail: ({ words }) => assert.fail(fill(words)),
      };
      const log = { debug: () => undefined, info: () => undefined, error: () => undefined };
      const code = await runCommand(["list", what, "--demo"], terminal, log, new AbortController().signal);
      assert.equal(code, 0);
      assert.ok(out.includes("HEALTH"));
      for (const line of out.split("\n")) assert.ok(displayWidth(line) <= 80, line);
      const said = what === "meshes" ? [] : [/^Left out for lack of room: KIND, .*RECEIVED, SENT.*\. A wider terminal/];
      assert.equal(notes.length, said.length);
      for (const [i, pattern] of said.entries()) assert.match(notes[i] ?? "", pattern);
    });
  }
});
