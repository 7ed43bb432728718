import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { eventually } from "./eventually.ts";
import { freePort } from "./freePort.ts";
import { startProgram } from "./startProgram.ts";

const server = (port: number) => `require("node:http").createServer((_, r) => r.end()).listen(${port}, "127.0.0.1")`;
const answers = (port: number) =>
  fetch(`http://127.0.0.1:${port}/`).then(
    () => true,
    () => false,
  );

describe("startProgram", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "foreyard-program-"));
  });
  after(() => rm(folder, { recursive: true }));

  const start = (script: string) =>
    startProgram({ command: process.execPath, args: ["-e", script], logFile: path.join(folder, "log") });

  it("is ready when the check says so, and gone after end()", async () => {
    const port = await freePort();
    const program = start(server(port));
    await program.ready(() => answers(port));
    await program.end();
    assert.equal(await answers(port), false);
  });

  it("fails at once with its last words where the program ends instead of becoming ready", async () => {
    const program = start('console.error("no such database"); process.exit(3)');
    await assert.rejects(
      program.ready(() => Promise.resolve(false)),
      /ended; its last words:\nno such database/,
    );
    assert.equal(await program.exited, 3);
  });

  it("ends the program when the process that started it is killed", async () => {
    const port = await freePort();
    const module = new URL("startProgram.ts", import.meta.url).href;
    const options = { command: process.execPath, args: ["-e", server(port)], logFile: path.join(folder, "log") };
    const script = `const { startProgram } = await import("${module}");
      startProgram(${JSON.stringify(options)}); setInterval(() => {}, 1000);`;
    const parent = spawn(process.execPath, ["--input-type=module", "-e", script], { stdio: "inherit" });
    await eventually("the program runs", () => answers(port));
    parent.kill("SIGKILL");
    await once(parent, "exit");
    await eventually("the program is gone", async () => !(await answers(port)));
  });
});
