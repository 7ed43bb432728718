import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { eventually } from "./eventually.ts";

export interface ProgramOptions {
  readonly command: string;
  readonly args: readonly string[];
  /** Where its output goes; appended to. */
  readonly logFile: string;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** A server or build that a test has started. */
export interface Program {
  readonly pid: number;
  readonly logFile: string;
  /** Resolves when the process is gone, with its exit code, or with undefined where a signal ended it. */
  readonly exited: Promise<number | undefined>;
  readonly isRunning: () => boolean;
  /** Waits until `check` gives true; a check that throws counts as not yet. Fails at once if the process ends. */
  readonly ready: (check: () => Promise<boolean>) => Promise<void>;
  /** SIGKILL by default; resolves when the process is gone. */
  readonly end: (signal?: NodeJS.Signals) => Promise<void>;
}

/**
 * Starts a program that ends with this process, however this process ends: it stands in for a shell whose background
 * half reads a pipe that only this process holds open, and which the kernel closes with it.
 */
export function startProgram({ command, args, logFile, cwd, env }: ProgramOptions): Program {
  const log = openSync(logFile, "a");
  const script = 'exec 3<&0; { cat <&3 >/dev/null; kill -9 $$ 2>/dev/null; } & exec "$@" </dev/null 3<&-';
  const child = spawn("/bin/sh", ["-c", script, "sh", command, ...args], {
    stdio: ["pipe", log, log],
    env: { ...process.env, ...env },
    ...(cwd === undefined ? {} : { cwd }),
  });
  closeSync(log);
  const exited = new Promise<number | undefined>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => resolve(code ?? undefined));
  });
  exited.catch(() => undefined); // told by whoever waits for it
  // A test that forgot to stop its servers must end all the same, and they with it.
  child.unref();
  const isRunning = () => child.exitCode === null && child.signalCode === null;
  return {
    pid: child.pid ?? 0,
    logFile,
    exited,
    isRunning,
    ready: async (check) => {
      const asked = async () => !isRunning() || (await check().catch(() => false));
      await eventually(`${command} ${args[0] ?? ""} is ready`, asked, { seconds: 60, everyMs: 50 }).catch(
        (error: unknown) => {
          throw new Error(`It did not become ready; its last words:\n${lastLines(logFile)}`, { cause: error });
        },
      );
      if (!isRunning()) throw new Error(`${command} ${args[0] ?? ""} ended; its last words:\n${lastLines(logFile)}`);
    },
    end: async (signal = "SIGKILL") => {
      child.ref();
      child.kill(signal);
      await exited;
    },
  };
}

/** The end of a log, for an error message. */
export function lastLines(file: string, count = 20): string {
  return readFileSync(file, "utf8").trimEnd().split("\n").slice(-count).join("\n");
}
