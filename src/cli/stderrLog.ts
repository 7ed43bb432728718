import type { Log } from "../mesh/ports.ts";
import { redact } from "../mesh/redact.ts";

/** Silent unless FOREYARD_LOG asks for "error" or "debug"; then lines on stderr, without secrets. */
export function stderrLog({ env, stderr }: NodeJS.Process): Log {
  const level = env["FOREYARD_LOG"];
  const write = (what: string, facts: unknown) => {
    stderr.write(`${redact(`${what} ${facts === undefined ? "" : JSON.stringify(facts)}`.trimEnd())}\n`);
  };
  return {
    debug: (what, facts) => level === "debug" && write(what, facts),
    info: (what, facts) => level === "debug" && write(what, facts),
    error(what, error, facts) {
      if (level === "debug" || level === "error") write(`${what}: ${textOf(error)}`, facts);
    },
  };
}

function textOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
