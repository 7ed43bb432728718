import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const entry = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface Running {
  readonly ended: Promise<Ended>;
  /** Resolves when stdout holds this many lines. */
  lines(count: number): Promise<readonly string[]>;
  stop(signal: "SIGINT" | "SIGTERM"): void;
  /** Closes our end of its stdout. */
  closeOutput(): void;
}

export interface CliEnvironment {
  readonly env?: Readonly<Record<string, string>>;
  /** Program and arguments before the entry's own; this Node unless given. */
  readonly node?: string;
}

/** The command-line tool as a real process, with an empty home folder and no environment but what a test gives it. */
export function startCli(args: readonly string[], home: string, { env = {}, node }: CliEnvironment = {}): Running {
  const child = spawn(node ?? process.execPath, [entry, ...args], {
    env: { PATH: process.env["PATH"], HOME: home, USERPROFILE: home, LANG: "en_US.UTF-8", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [out, err] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (err += text));
  const ended = once(child, "close").then(([code]): Ended => ({ code: code as number | null, out, err }));
  return {
    ended,
    async lines(count) {
      while (out.split("\n").length <= count) await Promise.race([once(child.stdout, "data"), ended]);
      return out.split("\n").slice(0, count);
    },
    stop: (signal) => child.kill(signal),
    closeOutput: () => child.stdout.destroy(),
  };
}

export async function runCli(args: readonly string[], environment: CliEnvironment = {}): Promise<Ended> {
  const home = await mkdtemp(path.join(tmpdir(), "foreyard-cli-"));
  try {
    return await startCli(args, home, environment).ended;
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}
