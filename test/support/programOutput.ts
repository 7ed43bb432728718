import { execFile } from "node:child_process";

export interface OutputOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
  readonly cwd?: string;
}

/** Runs a program to its end and returns what it printed. */
export function output(command: string, args: readonly string[], options: OutputOptions = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      command,
      args,
      { ...options, encoding: "utf8", maxBuffer: 256 * 1024 * 1024, env: { ...process.env, ...options.env } },
      (error, stdout) => {
        // execFile's error holds the command, the exit code (`code`) and what was said on stderr, in its message.
        if (error instanceof Error) reject(error);
        else resolve(stdout);
      },
    );
    child.stdin?.end(options.input);
  });
}
