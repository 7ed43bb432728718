#!/usr/bin/env node
import process from "node:process";
import { runCommand } from "./runCommand.ts";
import { stderrLog } from "./stderrLog.ts";
import { processTerminal } from "./terminal.ts";

const abort = new AbortController();
const exitCodes = { SIGINT: 130, SIGTERM: 143 } as const;

for (const [signal, code] of Object.entries(exitCodes)) {
  process.on(signal, () => {
    // Who asks twice does not want to wait for connections to close.
    if (abort.signal.aborted) process.exit(code);
    abort.abort();
    process.exitCode = code;
  });
}

// `foreyard list services | head -1`: whoever reads has had enough, and that is all right.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    process.exit(0);
  });
}

const code = await runCommand(process.argv.slice(2), processTerminal(process), stderrLog(process), abort.signal);
process.exitCode = abort.signal.aborted ? (process.exitCode ?? code) : code;

// Everything is closed by now. Should a connection linger all the same, the command still ends.
setTimeout(() => process.exit(), 1000).unref();
