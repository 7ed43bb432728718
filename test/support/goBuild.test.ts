import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import { withLock } from "./buildLock.ts";
import { goBuild, type GoModule } from "./goBuild.ts";
import { findOnPath } from "./metricsEngine.ts";
import { output } from "./programOutput.ts";

const hello = 'package main\n\nfunc main() { println("hello") }\n';
const environment = { ...process.env };

let folder: string;
let module: GoModule;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "foreyard-go-"));
  process.env["FOREYARD_CACHE"] = path.join(folder, "cache");
  const source = path.join(folder, "source");
  await mkdir(source);
  await writeFile(path.join(source, "go.mod"), "module hello\n\ngo 1.21\n");
  await writeFile(path.join(source, "main.go"), hello);
  module = { name: "hello", folder: pathToFileURL(`${source}/`) };
});
afterEach(async () => {
  process.env = { ...environment };
  await rm(folder, { recursive: true });
});

async function binaryOf(it: GoModule): Promise<string> {
  const built = await goBuild(it);
  assert.ok(built.skip === false);
  return built.binary;
}

describe("goBuild", { skip: findOnPath("go") === undefined && "Go is not installed" }, () => {
  it("gives a program that runs", async () => {
    await output(await binaryOf(module), []);
  });

  it("takes the same binary again while the sources are the same", async () => {
    const first = await binaryOf(module);
    const { ino } = await stat(first);
    assert.equal(await binaryOf(module), first);
    assert.equal((await stat(first)).ino, ino);
  });

  it("builds anew when a source changes", async () => {
    const first = await binaryOf(module);
    await writeFile(new URL("main.go", module.folder), hello.replace("hello", "goodbye"));
    assert.notEqual(await binaryOf(module), first);
  });

  it("keeps the three builds that were used last", async () => {
    const builds: string[] = [];
    for (const word of ["one", "two", "three", "four"]) {
      await writeFile(new URL("main.go", module.folder), hello.replace("hello", word));
      const binary = await binaryOf(module);
      builds.push(path.basename(binary));
      const usedAt = new Date(Date.UTC(2026, 0, builds.length));
      await utimes(binary, usedAt, usedAt);
    }
    const files = await readdir(path.join(folder, "cache"));
    assert.deepEqual(files.filter((file) => builds.includes(file)).sort(), builds.slice(1).sort());
  });

  it("builds once for two that ask at the same time", async () => {
    const [one, two] = await Promise.all([binaryOf(module), binaryOf(module)]);
    assert.equal(one, two);
    const files = await readdir(path.join(folder, "cache"));
    assert.deepEqual(
      files.filter((file) => file.startsWith("hello-")),
      [path.basename(one)],
    );
  });

  it("says what the compiler said, and leaves no binary", async () => {
    await writeFile(new URL("main.go", module.folder), "package main\n\nfunc main() { undefinedName() }\n");
    await assert.rejects(goBuild(module), /undefined: undefinedName/);
    assert.deepEqual(await readdir(path.join(folder, "cache")), ["hello.log"]);
  });
});

describe("goBuild without Go", () => {
  it("gives people a reason to skip", async () => {
    process.env["PATH"] = folder;
    delete process.env["CI"];
    assert.match((await goBuild(module)).skip || "", /^Go is not installed/);
  });

  it("is an error in CI", async () => {
    process.env["PATH"] = folder;
    process.env["CI"] = "true";
    await assert.rejects(goBuild(module), /Go is not installed.*CI=true/);
  });
});

describe("withLock", () => {
  it("lets one work at a time", async () => {
    const lock = path.join(folder, "lock");
    let working = 0;
    const work = async () => {
      working++;
      await stat(lock);
      assert.equal(working, 1);
      working--;
    };
    await Promise.all([withLock(lock, work), withLock(lock, work), withLock(lock, work)]);
  });

  it("takes over what a process that died left behind", async () => {
    const lock = path.join(folder, "lock");
    await mkdir(lock);
    const longAgo = new Date(Date.now() - 60_000);
    await utimes(lock, longAgo, longAgo);
    assert.equal(await withLock(lock, () => Promise.resolve("done")), "done");
  });

  it("is free again after work that failed", async () => {
    const lock = path.join(folder, "lock");
    await assert.rejects(
      withLock(lock, () => Promise.reject(new Error("broken"))),
      /broken/,
    );
    assert.equal(await withLock(lock, () => Promise.resolve("done")), "done");
  });
});
