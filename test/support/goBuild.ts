import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, readdir, rename, rm, stat, utimes } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { withLock } from "./buildLock.ts";
import { lastLines, startProgram } from "./startProgram.ts";

/** A program of a test, or the reason why it cannot be had here, to be given to node:test as `skip`. */
export type Built = { readonly binary: string; readonly skip: false } | { readonly skip: string };

export interface GoModule {
  /** What the binary is called in the cache. */
  readonly name: string;
  /** The folder with go.mod. */
  readonly folder: URL;
  /** The package to build; the folder itself by default. */
  readonly target?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Where what takes long to make is kept between runs, outside the work tree. */
export function cacheFolder(): string {
  return process.env["FOREYARD_CACHE"] ?? path.join(homedir(), ".cache", "foreyard");
}

/** A reason to skip for people, an error where `CI=true`: a machine that tests for everybody must have it all. */
export function missing(reason: string): { readonly skip: string } {
  if (process.env["CI"] === "true") throw new Error(`${reason} With CI=true that is an error.`);
  return { skip: reason };
}

/** Builds a Go module, or takes what an earlier run built from the same sources with the same Go. */
export async function goBuild(module: GoModule): Promise<Built> {
  const folder = fileURLToPath(module.folder);
  const version = await goVersion(folder);
  if (version === undefined) return missing(`Go is not installed, so ${module.name} cannot be built.`);

  const cache = cacheFolder();
  await mkdir(cache, { recursive: true });
  const how = JSON.stringify([version, module.target, module.env]);
  const binary = path.join(cache, `${module.name}-${await hashOf(folder, how)}`);
  if (!existsSync(binary)) {
    await withLock(path.join(cache, "go-build.lock"), async () => {
      if (!existsSync(binary)) await build(module, folder, binary);
    });
  }
  await utimes(binary, new Date(), new Date()); // in use: see forgetOldBuilds
  return { binary, skip: false };
}

async function build(module: GoModule, folder: string, binary: string): Promise<void> {
  const unfinished = `${binary}.${process.pid}`;
  const logFile = path.join(cacheFolder(), `${module.name}.log`);
  await rm(logFile, { force: true });
  const program = startProgram({
    command: "go",
    // Without -trimpath: it has a build cache of its own, in which everything would be compiled again.
    args: ["build", "-ldflags=-s -w", "-o", unfinished, module.target ?? "."],
    cwd: folder,
    logFile,
    ...(module.env === undefined ? {} : { env: module.env }),
  });
  const said = setTimeout(() => console.error(`Building ${module.name} (see ${logFile}) ...`), 5000);
  const code = await program.exited;
  clearTimeout(said);
  if (code !== 0) throw new Error(`go build of ${module.name} failed (${logFile}):\n${lastLines(logFile)}`);
  await rename(unfinished, binary);
  await forgetOldBuilds(module.name);
}

/** Keeps the three binaries of this name that were used last: each change of the sources makes one of up to 170 MB. */
async function forgetOldBuilds(name: string): Promise<void> {
  const cache = cacheFolder();
  const files = (await readdir(cache)).filter((file) => /^[0-9a-f]{16}$/.test(file.slice(name.length + 1)));
  const builds = files.filter((file) => file.startsWith(`${name}-`)).map((file) => path.join(cache, file));
  const used = await Promise.all(builds.map(async (file) => ({ file, usedAt: (await stat(file)).mtimeMs })));
  const old = used.sort((a, b) => b.usedAt - a.usedAt).slice(3);
  await Promise.all(old.map(({ file }) => rm(file, { force: true })));
}

async function goVersion(folder: string): Promise<string | undefined> {
  try {
    // In the module's folder, because its go.mod may choose a newer toolchain than the one installed.
    return (await promisify(execFile)("go", ["version"], { cwd: folder })).stdout.trim();
  } catch {
    return undefined;
  }
}

async function hashOf(folder: string, how: string): Promise<string> {
  const hash = createHash("sha256").update(how);
  const files = await readdir(folder);
  for (const file of files.filter((name) => /\.go$|^go\.(mod|sum)$/.test(name)).sort()) {
    hash.update(`\0${file}\0`).update(await readFile(path.join(folder, file)));
  }
  return hash.digest("hex").slice(0, 16);
}
